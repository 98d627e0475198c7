"""The order of the report: score, false discoveries, words for confidence."""

from __future__ import annotations

import math
import random

import pytest

from friction.rank import confidence, q_values, score


def test_a_score_is_absolute_one_percent_lost_is_39_and_five_are_92() -> None:
    assert round(score(1, 99, has_goal=True)) == 39
    assert round(score(5, 95, has_goal=True)) == 92


def test_without_a_goal_a_score_is_the_share_of_sessions_lost() -> None:
    assert score(20, 1000, has_goal=False) == pytest.approx(100 * (1 - math.exp(-1)))


@pytest.mark.parametrize(("estimate", "base"), [(0, 100), (-5, 100), (0, 0), (-1, 0)])
def test_what_costs_nothing_scores_nothing(estimate: float, base: float) -> None:
    assert score(estimate, base, has_goal=True) == 0


def test_a_score_stays_below_a_hundred_when_all_is_lost() -> None:
    assert 99.9 < score(50, 0, has_goal=True) <= 100


def test_q_values_are_those_worked_out_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.03, 0.5 times 4 over their rank: 0.04, 0.04, 0.04, 0.5; the smallest from the end.
    assert q_values([0.03, None, 0.5, 0.01, 0.02]) == pytest.approx([0.04, None, 0.5, 0.04, 0.04])


def test_a_smaller_q_of_a_later_rank_holds_for_those_before() -> None:
    assert q_values([0.04, 0.05]) == pytest.approx([0.05, 0.05])


def test_without_tests_there_are_no_q_values() -> None:
    assert q_values([]) == []
    assert q_values([None, None]) == [None, None]


def test_q_values_keep_the_order_of_p_values_and_are_never_below_them() -> None:
    chance = random.Random(8)
    p = [chance.random() ** 3 for _ in range(200)]
    q = [value for value in q_values(p) if value is not None]

    assert [each for _, each in sorted(zip(p, q, strict=True))] == sorted(q)
    assert all(each >= smaller for smaller, each in zip(p, q, strict=True))
    assert max(q) <= 1


@pytest.mark.parametrize(
    ("q", "low", "sessions", "word"),
    [
        (0.10, 1.0, 100, "high"),
        (0.10, 1.0, 99, "medium"),
        (0.11, 0.1, 500, "medium"),
        (0.11, 0.0, 500, "low"),
        (0.05, -1.0, 50, "medium"),
        (None, None, 500, "low"),
        (None, 2.0, 500, "medium"),
    ],
)
def test_confidence_needs_clear_figures_and_many_sessions(
    q: float | None, low: float | None, sessions: int, word: str
) -> None:
    assert confidence(q, low, sessions) == word
