"""Answers, tickets and people on the command line: what a file is, its table as Parquet, who somebody is."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from friction.cli import main
from tests.voices.world import made, written


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(made(people=12), tmp_path_factory.mktemp("world"))


def test_tickets_are_named_as_tickets(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(files["tickets"]), "--quiet"]) == 0

    said = capsys.readouterr().out

    assert "zendesk" in said
    assert "calls for help" in said


def test_a_table_of_answers_is_written_masked(files: dict[str, Path], tmp_path: Path) -> None:
    table = tmp_path / "answers.parquet"

    assert main(["convert", str(files["nps"]), "--table", "feedback", "-o", str(table), "--quiet"]) == 0

    rows = pl.read_parquet(table)
    assert rows.height == len(files["nps"].read_text(encoding="utf-8").splitlines()) - 1
    assert "@" not in rows.drop("tags").write_csv()


def test_who_somebody_is_is_told_with_what_says_so(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(path) for path in files.values()]

    assert main(["inspect", *paths, "--who", "dev-4-a", "--format", "json", "--quiet"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["is_joined"]
    assert sorted(each["kind"] for each in told["ids"]) == ["email", "user", "visitor", "visitor"]
    assert {each["rule"] for each in told["links"]} == {"login", "customers"}
    assert "dev-4-a" not in json.dumps(told)


def test_a_shared_device_is_said_to_be_one(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(files["events"]), "--who", "dev-family", "--quiet"]) == 0

    assert "several people" in capsys.readouterr().out
