"""The test of one segment against another: its value by hand, its sides, and what widens it."""

from __future__ import annotations

import math

import pytest

from friction.margin import Segment, deviation, ratio

BEFORE = Segment(n=10_000, k=2_000, e=2_000.0)


def z(k: int, *, n: int = 1_000, phi: float = 1.0, factor: float = 1.1, before: Segment = BEFORE) -> float:
    return deviation(Segment(n, k, 0.2 * n), before, phi, factor=factor, side=1 if factor > 1 else -1)


def test_the_value_is_the_corrected_root_of_the_deviance() -> None:
    rate, usual, known = 299.5 / 1_000, 0.22 * 2_000.5 / 2_000.5, 1_000 * 2_000 / 2_200
    divergence = rate * math.log(rate / usual) + (1 - rate) * math.log((1 - rate) / (1 - usual))
    root = math.sqrt(2 * known * divergence)
    logits = math.log(rate / (1 - rate)) - math.log(usual / (1 - usual))
    wald = logits * math.sqrt(known * rate * (1 - rate))

    assert z(300) == pytest.approx(root + math.log(wald / root) / root)


def test_a_rise_within_the_margin_is_nothing() -> None:
    assert z(220) == 0


def test_a_rise_of_one_exit_beyond_the_margin_is_not_tested() -> None:
    assert z(221) == 0
    assert z(222) > 0


def test_a_rise_is_no_fall_and_a_fall_is_no_rise() -> None:
    assert z(300, factor=1 / 1.1) == 0
    assert z(100) == 0
    assert z(100, factor=1 / 1.1) > 4.6


def test_more_exits_are_further_out() -> None:
    values = [z(k) for k in range(230, 1_001)]

    assert all(values[i] < values[i + 1] for i in range(len(values) - 1))


def test_dispersion_brings_it_nearer() -> None:
    assert z(300, phi=3) < z(300) / 1.6


def test_a_short_segment_before_brings_it_nearer() -> None:
    assert z(300, before=Segment(500, 100, 100.0)) < z(300) / 1.6


@pytest.mark.parametrize("k", [0, 1, 50])
def test_a_whole_segment_of_exits_has_a_value(k: int) -> None:
    assert math.isfinite(z(50, n=50, before=Segment(100, k, 20.0)))
    assert math.isfinite(z(0, n=50, factor=1 / 1.1, before=Segment(100, k, 20.0)))


def test_a_level_before_of_certain_exit_has_a_value() -> None:
    assert z(30, n=50, factor=1 / 1.1, before=Segment(100, 100, 20.0)) > 4


def test_segments_without_views_have_nothing_to_say() -> None:
    assert z(0, n=0) == 0
    assert z(0, n=0, factor=1 / 1.1) == 0
    assert z(50, n=50, before=Segment(0, 0, 0.0)) == 0


def test_the_ratio_lies_in_its_interval() -> None:
    estimate, low, high = ratio(Segment(1_000, 300, 200.0), BEFORE, phi=1.0)

    assert estimate == pytest.approx(1.5, rel=0.01)
    assert low < 1.5 < high
    assert math.log(high / low) == pytest.approx(2 * 1.96 * math.sqrt(0.7 / 300 + 0.8 / 2_000), rel=0.01)


def test_the_interval_of_a_ratio_of_nothing_is_finite() -> None:
    estimate, low, high = ratio(Segment(1_000, 0, 200.0), BEFORE, phi=1.0)

    assert 0 < low < estimate < high < 0.1
