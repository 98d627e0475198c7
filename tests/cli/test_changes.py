"""`friction changes` as people type it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DAYS = [f"2026-01-{day:02},{(20 if day < 20 else 60) + day % 3}" for day in range(1, 32)]
Run = Callable[..., Any]


@pytest.fixture
def series(tmp_path: Path) -> str:
    path = tmp_path / "speed.csv"
    path.write_text("\n".join(["day,seconds", *DAYS]) + "\n", encoding="utf-8")
    return str(path)


def test_a_change_is_printed_with_its_day(friction: Run, series: str) -> None:
    told = friction("changes", series, "--quiet", "--lang", "en")

    assert told.code == 0
    assert told.out.startswith("1 change.")
    assert "20 Jan 2026" in told.out
    assert "rise" in told.out


def test_a_change_is_told_in_french(friction: Run, series: str) -> None:
    told = friction("changes", series, "--quiet", "--lang", "fr")

    assert told.out.startswith("1 changement.")
    assert "hausse" in told.out


def test_programs_get_json(friction: Run, series: str) -> None:
    told = json.loads(friction("changes", series, "--quiet", "--format", "json").out)

    assert told["kind"] == "value"
    assert [change["start"] for change in told["changes"]] == ["2026-01-20T00:00:00Z"]


def test_a_table_of_something_else_is_refused_with_the_way_to_say_it(friction: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,age,town\nAda,36,London\nEve,40,Rome\n", encoding="utf-8")

    told = friction("changes", str(tmp_path / "people.csv"), "--quiet", "--lang", "fr")

    assert told.code == 3
    assert "--mapping" in told.err
    assert "input.not_a_series" in told.err
