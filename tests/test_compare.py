"""Two reports side by side."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from friction.compare import Difference, difference, exact
from friction.errors import InputError
from friction.report import Impact, Report
from tests.reports import impact, point, report


def changed(path: list[Any], value: Any) -> bytes:
    """The report with one member replaced."""
    tree = json.loads(report(point()).to_json())
    place = tree
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(tree).encode()


def test_a_report_is_the_same_as_itself() -> None:
    assert exact(report(point()).to_json(), report(point()).to_json()) == []


@pytest.mark.parametrize(
    "path",
    [
        ["input", "files", 0, "name"],
        ["input", "files"],
        ["input", "rejects", 0, "line"],
        ["points", 0, "evidence", 0, "file"],
        ["points", 0, "evidence", 0, "rows", 1],
        ["points", 0, "evidence", 0, "more"],
        ["points", 0, "evidence", 0, "line"],
    ],
)
def test_names_of_positions_may_differ(path: list[Any]) -> None:
    assert exact(report(point()).to_json(), changed(path, 99)) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (["input", "rows_total"], "input.rows_total"),
        (["points", 0, "impact", "estimate"], "points[0].impact.estimate"),
        (["points", 0, "evidence", 0, "session_id"], "points[0].evidence[0].session_id"),
        (["points", 0, "evidence", 0, "detail", "rows"], "points[0].evidence[0].detail.rows"),
        (["points", 0, "facts", "file"], "points[0].facts.file"),
        (["points"], "points"),
        (["extra"], "extra"),
    ],
)
def test_any_other_difference_is_named_by_its_path(path: list[Any], said: str) -> None:
    assert exact(report(point()).to_json(), changed(path, 99)) == [said]


def test_a_missing_point_and_a_whole_number_made_a_fraction_are_differences() -> None:
    assert exact(report(point(1), point(2)).to_json(), report(point(1)).to_json()) == ["points[1]"]
    assert exact(b'{"a": 1}', b'{"a": 1.0}') == ["a"]
    assert exact(b'{"a": null}', b"{}") == ["a"]


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(InputError, match="not a report"):
        exact(b"a,b\n1,2", b"{}")


def states(found: Difference) -> dict[str, str]:
    return {change.id[-1]: change.state for change in found.changes}


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (impact(41, 22, 63), "same"),
        (impact(90, 64, 110), "worse"),
        (impact(80, 60, 110), "same"),
        (impact(10, 1, 21), "better"),
        (impact(None, None, None), "unknown"),
        (impact(41, 22, 63, metric="extra_exits"), "unknown"),
    ],
)
def test_a_point_changes_when_the_intervals_part(now: Impact, state: str) -> None:
    assert states(difference(report(point()), report(point(cost=now)))) == {"1": state}


def test_a_point_in_one_report_only_is_new_or_gone() -> None:
    assert states(difference(report(point(1)), report(point(2)))) == {"2": "new", "1": "gone"}


def twice_the_sessions(of: Report) -> Report:
    return dataclasses.replace(of, input=dataclasses.replace(of.input, sessions=2 * of.input.sessions))


def test_twice_the_sessions_and_twice_the_cost_is_no_change() -> None:
    later = twice_the_sessions(report(point(cost=impact(82, 44, 126))))

    assert states(difference(report(point()), later)) == {"1": "same"}


def test_other_goals_settings_and_versions_are_remarked() -> None:
    other = report(point(), goal=None, settings={"a": 1}, friction_version="9")

    assert len(difference(report(point()), other).remarks) == 3
