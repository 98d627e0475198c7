"""The empirical null: what is told apart, and what is never said."""

from __future__ import annotations

import numpy as np
import pytest

from friction.impact.calibration import FIXED, MU, calibrated
from friction.impact.patterns import Floats


def drawn(seed: int, shift: float, harmful: int, harmless: int = 60) -> tuple[Floats, Floats]:
    """Estimates of points, the harmful ones with effects about 1, and their errors."""
    chance = np.random.default_rng(seed)
    effects = np.r_[np.zeros(harmless), chance.uniform(0.5, 1.5, harmful)]
    errors = chance.uniform(0.08, 0.2, harmless + harmful)
    return effects + shift + chance.normal(0, errors), errors


@pytest.mark.parametrize("shift", [-0.3, -0.15, 0.0])
def test_the_shift_of_harmless_points_is_found_beside_harmful_ones(shift: float) -> None:
    null = calibrated(*drawn(1, shift, harmful=40), part=0)

    assert null.d == pytest.approx(shift, abs=0.06)
    assert null.share[0] == pytest.approx(0.6, abs=0.15)


def test_a_shift_is_never_upwards() -> None:
    assert calibrated(*drawn(2, 0.3, harmful=0), part=0).d == 0


def test_where_nothing_is_harmful_nearly_all_is_harmless() -> None:
    assert calibrated(*drawn(3, 0.0, harmful=0), part=0).share[0] > 0.9


def test_harmless_points_are_never_said_to_be_fewer_than_three_in_ten() -> None:
    assert calibrated(*drawn(4, 0.0, harmful=60, harmless=0), part=0).share[0] >= 0.3 - 1e-9


def test_the_shift_of_progress_stays_small() -> None:
    assert calibrated(*drawn(5, -0.4, harmful=10), part=1).d >= -0.1


def test_an_uncertain_estimate_is_drawn_further_to_nothing() -> None:
    means = [float(MU @ FIXED.posterior(1.0, error)) for error in (0.1, 0.3, 0.6, 2.0)]

    assert means == sorted(means, reverse=True)
    assert means[0] > 0.8
    assert means[-1] < 0.1


def test_the_order_of_points_changes_nothing() -> None:
    estimates, errors = drawn(6, -0.1, harmful=20)
    null, turned = (
        calibrated(values, of, part=0)
        for values, of in ((estimates, errors), (estimates[::-1].copy(), errors[::-1].copy()))
    )

    assert (turned.d, turned.t) == (null.d, null.t)
    assert turned.share == pytest.approx(null.share)
