"""Means, balances and differences of what customers said, against values worked out by hand or from tables."""

from __future__ import annotations

import polars as pl
import pytest

from friction.voices.figures import answered, contrast, mean_range, nps_of, score, share, t95


@pytest.mark.parametrize(("free", "table"), [(3, 3.182), (4, 2.776), (9, 2.262), (29, 2.045), (1_000, 1.962)])
def test_the_bounds_of_a_mean_follow_students_t(free: int, table: float) -> None:
    assert t95(free) == pytest.approx(table, rel=0.02)


def test_nps_is_promoters_less_detractors() -> None:
    scores = pl.Series([10.0] * 60 + [8.0] * 20 + [3.0] * 20)

    value, low, high = nps_of(scores)

    assert value == pytest.approx(40)
    assert (low, high) == pytest.approx(
        (40 - 15.68, 40 + 15.68), abs=0.05
    )  # 1.96 × 100 × √((0.6 + 0.2 − 0.4²) / 100)


def test_the_interval_of_few_answers_is_that_of_three_more() -> None:
    value, low, high = nps_of(pl.Series([9.0, 9.0, 9.0]))

    assert value == 100
    assert low == pytest.approx(
        62.5 - 1.96 * 100 * ((0.625 + 0.125 + 0.25 - 0.25 - 0.25 + 0.0) / 6) ** 0.5, abs=30
    )
    assert low < 60 <= high == 100


def test_a_mean_of_three_answers_has_no_range() -> None:
    assert mean_range(pl.Series([1.0, 2.0, 3.0])) == (None, None)


def test_the_mean_of_many_answers_lies_inside_its_range() -> None:
    low, high = mean_range(pl.Series([4.0, 5.0, 6.0, 5.0, 5.0]))

    assert low == pytest.approx(5 - 2.776 * (0.5 / 5) ** 0.5, abs=0.02)
    assert high == pytest.approx(5 + 2.776 * (0.5 / 5) ** 0.5, abs=0.02)


def test_no_answer_lies_outside_of_its_scale() -> None:
    found = score("nps", "/pay", pl.Series([10.0, 10.0, 9.0, 10.0]), 10, None)

    assert found.high == 10


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(0, 0).share is None
    assert contrast(1, 2, 0, 0).difference is None


def test_two_shares_differ_with_the_interval_of_newcombe() -> None:
    """Newcombe 1998, his example: 56 of 70 against 48 of 80 gives 0.2 (0.0524 to 0.3339)."""
    found = contrast(56, 70, 48, 80)

    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=0.0001)


def test_scores_of_both_sides_are_compared_by_welch() -> None:
    found = answered("nps", "session", pl.Series([2.0, 3.0, 4.0, 3.0]), pl.Series([8.0, 9.0, 8.0, 9.0]))

    assert found.difference == pytest.approx(-5.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -5.5 < found.high < 0
