"""`friction analyze`: what it asks the data process for, what it writes, how it ends."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friction.report import DetectorRun, Report
from tests.cli.conftest import Run
from tests.reports import point, report

Answering = Callable[[Report], Path]


@pytest.fixture
def export(tmp_path: Path) -> str:
    """An export; its content does not matter here."""
    (tmp_path / "events.csv").write_text("ts,session_id\n")
    return "events.csv"


def test_json_on_stdout_is_the_report_byte_for_byte(friction: Run, answering: Answering, export: str) -> None:
    answering(report(point()))

    assert friction("analyze", export, "--format", "json").out.encode() == report(point()).to_json()


def test_files_are_written_by_their_suffix(
    friction: Run, answering: Answering, export: str, tmp_path: Path
) -> None:
    answering(report(point(1), point(2)))
    friction(
        "analyze",
        export,
        "-o",
        "r.json",
        "-o",
        "points.csv",
        "--output",
        "r.txt",
        "-o",
        "r.html",
        "-o",
        "r.md",
    )

    assert (tmp_path / "r.json").read_bytes() == report(point(1), point(2)).to_json()
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "points.csv").read_text())))) == 2
    assert (tmp_path / "r.txt").read_text().startswith("2 points clearly cost conversions.")
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# 2 points clearly cost")
    written = ["events.csv", "points.csv", "r.html", "r.json", "r.md", "r.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == written


def test_the_plan_holds_what_was_asked(
    friction: Run, answering: Answering, export: str, tmp_path: Path
) -> None:
    plan_file = answering(report(point()))
    (tmp_path / "m.toml").write_text('ts = "event time"')
    words = "--goal event=purchase --goal page=/thanks --detector rage_click"
    words += " --since 2026-10-01 --until 2026-10-31 --top 3 --tz Europe/Paris --threads 1"
    words += " --memory-limit 2GB --mapping m.toml --rejects rejects.csv"
    friction("analyse", export, *words.split())
    plan = json.loads(plan_file.read_text())

    assert (plan["command"], plan["names"], plan["inputs"]) == ("analyze", [export], [str(tmp_path / export)])
    assert plan["rejects"] == str(tmp_path / "rejects.csv")
    settings = plan["settings"]
    assert [goal["when"] for goal in settings["goals"].values()] == ["event=purchase", "page=/thanks"]
    assert settings["analysis"] == {
        "detectors": ["rage_click"],
        "journey": False,
        "preset": None,
        "since": "2026-10-01",
        "until": "2026-10-31",
        "top": 3,
    }
    assert (settings["time"]["zone"], settings["mapping"]) == ("Europe/Paris", {"ts": "event time"})
    limits = settings["limits"]
    assert (limits["memory"], limits["threads"], limits["reject_share"]) == (2_000_000_000, 1, 0.05)


def test_the_table_shows_as_many_points_as_asked_for(
    friction: Run, answering: Answering, export: str
) -> None:
    answering(report(*(point(i) for i in range(1, 6))))

    assert "2 of 5 shown" in friction("analyze", export, "--top", "2").out


def rejecting(rows: int) -> Report:
    whole = report(point())
    books = dataclasses.replace(whole.input, rows_rejected=rows, rows_accepted=1000 - rows)
    return dataclasses.replace(whole, input=books)


FAILED = DetectorRun("rage_click", None, {}, "failed", "ValueError", 0)


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (report(point()), 0, ""),
        (rejecting(50), 0, ""),
        (
            rejecting(51),
            4,
            "5.1\N{NO-BREAK SPACE}% of the records were set aside (limit 5\N{NO-BREAK SPACE}%)",
        ),
        (report(point(), detectors=[FAILED]), 4, "failed: rage_click"),
    ],
)
def test_a_partial_report_is_written_and_ends_with_4(
    friction: Run, answering: Answering, export: str, answer: Report, code: int, says: str
) -> None:
    answering(answer)
    outcome = friction("analyze", export, "--format", "json")

    assert outcome.code == code
    assert outcome.out.encode() == answer.to_json()
    assert says in outcome.err


def test_quiet_keeps_remarks_to_itself_and_the_code(friction: Run, answering: Answering, export: str) -> None:
    answering(rejecting(500))
    outcome = friction("analyze", export, "--quiet")

    assert (outcome.code, outcome.err) == (4, "")


def test_the_configuration_moves_the_limit(
    friction: Run, answering: Answering, export: str, tmp_path: Path
) -> None:
    answering(rejecting(500))
    (tmp_path / "friction.toml").write_text("[limits]\nreject_share = 0.6\n")

    assert friction("analyze", export).code == 0


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """A report as a file."""

    def write(name: str, *points: Any, **more: Any) -> str:
        (tmp_path / name).write_bytes(report(*points, **more).to_json())
        return name

    return write


def test_equal_reports_are_equal_and_others_say_where(friction: Run, written: Callable[..., str]) -> None:
    old, new = written("old.json", point()), written("new.json", point(severity=0.9))

    assert friction("compare", "--exact", old, old).code == 0
    outcome = friction("compare", "--exact", old, new)
    assert (outcome.code, outcome.out) == (1, "points[0].severity\n")
    answer = json.loads(friction("compare", "--exact", old, new, "--format", "json").out)
    assert answer == {"same": False, "differing": ["points[0].severity"]}


def test_a_comparison_counts_what_changed(friction: Run, written: Callable[..., str]) -> None:
    old, new = written("old.json", point(1), point(2)), written("new.json", point(2), point(3), goal=None)
    outcome = friction("compare", old, new)

    assert outcome.code == 0
    assert outcome.out.startswith("1 new, 1 gone, 1 unchanged.\nMind: the goals differ")


@pytest.mark.parametrize("word", ["2", "0000000000000002"])
def test_a_point_is_explained_by_rank_or_id(friction: Run, written: Callable[..., str], word: str) -> None:
    outcome = friction("explain", written("r.json", point(1), point(2)), word)

    assert outcome.out.startswith("“Pay now” is clicked again and again\nRank 2 of 2:")
    assert "october.csv rows 48113, 48114, 48116; november.csv row 2" in " ".join(outcome.out.split())
    assert "button.plus: 88 findings (stepper)" in outcome.out


@pytest.mark.parametrize(("word", "says"), [("9", "ranks go from 1 to 2"), ("00", "give more of the id")])
def test_a_point_that_is_not_one_is_refused(
    friction: Run, written: Callable[..., str], word: str, says: str
) -> None:
    outcome = friction("explain", written("r.json", point(1), point(2)), word)

    assert outcome.code == 2
    assert says in outcome.err


def test_what_is_no_report_is_refused(friction: Run, export: str) -> None:
    assert friction("explain", export, "1").code == 3
