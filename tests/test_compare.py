"""Two reports side by side."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from friction.compare import Difference, difference, exact, per_1000, sample
from friction.errors import InputError
from friction.report import Day, Impact, PageSeen, Report, TrendPoint
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


def counted(
    by_day: list[tuple[int, int]], number: int = 1, *, seen: bool = True, goal: list[int] | None = None
) -> Report:
    """A report of days with sessions on the page, and of them those that met the point (no point if none did)."""
    met = sum(k for _, k in by_day)
    days = [f"2026-01-{day:02}" for day in range(1, len(by_day) + 1)]
    trend = [TrendPoint(day, n, k) for day, (n, k) in zip(days, by_day, strict=True)]
    cost = impact(None, None, None)
    exposed = sum(n for n, _ in by_day)
    met_by = {"sessions_affected": met, "visitors_affected": met, "sessions_exposed": exposed, "trend": trend}
    whole = report(*([point(number, cost, **met_by)] if met else []))
    reached = goal or [n // 50 for n, _ in by_day]
    return dataclasses.replace(
        whole,
        days=[Day(day, n, k) for day, (n, _), k in zip(days, by_day, reached, strict=True)],
        pages=[PageSeen("/checkout/payment", exposed)] if seen else [],
        input=dataclasses.replace(whole.input, sessions=exposed),
    )


def week(rate: float, sessions: int = 500) -> list[tuple[int, int]]:
    """Days of this share, one session more or less from one to the next."""
    return [(sessions, round(rate * sessions) + day % 3 - 1 if rate else 0) for day in range(7)]


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        (week(0.1), week(0.1), "unchanged"),
        (week(0.1), week(0.105), "unchanged"),
        (week(0.1), week(0.25), "worse"),
        (week(0.1), week(0.04), "better"),
        (week(0.1), week(0.0), "fixed"),
        (week(0.0), week(0.1), "new"),
        (week(0.1, 20), week(0.1, 20), "too_little_data"),
        (week(0.0, 20), week(0.1, 20), "too_little_data"),
    ],
)
def test_a_point_is_judged_by_how_often_it_is_met(
    before: list[tuple[int, int]], now: list[tuple[int, int]], state: str
) -> None:
    assert states(difference(counted(before), counted(now))) == {"1": state}


def test_days_that_differ_for_reasons_of_their_own_make_a_change_less_sure() -> None:
    calm, wild = week(0.1), [(500, k) for k in (5, 110, 20, 95, 30, 80, 10)]

    (steady,) = difference(counted(calm), counted(week(0.15))).changes
    (restless,) = difference(counted(wild), counted([(500, 3 * k // 2) for _, k in wild])).changes

    assert steady.state == "worse"
    assert restless.state == "too_little_data"


def test_a_page_that_nobody_saw_any_more_says_nothing_of_its_points() -> None:
    assert states(difference(counted(week(0.1)), counted(week(0.0), seen=False))) == {"1": "gone"}
    assert states(difference(counted(week(0.0), seen=False), counted(week(0.1)))) == {"1": "new"}


def test_costs_are_told_by_sessions_of_people_and_not_of_machines() -> None:
    found = counted(week(0.1))
    whole = dataclasses.replace(found, input=dataclasses.replace(found.input, sessions=35_000))

    assert per_1000(point(1, impact(35, 7, 70)), whole) == (10, 2, 20)


@pytest.mark.parametrize(
    ("now", "state"),
    [(impact(41, 22, 63), "unchanged"), (impact(400, 300, 500), "worse"), (impact(0, -10, 5), "better")],
)
def test_a_point_met_as_often_changes_when_it_clearly_costs_more_or_less(now: Impact, state: str) -> None:
    assert states(difference(report(point()), report(point(cost=now)))) == {"1": state}


def test_twice_the_sessions_and_twice_the_cost_is_no_change() -> None:
    later = report(point(cost=impact(82, 44, 126)))
    later = dataclasses.replace(
        later, input=dataclasses.replace(later.input, sessions=2 * later.input.sessions)
    )

    assert states(difference(report(point()), later)) == {"1": "unchanged"}


@pytest.mark.parametrize(
    ("reached", "wild", "verdict"),
    [(1000, 1, "unchanged"), (1400, 1, "better"), (600, 1, "worse"), (1100, 200, "too_little_data")],
)
def test_the_goal_is_judged_by_days_as_well(reached: int, wild: int, verdict: str) -> None:
    before = counted(week(0.1, 5_000), goal=[1_000 + day for day in range(7)])
    after = counted(week(0.1, 5_000), goal=[reached + wild * (day % 3 - 1) for day in range(7)])
    found = difference(before, after).goal

    assert found is not None
    assert found.verdict == verdict
    assert found.difference.low <= found.new - found.old <= found.difference.high


def test_variants_of_the_same_days_are_told_apart_although_the_days_differ() -> None:
    wild = [(500, k) for k in (15, 110, 30, 95, 40, 80, 20)]
    worse = [(500, round(1.6 * k)) for _, k in wild]

    (apart,) = difference(counted(wild), counted(worse)).changes
    (side_by_side,) = difference(counted(wild), counted(worse), sample(1_000, 1_010)).changes

    assert (apart.state, side_by_side.state) == ("too_little_data", "worse")


def test_visitors_who_were_not_shared_out_as_meant_are_remarked() -> None:
    assert sample(1_000, 1_040).fits
    assert not sample(1_000, 1_200).fits
    assert sample(1_000, 3_000, share=0.75).fits
    assert sample(0, 0).p_value is None
    assert "sample_ratio" in difference(report(point()), report(point()), sample(1_000, 1_200)).remarks


def test_the_placebo_sets_the_halves_of_the_old_period_against_each_other() -> None:
    quiet = difference(counted(week(0.1) * 2), counted(week(0.1) * 2)).placebo
    drifting = difference(counted([*week(0.1), *week(0.3)]), counted(week(0.3) * 2)).placebo

    assert quiet is not None
    assert (quiet.days, quiet.points, quiet.changed) == (14, 1, 0)
    assert drifting is not None
    assert drifting.changed == 1
    assert difference(counted(week(0.1)), counted(week(0.1))).placebo is None


def test_other_goals_settings_and_versions_are_remarked() -> None:
    other = report(point(), goal=None, settings={"a": 1}, friction_version="9")

    assert difference(report(point()), other).remarks[:3] == [
        "goals_differ",
        "settings_differ",
        "versions_differ",
    ]


def test_a_point_after_which_nearly_everyone_leaves_now_is_not_fixed() -> None:
    now = dataclasses.replace(point(), rank=None, reason="marker")
    found = difference(report(point()), dataclasses.replace(report(), aside=[now]))

    assert [(each.state, each.new) for each in found.changes] == [("unchanged", now)]


def between(start: str, end: str, *points: Any) -> Report:
    """A report of this period."""
    found = report(*points)
    return dataclasses.replace(found, input=dataclasses.replace(found.input, start=start, end=end))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30"), []),
        (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31"), ["later_first"]),
        (("2026-10-01", "2026-10-31"), ("2026-10-20", "2026-11-19"), ["periods_overlap"]),
        (("2026-10-01", "2026-10-31"), ("2026-10-01", "2026-10-31"), ["same_report"]),
    ],
)
def test_periods_that_are_no_before_and_after_are_remarked(
    old: tuple[str, str], new: tuple[str, str], said: list[str]
) -> None:
    assert difference(between(*old, point()), between(*new, point())).remarks == said


def test_the_same_events_in_two_reports_are_remarked() -> None:
    once = between("2026-10-01", "2026-10-31", point())

    assert difference(once, dataclasses.replace(once, points=[])).remarks == ["same_events"]
