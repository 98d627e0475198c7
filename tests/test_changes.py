"""Series in a file: their columns are found, their changes told at the right time, and wrong ones refused by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from friction.changes import changes
from friction.errors import InputError
from friction.limits import DEFAULT
from tests.series.simulated import Planted, World, simulate

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def found(path: Path, lines: list[str], **mapping: str) -> dict[str, Any]:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changes(path, path.name, mapping, None, DEFAULT)


def hours(n: np.ndarray, k: np.ndarray) -> list[str]:
    return [
        f"{(BEGIN + timedelta(hours=at)).isoformat()},{views},{exits}"
        for at, (views, exits) in enumerate(zip(n, k, strict=True))
    ]


def test_a_rate_that_rose_is_told_with_its_hour(tmp_path: Path) -> None:
    n, k = simulate(World(n=50), 11, Planted(700, 96, 2.0))

    told = found(tmp_path / "a.csv", ["time,n,k", *hours(n, k)])

    (change,) = told["changes"]
    start = datetime.fromisoformat(change["start"])
    assert told["kind"] == "rate"
    assert change["kind"] == "spike"
    assert abs(start - BEGIN - timedelta(hours=700)) <= timedelta(hours=6)


def test_columns_are_known_by_the_names_people_use(tmp_path: Path) -> None:
    n, k = simulate(World(n=20), 1)

    told = found(
        tmp_path / "a.csv", ["Date;Sessions;Exits", *(line.replace(",", ";") for line in hours(n, k))]
    )

    assert told["columns"] == {"time": "Date", "n": "Sessions", "k": "Exits"}
    assert told["changes"] == []


def test_a_value_that_jumped_is_told_with_its_day(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).normal(2_000, 50, 60)
    noise[40:] += 900
    days = [f"{(BEGIN + timedelta(days=at)).date()},{value:.1f}" for at, value in enumerate(noise)]

    told = found(tmp_path / "a.csv", ["day,load time", *days, "2026-03-20,not measured"])

    (change,) = told["changes"]
    assert told["rejected"] == 1
    assert change["start"] == "2026-02-10T00:00:00Z"
    assert change["kind"] == "rise"
    assert change["mean_after"] - change["mean_before"] == pytest.approx(900, rel=0.1)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["time,a,b", "2026-01-01,1,2"], "input.not_a_series"),
        (["n,k", "3,4"], "input.not_a_series"),
        (["time,n,k", "2026-01-01T00:00:00Z,3,4", *["2026-01-01T01:00:00Z,3,1"] * 9], "input.not_a_series"),
        (["time,value", "2026-01-01,x"], "input.no_usable_rows"),
    ],
)
def test_what_is_no_series_is_refused_by_name(lines: list[str], code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        found(tmp_path / "a.csv", lines)

    assert caught.value.problem.code == code
    assert caught.value.problem.remedy


def test_a_mapping_says_which_columns(tmp_path: Path) -> None:
    lines = ["when,x,y", *(f"2026-01-{day:02},{day},{day % 3}" for day in range(1, 30))]

    told = found(tmp_path / "a.csv", lines, time="when", value="y")

    assert told["columns"] == {"time": "when", "value": "y"}
