"""The baseline is the penalised optimum; the dispersion sees noise between days but no change of level."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from friction.series.seasonal import RIDGE, baseline, dispersion, season
from tests.series.simulated import FIRST, HOURS, Planted, World, simulate

Numbers = NDArray[np.float64]


def table(seed: int, busy: float) -> tuple[Numbers, Numbers]:
    random = np.random.default_rng(seed)
    n = random.poisson(busy, (7, 24)).astype(float)
    return n, random.binomial(n.astype(int), random.uniform(0.1, 0.4, (7, 24))).astype(float)


def dummies() -> Numbers:
    """Design of the 168 cells: seven days, then 24 hours."""
    return np.hstack((np.repeat(np.eye(7), 24, axis=0), np.tile(np.eye(24), (7, 1))))


@pytest.mark.parametrize(("seed", "busy"), [(1, 3), (2, 40), (3, 2_000)])
def test_the_season_is_the_optimum_of_the_penalised_likelihood(seed: int, busy: float) -> None:
    n, k = (counts.ravel() for counts in table(seed, busy))
    design = np.hstack((np.ones((168, 1)), dummies()))

    def loss(effects: Numbers) -> tuple[float, Numbers]:
        logit = design @ effects
        rate, shrunk = 1 / (1 + np.exp(-logit)), np.concatenate(([0.0], effects[1:]))
        value = (n * np.logaddexp(0, logit) - k * logit).sum() + RIDGE / 2 * (shrunk**2).sum()
        return float(value), design.T @ (n * rate - k) + RIDGE * shrunk

    found = minimize(loss, np.zeros(32), jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 2_000})
    optimum = 1 / (1 + np.exp(-design @ found.x))

    assert season(n.reshape(7, 24), k.reshape(7, 24)).ravel() == pytest.approx(optimum, abs=1e-6)


def test_the_season_is_that_of_a_logistic_regression_with_the_same_ridge() -> None:
    n, k = table(4, 60)
    exits = np.repeat([1, 0], 168)
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", tol=1e-10)
    model.fit(np.vstack((dummies(), dummies())), exits, np.concatenate((k.ravel(), (n - k).ravel())))

    assert season(n, k).ravel() == pytest.approx(model.predict_proba(dummies())[:, 1], abs=1e-6)


def test_cells_without_views_get_a_rate_from_their_day_and_their_hour() -> None:
    n, k = table(5, 50)
    n[2, :6] = k[2, :6] = 0

    rates = season(n, k)

    assert np.all((rates > 0.02) & (rates < 0.6))


def test_cells_in_which_everybody_leaves_keep_a_rate_within_0_and_1() -> None:
    n, k = np.full((7, 24), 5_000.0), np.zeros((7, 24))
    k[0], k[:, 5] = 5_000, 5_000

    rates = season(n, k)

    assert np.all((rates > 0) & (rates < 1))
    assert rates[0].min() > 0.9


def test_the_baseline_follows_the_clock_of_the_first_hour() -> None:
    n, k = (counts.astype(float) for counts in simulate(World(n=50), seed=6))

    whole = baseline(n, k, FIRST, 24)
    later = baseline(np.roll(n, -31), np.roll(k, -31), FIRST + 31, 24)

    assert later == pytest.approx(np.roll(whole, -31))


def phi(world: World, seed: int, planted: Planted | None = None) -> float:
    n, k = (counts.astype(float) for counts in simulate(world, seed, planted))
    return dispersion(n, k, baseline(n, k, FIRST, 24), 24)


def test_plain_binomial_counts_have_a_dispersion_near_one() -> None:
    assert np.mean([phi(World(n=50), seed) for seed in range(20)]) < 1.4


def test_noise_from_day_to_day_raises_the_dispersion() -> None:
    assert np.mean([phi(World(n=50, day_noise=0.15), seed) for seed in range(20)]) > 3


def test_a_change_of_level_leaves_the_dispersion_nearly_alone() -> None:
    shift = Planted(HOURS // 2, HOURS // 2, lift=1.5)

    assert np.mean([phi(World(n=50), seed, shift) for seed in range(20)]) < 1.8


@pytest.mark.parametrize(("days", "known"), [(11, False), (12, True)])
def test_fewer_than_twelve_days_say_nothing_about_the_dispersion(days: int, known: bool) -> None:
    n, rate = np.full(days * 24, 100.0), np.full(days * 24, 0.2)
    k = np.where(np.arange(days * 24) // 24 % 2, 30.0, 10.0)

    assert (dispersion(n, k, rate, 24) > 1) is known
