"""Attribution: hand-calculated credits, and what must hold for any set of paths."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friction.journey.attribution import (
    MODELS,
    _sampled,
    attributed,
    coalition_rates,
    exact_shapley,
    markov,
    shapley,
    shapley_rate,
)
from friction.journey.paths import DAY_US, Paths, Touches, paths

A, B, DIRECT = 0, 1, 2
Way = tuple[list[int], bool]


def of(ways: list[Way], gap_days: float = 1.0, channels: int = 3, look_back_days: float = 30) -> Paths:
    """Paths with a touch every so many days, the conversion at the last one."""
    rows = [
        (visitor, round(at * gap_days * DAY_US), channel, converts and at == len(way) - 1)
        for visitor, (way, converts) in enumerate(ways)
        for at, channel in enumerate(way)
    ]
    visitor, at, channel, converts = (np.array(column) for column in zip(*rows, strict=True))
    return paths(Touches.sorted(visitor, at, channel, converts.astype(bool), at), channels, look_back_days)


def test_the_models_share_out_one_way_as_defined() -> None:
    credits = attributed(of([([A, B, B, DIRECT], True)]), DIRECT)

    assert credits["first"].tolist() == [1, 0, 0]
    assert credits["last"].tolist() == [0, 0, 1]
    assert credits["last_non_direct"].tolist() == [0, 1, 0]
    assert credits["linear"].tolist() == [0.25, 0.5, 0.25]
    assert credits["position"] == pytest.approx([0.4, 0.2, 0.4])
    halves = np.exp2(-np.array([3, 2, 1, 0]) / 7)
    assert credits["time_decay"] == pytest.approx(
        [halves[0] / halves.sum(), halves[1:3].sum() / halves.sum(), 1 / halves.sum()]
    )
    assert credits["shapley"] == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_of_two_touches_each_takes_half_and_all_direct_stays_direct() -> None:
    assert attributed(of([([A, B], True)]), DIRECT)["position"].tolist() == [0.5, 0.5, 0]
    assert attributed(of([([DIRECT, DIRECT], True)]), DIRECT)["last_non_direct"].tolist() == [0, 0, 1]


def test_a_touch_beyond_the_look_back_has_no_share() -> None:
    assert attributed(of([([A, B], True)], gap_days=31), DIRECT)["first"].tolist() == [0, 1, 0]


def test_after_a_conversion_a_new_way_begins() -> None:
    at = np.array([0, 1, 2]) * DAY_US
    touches = Touches.sorted(
        np.zeros(3, np.int64), at, np.array([A, B, A]), np.array([True, True, False]), at
    )

    found = paths(touches, 2)

    assert found.converts.tolist() == [True, True, False]
    assert found.lengths.tolist() == [1, 1, 1]


def test_markov_credits_are_the_removal_effects_calculated_by_hand() -> None:
    # Ways A→B→won, A→lost, B→won. P(won) = 2/3; without A it is 1/3, without B nothing.
    credits = markov(of([([A, B], True), ([A], False), ([B], True)], channels=2))

    assert credits == pytest.approx(np.array([0.5, 1.0]) / 1.5 * 2)


def test_shapley_of_conversions_is_the_equal_split_over_distinct_channels() -> None:
    draw = np.random.default_rng(3)
    ways = [(draw.integers(0, 5, draw.integers(1, 6)).tolist(), True) for _ in range(60)]
    found = of(ways, channels=5)

    def value(members: frozenset[int]) -> int:
        return sum(set(way) <= members for way, _ in ways)

    by_definition = [
        sum(
            factorial(len(s))
            * factorial(4 - len(s))
            / factorial(5)
            * (value(frozenset(s) | {c}) - value(frozenset(s)))
            for size in range(5)
            for s in combinations([each for each in range(5) if each != c], size)
        )
        for c in range(5)
    ]

    assert shapley(found) == pytest.approx(by_definition, abs=1e-9)


def test_shapley_of_the_rate_is_the_mean_gain_over_all_orders() -> None:
    draw = np.random.default_rng(5)
    ways = [
        (draw.integers(0, 3, draw.integers(1, 4)).tolist(), bool(draw.random() < 0.3)) for _ in range(900)
    ]
    found = of(ways)
    masks = [sum({1 << each for each in way}) for way, _ in ways]

    def rate(members: int) -> float:
        inside = [won for mask, (_, won) in zip(masks, ways, strict=True) if not mask & ~members]
        return sum(inside) / len(inside) if inside else 0.0

    gains = np.zeros(3)
    for order in permutations(range(3)):
        mask = 0
        for each in order:
            gains[each] += rate(mask | 1 << each) - rate(mask)
            mask |= 1 << each

    assert shapley_rate(found) == pytest.approx(gains / 6 * len(ways), abs=1e-9)


def test_a_coalition_of_few_ways_is_worth_what_its_best_part_is() -> None:
    sets, totals, wins = np.array([1, 2, 3]), np.array([100.0, 5.0, 100.0]), np.array([10.0, 5.0, 40.0])

    values = coalition_rates(sets, totals, wins, 2)

    assert values.tolist() == pytest.approx([0, 0.1, 0, 55 / 205])


def test_drawn_orders_come_close_to_all_of_them_and_hand_out_the_same() -> None:
    draw = np.random.default_rng(9)
    sets = np.arange(1, 64)
    totals = draw.integers(40, 400, 63).astype(float)
    wins = np.floor(totals * draw.uniform(0.02, 0.2, 63))

    exact = exact_shapley(coalition_rates(sets, totals, wins, 6), 6)
    drawn = _sampled(sets, totals, wins, 6)

    assert drawn.sum() == pytest.approx(exact.sum(), abs=1e-12)
    assert drawn == pytest.approx(exact, abs=0.004)


WAYS = st.lists(
    st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.booleans()), min_size=1, max_size=25
)


@settings(max_examples=40, deadline=None)
@given(WAYS, st.randoms(use_true_random=False))
def test_every_model_hands_out_all_conversions_in_any_order_of_the_input(
    ways: list[Way], shuffle: object
) -> None:
    found = of(ways, gap_days=3, channels=5)
    credits = attributed(found, DIRECT)
    order = list(range(len(ways)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    again = attributed(of([ways[at] for at in order], gap_days=3, channels=5), DIRECT)

    assert set(credits) == set(MODELS)
    for model, credit in credits.items():
        assert credit.sum() == pytest.approx(found.conversions, abs=1e-9), model
        assert again[model] == pytest.approx(credit, abs=1e-9), model
