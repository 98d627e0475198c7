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
from tests.reports import point, report

WRITTEN = demo.FILE.name
Answering = Callable[[Report], Path]


def test_the_demo_analyses_both_samples_writes_the_report_and_takes_at_most_ten_seconds(
    tmp_path: Path,
) -> None:
    # Seconds of computing: how long one waits depends on what else the machine does.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = (sys.executable, "-m", "friction", "demo")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    written = json.loads((tmp_path / WRITTEN).with_suffix(".json").read_bytes())
    sources = [file["source"] for file in written["input"]["files"]]
    names = {file["name"].rpartition("/")[0] for file in written["input"]["files"]}

    assert (done.returncode, "Friction point" in done.stdout) == (0, True)
    assert f"the report is in {WRITTEN}" in done.stderr
    assert sources.count("rrweb") == len(sources) - 1 > 50
    assert names == {"shop", "recorded/recordings"}
    assert written["goal"]["conversions"] > 570
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10


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
