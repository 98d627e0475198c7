"""Scores and intervals against values calculated by hand."""

from __future__ import annotations

import numpy as np
import pytest

from friction.journey import figures
from friction.journey.emotion import emotion


def told(found: figures.Figure) -> tuple[float | None, float | None, float | None]:
    return found.estimate, found.low, found.high


def test_nps_of_many_answers_has_the_plain_interval() -> None:
    # p = 0.5, d = 0.2: variance 0.7 - 0.09 = 0.61; half 195.996 · sqrt(0.61 / 200) = 10.824
    assert told(figures.nps(100, 60, 40)) == pytest.approx((30.0, 19.1757, 40.8243), abs=1e-3)


def test_nps_of_few_answers_is_adjusted_by_three() -> None:
    # 10 answers 6/2/2 and 3 more: p = 6.75/13, d = 2.75/13, middle 30.769, half 195.996 · sqrt(0.63609 / 13) = 43.355
    assert told(figures.nps(6, 2, 2)) == pytest.approx((40.0, -12.5856, 74.1241), abs=1e-3)


def test_csat_is_the_share_of_the_two_best_with_the_wilson_interval() -> None:
    scores = np.array([5.0] * 40 + [4.0] * 31 + [3.0] * 20 + [1.0] * 9)

    assert told(figures.csat(scores)) == pytest.approx((71.0, 61.4611, 78.9852), abs=1e-3)


def test_ces_is_a_mean_with_the_t_interval() -> None:
    scores = np.array([4.0, 5.0, 6.0, 7.0, 3.0])

    # mean 5, deviation 1.58114, t(4) = 2.77645: half 1.96324
    assert told(figures.ces(scores)) == pytest.approx((5.0, 3.03676, 6.96324), abs=1e-4)


def test_shares_have_the_wilson_interval_and_stay_within_zero_and_one() -> None:
    assert told(figures.share(20, 100)) == pytest.approx((0.2, 0.133367, 0.288829), abs=1e-6)
    assert told(figures.share(0, 10)) == pytest.approx((0.0, 0.0, 0.277533), abs=1e-6)
    assert told(figures.share(10, 10)) == pytest.approx((1.0, 0.722467, 1.0), abs=1e-6)
    assert figures.share(0, 0) == figures.NONE


def test_the_median_stands_between_order_statistics() -> None:
    found = figures.median(np.arange(1.0, 101.0))

    assert told(found) == (50.5, 41.0, 61.0)
    assert told(figures.median(np.array([3.0]))) == (3.0, None, None)


def test_contacts_have_poisson_limits() -> None:
    # 13 contacts: exact limits 6.922 and 22.230; Byar's are within one per cent
    found = figures.rate(13, 1000, 1000)

    assert told(found) == pytest.approx((13.0, 6.92, 22.23), rel=0.01)


def test_the_mean_of_one_value_has_no_interval() -> None:
    assert told(figures.mean(np.array([2.0]))) == (2.0, None, None)
    assert figures.mean(np.zeros(0)) == figures.NONE


def test_without_answers_emotion_is_minus_the_share_that_met_friction() -> None:
    found = emotion({}, figures.share(30, 100))

    assert found.value.estimate == -0.3
    assert (found.is_thin, found.answers.n) == (True, 0)


def test_answers_count_more_the_more_there_are() -> None:
    found = emotion({"nps": [10.0] * 25, "csat": [5.0] * 25}, figures.share(50, 100))

    # weight 50 / 100: half of +1 and half of -0.5
    assert found.value.estimate == pytest.approx(0.25)
    assert found.is_thin is False
