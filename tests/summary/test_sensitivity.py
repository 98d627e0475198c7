"""What would change the order of the report."""

from __future__ import annotations

from math import exp

import pytest

from friction.impact import SHIFTS
from friction.report import Point
from friction.summary.sensitivity import with_sensitivity
from tests.reports import impact, point


def ranked(*costs: tuple[float, float, float]) -> list[Point]:
    """Points in their order, by estimate, low and high."""
    return [point(rank, impact(*cost)) for rank, cost in enumerate(costs, start=1)]


def places(*costs: tuple[float, float, float]) -> list[list[int] | None]:
    return [each.impact.ranks for each in with_sensitivity(ranked(*costs), {})]


def test_points_far_apart_hold_their_places() -> None:
    assert places((100, 90, 110), (50, 45, 55), (10, 8, 12)) == [[1, 1], [2, 2], [3, 3]]


def test_points_whose_ranges_overlap_may_change_places_with_each_other_alone() -> None:
    assert places((100, 60, 140), (95, 60, 140), (10, 8, 12)) == [[1, 2], [1, 2], [3, 3]]


def test_a_range_that_reaches_far_up_leaves_room_upwards_alone() -> None:
    # The second may cost as much as the first; the third is surely less than both.
    assert places((100, 99, 101), (40, 39, 160), (20, 19, 21)) == [[1, 2], [1, 2], [3, 3]]


def test_a_point_falls_where_its_cost_with_a_smaller_effect_meets_that_of_the_next() -> None:
    first, second = with_sensitivity(
        ranked((100, 90, 110), (85, 80, 90)), {point(1).id: [100 - 100 * shift for shift in SHIFTS]}
    )

    assert first.impact.odds_to_fall == pytest.approx(exp(0.15))
    assert second.impact.odds_to_fall is None


def test_a_point_that_no_plausible_error_moves_says_so_by_saying_nothing() -> None:
    first, _ = with_sensitivity(ranked((100, 90, 110), (1, 0, 2)), {point(1).id: [90.0] * len(SHIFTS)})

    assert first.impact.odds_to_fall is None


def test_points_without_a_rank_have_no_place() -> None:
    assert with_sensitivity([point(1, rank=None)], {})[0].impact.ranks is None
