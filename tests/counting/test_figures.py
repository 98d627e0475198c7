"""Intervals, shrinkage and the exact test, against values worked out otherwise."""

from __future__ import annotations

from math import comb

import pytest

from friction.counting.figures import STRONGEST, p_value, strength, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (50, 100, 0.4038, 0.5962), (10, 10, 0.7225, 1.0)],
)
def test_intervals_are_those_of_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def exact(k: int, n: int, all_k: int, all_n: int) -> float:
    """Twice the tail on the side of the difference, by counting all ways."""
    ways = [comb(all_k, i) * comb(all_n - all_k, n - i) for i in range(n + 1)]
    up = k * all_n > n * all_k
    return min(2 * sum(ways[k:] if up else ways[: k + 1]) / comb(all_n, n), 1.0)


@pytest.mark.parametrize("k", range(13))
def test_the_chance_of_a_difference_is_exact(k: int) -> None:
    assert p_value(k, 12, 25, 60) == pytest.approx(exact(k, 12, 25, 60), rel=1e-9)


def test_with_many_sessions_it_is_still_worked_out() -> None:
    assert p_value(50_000, 100_000, 99_000, 200_000) == pytest.approx(7.7e-6, rel=0.05)
    assert p_value(900_000, 1_000_000, 1_000_000, 2_000_000) == 0.0


@pytest.mark.parametrize(("k", "n", "all_k", "all_n"), [(3, 10, 3, 10), (0, 10, 0, 90), (10, 10, 90, 90)])
def test_where_nothing_can_differ_the_chance_is_one(k: int, n: int, all_k: int, all_n: int) -> None:
    assert p_value(k, n, all_k, all_n) == 1.0


def test_places_that_are_alike_share_their_share_and_others_keep_their_own() -> None:
    alike, apart = [(10, 100), (11, 100), (9, 100)], [(5, 1_000), (500, 1_000), (60, 1_000)]

    assert strength(alike) == STRONGEST
    assert strength(apart) < 10
    assert strength([(3, 9)]) == 0
