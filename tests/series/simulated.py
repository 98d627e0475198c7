"""Series with known truth: views and exits of one page by the hour, for eight weeks, with planted changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOURS = 8 * 7 * 24
FIRST = 24 * 7 * 2_860
"""Hour of a Thursday, 00:00, as the epoch's first."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """How a series behaves when nothing happens; `n` views an hour on average, `rate` before the season.

    `overdispersion` is the beta-binomial correlation, `day_noise` and `drift` are in logits (standard
    deviation; rise over the whole period), `burst` makes one to three days ten times as busy.
    """

    n: float
    rate: float = 0.2
    season: bool = True
    overdispersion: float = 0.0
    day_noise: float = 0.0
    drift: float = 0.0
    burst: bool = False


@dataclass(frozen=True)
class Planted:
    """From `start` on, for `hours`, the rate is `lift` times what it would have been."""

    start: int
    hours: int
    lift: float


def simulate(world: World, seed: int, planted: Planted | None = None) -> tuple[Counts, Counts]:
    """Views and exits by the hour."""
    random = np.random.default_rng(seed)
    views = random.poisson(_traffic(world, random)).astype(np.int64)
    rate = 1 / (1 + np.exp(-_logit(world, random)))
    if planted:
        inside = slice(planted.start, planted.start + planted.hours)
        rate[inside] = np.minimum(rate[inside] * planted.lift, 0.98)
    if world.overdispersion:
        spread = 1 / world.overdispersion - 1
        rate = random.beta(rate * spread, (1 - rate) * spread)
    return views, random.binomial(views, rate).astype(np.int64)


def _traffic(world: World, random: np.random.Generator) -> NDArray[np.float64]:
    traffic = np.ones(HOURS)
    if world.season:
        traffic *= np.exp(0.8 * np.cos((_hour() - 15) * 2 * np.pi / 24)) * (1 - 0.3 * _weekend())
    traffic *= world.n / traffic.mean()
    if world.burst:
        start = random.integers(100, HOURS - 100)
        traffic[start : start + random.integers(24, 72)] *= 10
    return traffic


def _logit(world: World, random: np.random.Generator) -> NDArray[np.float64]:
    logit = np.full(HOURS, np.log(world.rate / (1 - world.rate)))
    if world.season:
        logit += 0.25 * np.cos((_hour() - 3) * 2 * np.pi / 24) + 0.15 * _weekend()
    logit += world.drift * np.linspace(0, 1, HOURS)
    return logit + world.day_noise * np.repeat(_wandering(random, HOURS // 24), 24)


def _wandering(random: np.random.Generator, size: int, memory: float = 0.6) -> NDArray[np.float64]:
    """Noise of variance 1 in which each value remembers the one before."""
    noise = random.normal(size=size)
    for at in range(1, size):
        noise[at] = memory * noise[at - 1] + np.sqrt(1 - memory**2) * noise[at]
    return noise


def _hour() -> NDArray[np.int64]:
    return np.arange(HOURS) % 24


def _weekend() -> NDArray[np.bool_]:
    """Saturday and Sunday, when the first day is a Thursday."""
    return np.isin(np.arange(HOURS) // 24 % 7, (2, 3))
