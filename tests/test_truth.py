"""Made-up shops whose frictions are known: are they found, in the order of what they truly cost, and nothing else?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.config import Settings
from friction.report import Point, Report
from friction.testing.shop import build
from friction.testing.shop.frictions import POINTS
from tests.exports import analysed, goal

SEEDS = (1, 2, 3)
SESSIONS, MANY = 20_000, 100
TAU = 0.6
"""Agreement of the two orders that must be reached over points with `MANY` sessions (Kendall's tau)."""

PLAYFUL = frozenset(each.name for each in POINTS if each.answers)
"""What is clicked again and again because it answers: no friction, though it has the shape of one."""

Truth = dict[str, Any]
Place = tuple[str, str, str | None]


@dataclass(frozen=True)
class Analysed:
    """A shop's truth and the report on it."""

    seed: int
    truth: Truth
    report: Report
    export: Path

    @property
    def found(self) -> dict[Place, Point]:
        return {(point.detector, point.page, point.target): point for point in self.report.points}

    @property
    def planted(self) -> list[Truth]:
        """Planted points by what they truly cost, but for those whose every click is answered."""
        costly = [each for each in self.truth["points"] if each["name"] not in PLAYFUL]
        return sorted(costly, key=lambda each: -each["lost_conversions"])


def place(planted: Truth) -> Place:
    return planted["detector"], planted["page"], planted["target"]


@pytest.fixture(scope="module", params=SEEDS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    made = build(SESSIONS, request.param)
    path = tmp_path_factory.mktemp("truth") / "shop.parquet"
    made.events.write_parquet(path)
    return Analysed(request.param, made.truth, analysed(path, goals=goal(made.truth["goal"])), path)


def kendall(one: list[float], other: list[float]) -> float:
    """Kendall's tau-b: pairs in agreement less pairs against, ties in either order taken out."""
    agree = ties_one = ties_other = 0
    for later in range(len(one)):
        for earlier in range(later):
            apart, beyond = one[later] - one[earlier], other[later] - other[earlier]
            agree += (apart * beyond > 0) - (apart * beyond < 0)
            ties_one, ties_other = ties_one + (apart == 0), ties_other + (beyond == 0)
    pairs = len(one) * (len(one) - 1) // 2
    return agree / float(((pairs - ties_one) * (pairs - ties_other)) ** 0.5)


def test_kendalls_tau_is_the_one_worked_out_by_hand() -> None:
    # Of six pairs five agree and one does not; with a tie in one order five remain there.
    assert kendall([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(4 / 6)
    assert kendall([1, 1, 3, 4], [1, 2, 3, 4]) == pytest.approx(5 / 30**0.5)


def test_the_order_of_the_report_agrees_with_the_truth(
    shop: Analysed, capsys: pytest.CaptureFixture[str]
) -> None:
    judged = [each for each in shop.planted if each["sessions"] >= MANY]
    points = [shop.found.get(place(each)) for each in judged]
    costs = [point.impact.estimate or 0.0 if point else 0.0 for point in points]
    tau = kendall([each["lost_conversions"] for each in judged], costs)
    with capsys.disabled():
        print(f"\nseed {shop.seed}: tau {tau:.3f} over {len(judged)} planted points, {SESSIONS} sessions")
        for each, point in zip(judged, points, strict=True):
            print(line(each, point))

    assert tau >= TAU


def line(planted: Truth, point: Point | None) -> str:
    """One planted point: its true loss, its rank and what the report says it costs."""
    said = "not found"
    if point and point.impact.estimate is not None:
        impact = point.impact
        said = f"#{point.rank:<3} {impact.estimate:7.1f} ({impact.low:.1f} to {impact.high:.1f}) {impact.confidence}"
    return f"  {planted['name'][:40]:40} {planted['sessions']:5} {planted['lost_conversions']:7.1f}  {said}"


def test_what_truly_costs_most_is_the_top_of_the_list(shop: Analysed) -> None:
    worst = {place(each) for each in shop.planted[:4]}
    top = {(point.detector, point.page, point.target) for point in shop.report.points[:6]}

    assert worst <= top


def test_every_planted_point_with_many_sessions_is_found(shop: Analysed) -> None:
    missing = [
        each["name"] for each in shop.planted if each["sessions"] >= MANY and place(each) not in shop.found
    ]

    assert missing == []


def test_what_answers_every_click_is_set_aside_for_that(shop: Analysed) -> None:
    playful = {place(each) for each in shop.truth["points"] if each["name"] in PLAYFUL}
    aside = {
        (each.detector, each.page, each.target): each
        for each in shop.report.suppressed
        if each.reason == "answered"
    }

    assert playful
    assert playful <= set(aside)
    assert not playful & {where for where, point in shop.found.items() if point.sessions_affected >= MANY}


def test_nothing_that_was_not_planted_costs_anything_for_sure(shop: Analysed) -> None:
    planted = {place(each) for each in shop.planted}
    others = [point for where, point in shop.found.items() if where not in planted]

    assert [(p.detector, p.page, p.target) for p in others if p.impact.confidence != "low"] == []


def test_planted_points_without_harm_are_not_called_costly(shop: Analysed) -> None:
    harmless = [shop.found[place(each)] for each in shop.planted if each["lost_conversions"] == 0]

    assert len(harmless) >= 3
    assert sum(point.impact.confidence != "low" for point in harmless) <= 1


def test_intervals_hold_most_of_the_true_losses(shop: Analysed) -> None:
    judged = [each for each in shop.planted if each["sessions"] >= MANY]
    impacts = [(each["lost_conversions"], shop.found[place(each)].impact) for each in judged]
    held = [(i.low or 0) <= loss <= (i.high or 0) for loss, i in impacts if i.estimate is not None]

    assert sum(held) >= 0.6 * len(judged)


def test_how_many_gave_up_a_form_stands_beside_its_cost(shop: Analysed) -> None:
    forms = [each for each in shop.planted if each["detector"] == "form_abandonment"]
    own = [shop.found[place(each)].score_parts["own_extra_exits"] for each in forms]

    assert len(forms) == 2
    assert sum(own) == pytest.approx(sum(each["extra_exits"] for each in forms), rel=0.35)


def test_look_alikes_are_in_no_point_that_counts(shop: Analysed) -> None:
    found = [shop.found.get(place(each)) for each in shop.truth["look_alikes"]]

    assert len(found) >= 4
    assert [point for point in found if point] == []


def test_look_alikes_that_reach_a_threshold_are_listed_with_their_reason(shop: Analysed) -> None:
    listed = {
        (suppressed.detector, suppressed.page, suppressed.target) for suppressed in shop.report.suppressed
    }
    silent = [each["name"] for each in shop.truth["look_alikes"] if place(each) not in listed]

    assert all(name.startswith("double click") for name in silent)


def test_the_incident_is_found_in_its_days_and_the_viral_day_is_none(shop: Analysed) -> None:
    windows = {point.page: point.window for point in shop.report.points if point.window}
    (incident,) = shop.truth["incidents"]
    window = windows.pop(incident["page"])

    assert windows == {}
    assert abs(day(window.start) - day(incident["start"])) <= 1
    assert abs(day(window.end or "") - day(incident["end"])) <= 1


def day(instant: str) -> int:
    """The day of the month."""
    return int(instant[8:10]) + 31 * int(instant[5:7])


def test_robots_are_found_and_counted(shop: Analysed, tmp_path: Path) -> None:
    checks = {
        check.check: check.detail["sessions"] for check in shop.report.quality if "sessions" in check.detail
    }
    raw = tmp_path / "found.parquet"
    scan.detect([shop.export], None, Settings(), ["rage_click", "dead_click"], {}, raw)

    assert checks["automated_sessions"] == len(shop.truth["bots"])
    assert set(pl.read_parquet(raw)["session_id"]) & set(shop.truth["bots"]) == set()


def test_the_goal_is_reached_as_often_as_the_truth_says(shop: Analysed) -> None:
    assert shop.report.goal is not None
    assert shop.report.goal.conversions == shop.truth["conversions"]
