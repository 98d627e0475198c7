"""A tool's verdicts beside our own: clicks, sessions, both, and the share that both name."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from friction import scan
from friction.config import Settings
from friction.report import Report
from friction.tallies import Marks
from tests.exports import analysed, row, written

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "fullstory"
TRUE = {"1", "true", "TRUE"}
FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"


def found(report: Report, mark: str) -> Marks:
    (one,) = (each for each in report.marks if each.mark == mark)
    return one


def errors(marked: int, followed: int, both: int) -> list[dict[str, Any]]:
    """Sessions of one click each: so many marked by the tool, so many followed by an error, so many both."""
    rows = []
    for number in range(marked + followed - both + 20):
        name, at = f"s{number}", 4000.0 * number
        is_marked = number < marked
        has_error = marked - both <= number < marked + followed - both
        rows += [
            row(name, at, "page_view", "/pay"),
            row(name, at + 5, "click", "/pay", "button#pay", v_error=is_marked),
        ]
        if has_error:
            rows.append(row(name, at + 5.2, "error", "/pay", error_message="pay is not a function"))
    return rows


def test_clicks_that_both_name_are_a_share_of_those_that_either_names(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "events.csv", errors(marked=12, followed=10, both=7)))

    error = found(report, "error")
    assert error.clicks is not None
    assert (error.clicks.judged, error.clicks.marked) == (35, 12)
    assert (error.clicks.found, error.clicks.both) == (10, 7)
    assert error.clicks.agreement == pytest.approx(7 / 15)
    assert (error.sessions.judged, error.sessions.both) == (35, 7)


def test_what_the_tool_does_not_say_is_not_judged(tmp_path: Path) -> None:
    rows = errors(marked=12, followed=10, both=7)
    for each in rows[:30]:
        each.pop("v_error", None)

    error = found(analysed(written(tmp_path / "events.csv", rows)), "error")

    assert error.clicks is not None
    assert error.clicks.judged == 35 - sum(each["event"] == "click" for each in rows[:30])


def test_marks_change_no_finding(tmp_path: Path) -> None:
    rows = errors(marked=12, followed=10, both=7)
    bare = [{key: value for key, value in each.items() if key != "v_error"} for each in rows]

    marked, plain = analysed(written(tmp_path / "a.csv", rows)), analysed(written(tmp_path / "a.csv", bare))

    assert plain.marks == []
    assert marked.points == plain.points


def test_a_detector_that_was_not_asked_for_finds_nothing_to_agree_on(tmp_path: Path) -> None:
    path = written(tmp_path / "events.csv", errors(marked=12, followed=10, both=7))

    error = found(analysed(path, analysis={"detectors": ["quick_back"]}), "error")

    assert error.not_assessable == "not_asked"
    assert error.clicks is not None
    assert (error.clicks.marked, error.clicks.found, error.clicks.agreement) == (12, None, None)


def test_parts_of_any_size_count_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "events.csv", errors(marked=12, followed=10, both=7))

    whole, parts = analysed(path), analysed(path, limits={"part_rows": 1})

    assert whole.marks == parts.marks


def test_verdicts_in_rows_of_their_own_are_compared_by_session() -> None:
    report = scan.analyze([FIXTURES / "openreplay" / "sessions.json"], None, Settings())

    dead = found(report, "dead")
    assert dead.clicks is None
    assert dead.sessions.marked > 0
    assert dead.source == "openreplay"


@pytest.mark.parametrize("file", ["hauser_groupByDay_1598745600.csv", "hauser_json_1598745600.json"])
def test_marks_of_real_exports_of_fullstory_stand_beside_ours(file: str) -> None:
    path = SAMPLES / file
    if not path.is_file():
        pytest.skip("the real file is not there")

    report = scan.analyze([path], None, Settings())

    dead, error = found(report, "dead"), found(report, "error")
    assert dead.clicks is not None
    assert error.clicks is not None
    if path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        clicks = [each for each in rows if each["EventType"] == "click"]
        assert error.clicks.judged == len(clicks)
        assert error.clicks.marked == sum(each["EventModError"] in TRUE for each in clicks)
        assert dead.clicks.marked == sum(each["EventModDead"] in TRUE for each in clicks)
    assert dead.not_assessable == "needs has_dom_reaction"
    # What the file calls `custom_error` stands beside the same event as `custom`, where the page counts no error.
    assert error.not_assessable == "needs has_errors|has_requests"
    assert (error.sessions.marked, error.sessions.agreement) == (1, None)
