"""What was guessed can be written down, corrected and given back."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from friction.cli import main

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def test_the_written_mapping_gives_the_same_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, mapping = FIXTURES / "generic" / "shop.csv", tmp_path / "columns.toml"

    assert run("inspect", export, "--write-mapping", mapping, "--format", "json") == 0
    first = json.loads(capsys.readouterr().out)
    assert run("inspect", export, "--mapping", mapping, "--format", "json") == 0
    again = json.loads(capsys.readouterr().out)

    assert tomllib.loads(mapping.read_text(encoding="utf-8"))
    assert again["events"] == first["events"]
    assert again["files"][0]["facts"]["columns"] == first["files"][0]["facts"]["columns"]


def test_of_a_known_export_every_line_is_a_remark(tmp_path: Path) -> None:
    mapping = tmp_path / "columns.toml"

    assert run("inspect", FIXTURES / "heap" / "events.csv", "--write-mapping", mapping, "--quiet") == 0

    text = mapping.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    assert '# session_id = "session_id"' in text


def test_one_mapping_is_for_one_file(tmp_path: Path) -> None:
    exports = [FIXTURES / "generic" / "shop.csv", FIXTURES / "generic" / "tracked.jsonl"]

    assert run("inspect", *exports, "--write-mapping", tmp_path / "columns.toml") == 2


def test_a_day_and_its_time_of_day_are_two_lines_of_the_mapping(tmp_path: Path) -> None:
    export, mapping = tmp_path / "export.csv", tmp_path / "columns.toml"
    rows = [f"s1,2026-03-25,09:00:{second:02},/a" for second in range(5)]
    export.write_text("\n".join(["session_id,date,time,url", *rows, ""]), encoding="utf-8")

    assert run("inspect", export, "--write-mapping", mapping, "--quiet") == 0

    said = tomllib.loads(mapping.read_text(encoding="utf-8"))
    assert (said["ts"], said["clock"]) == ("date", "time")
    assert run("inspect", export, "--mapping", mapping, "--quiet") == 0
