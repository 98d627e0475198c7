"""`friction demo`: both samples are analysed, the list is shown, the report is written and its place is said."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from friction.cli import demo
from friction.report import Report
from tests.cli.conftest import Run
from tests.pace import slower
from tests.reports import point, report

WRITTEN = demo.FILE.name
Answering = Callable[[Report], Path]


def test_both_samples_are_analysed_and_reported_within_ten_seconds(tmp_path: Path) -> None:
    # Seconds of computing: how long one waits depends on what else the machine does.
    most = 10 * slower()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = (sys.executable, "-m", "friction", "demo", "-o", WRITTEN, "-o", "report.json")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    read = json.loads((tmp_path / "report.json").read_bytes())
    sources = [file["source"] for file in read["input"]["files"]]

    assert done.returncode == 0
    assert sources.count("rrweb") == len(sources) - 1 > 50
    assert {file["name"].rpartition("/")[0] for file in read["input"]["files"]} == {
        "shop",
        "recorded/recordings",
    }
    assert read["goal"]["conversions"] > 570
    assert (tmp_path / WRITTEN).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < most


def test_the_list_is_shown_and_the_report_written_where_it_is_said(
    friction: Run, answering: Answering, tmp_path: Path
) -> None:
    answering(report(point()))
    outcome = friction("demo")

    assert (outcome.code, "Friction point" in outcome.out) == (0, True)
    assert f"the report is in {WRITTEN}" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == [WRITTEN]


def test_with_o_the_report_is_where_it_was_wanted_and_nowhere_else(
    friction: Run, answering: Answering, tmp_path: Path
) -> None:
    answering(report(point()))
    outcome = friction("demo", "-o", "mine.csv", "-o", "mine.json")

    assert outcome.code == 0
    assert "the report is in mine.csv" in outcome.err
    assert {path.name for path in tmp_path.iterdir()} == {"mine.csv", "mine.json"}


def test_a_program_that_reads_the_report_gets_no_file_besides(
    friction: Run, answering: Answering, tmp_path: Path
) -> None:
    answering(report(point()))
    outcome = friction("demo", "--format", "json")

    assert json.loads(outcome.out)["points"]
    assert list(tmp_path.iterdir()) == []


def test_the_list_is_shown_where_nothing_can_be_written(
    friction: Run, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(report(point()))
    monkeypatch.setattr(demo, "FILE", Path("nowhere", WRITTEN))
    outcome = friction("demo")

    assert (outcome.code, "Friction point" in outcome.out) == (0, True)
    assert f"{WRITTEN} cannot be written" in outcome.err
