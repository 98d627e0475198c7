"""Geometry of the small marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from friction.i18n import ENGLISH
from friction.render.html.marks import buckets, lifts, merged, spark, steady, strip, wilson
from friction.render.html.phrases import Phrases
from friction.render.html.scale import scale
from friction.report import Around, TrendPoint
from tests.render.samples import AROUND, SEGMENTS, days, shown
from tests.reports import impact, point

SAY = Phrases(ENGLISH, "UTC", None)


def test_one_scale_holds_every_interval_zero_and_near_naive_figures() -> None:
    found = scale([impact(41, 22, 63, naive=80), impact(5, -2, 9, naive=-900)])

    assert (found.low, found.high) == (-2, 80)
    assert not found.holds(-900)
    assert [found.at(value) for value in (-900, -2, 80, 81)] == ["3.00", "3.00", "97.00", "97.00"]
    assert 0 in found.ticks


def test_a_scale_without_any_cost_still_has_a_width() -> None:
    assert scale([]).at(0) == "3.00"
    assert scale([impact(0.0, 0.0, 0.0)]).ticks


def test_days_on_which_nobody_came_keep_their_place() -> None:
    trend = [TrendPoint("2026-10-01", 9, 1), TrendPoint("2026-10-03", 9, 2), TrendPoint("2026-10-04", 9, 3)]

    assert [day.exposed for day in buckets(trend)] == [9, 0, 9, 9]
    assert buckets(trend, 2) == [TrendPoint("2026-10-01", 9, 1), TrendPoint("2026-10-03", 18, 5)]


def test_a_last_bucket_that_is_not_full_is_left_out() -> None:
    assert len(buckets(days(15), 7)) == 2


def test_thin_days_are_added_up_until_a_share_can_be_read() -> None:
    thin = [replace(day, exposed=5) for day in days(92)]

    assert (steady(days(30)), steady(thin)) == (1, 14)


def test_a_line_of_two_days_is_none() -> None:
    assert spark(days(2)) == ""
    assert spark(days(30)).startswith("0.0,")


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(0, 0, 0, 1), (0, 10, 0, 0.278), (10, 10, 0.722, 1), (50, 100, 0.404, 0.596)]
)
def test_intervals_of_shares_are_those_of_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-4)


def test_a_lift_stands_between_its_ends_right_of_one() -> None:
    for found in lifts(point(segments=SEGMENTS)):
        one, low, at, high = map(float, found.at)
        assert low <= at <= high
        assert one < at


def test_a_strip_has_a_lane_for_what_happened_and_marks_inside_its_box() -> None:
    drawn = strip(shown(), "/checkout/payment", 800, SAY)
    assert drawn

    assert [word for word, _ in drawn.lanes] == ["Input", "Clicks", "Scrolling", "Requests", "Page"]
    assert all(100 <= float(mark.x) <= 870 for mark in drawn.marks)
    assert [mark.label for mark in drawn.marks if mark.shape == "dot"] == ["", "", "", "", "“Pay now”"]
    assert sum(mark.inside for mark in drawn.marks if mark.shape == "dot") == 5


def test_nothing_known_is_no_strip() -> None:
    assert strip(replace(shown(), around=[]), "/pay", 800, SAY) is None


def test_the_list_of_a_strip_counts_what_is_the_same() -> None:
    counts = [(each.kind, each.count) for each in merged(AROUND)]

    assert counts[:4] == [("input", 3), ("invalid", 1), ("click", 5), ("scroll", 4)]
    assert merged([Around(0, 0, "click", "a", 1, 1), Around(9, 0, "click", "b", 1, 2)])[1].what == "b"
