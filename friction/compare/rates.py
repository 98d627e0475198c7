"""Two rates, each known day by day: how many times as high is one as the other, and how sure is that?

The variance of a rate is the larger of two: what chance alone gives, for sessions of which some belong to the same
visitor, and what its days show, which differ for reasons of their own (weekday, weather, campaign). Few days are
allowed for by Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from friction.values import dataclass

Z95 = 1.959964
FEWEST_DAYS = 4
"""Days in a group, from which on they show how much days differ."""
HALF = 0.5


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Counts:
    """`k` of `n` sessions by day; `design`: sessions a visitor among the `k`, at least 1."""

    n: tuple[int, ...]
    k: tuple[int, ...]
    design: float = 1.0

    @property
    def rate(self) -> float:
        """Half a session on either side keeps it off 0 and 1."""
        return (sum(self.k) + HALF) / (sum(self.n) + 2 * HALF)

    def log_variance(self) -> float:
        """Of the logarithm of the rate."""
        n, k = sum(self.n), sum(self.k)
        chance = self.design * (1 / (k + HALF) - 1 / (n + 2 * HALF))
        return max(chance, _of_days(self.residuals()))

    def residuals(self) -> list[float]:
        """By day, what it has more than its share, in parts of all `k`."""
        k, rate = sum(self.k) + HALF, self.rate
        return [(one - rate * of) / k for one, of in zip(self.k, self.n, strict=True)]

    def part(self, days: slice) -> Counts:
        return Counts(self.n[days], self.k[days], self.design)


@dataclass(frozen=True)
class Contrast:
    """The logarithm of new over old, its standard error, and the days that stand behind that."""

    log: float
    error: float
    days: int

    def ratio(self) -> Interval:
        half = quantile(self.days) * self.error
        return Interval(*(math.exp(self.log + shift) for shift in (0.0, -half, half)))

    def p(self, margin: float) -> float:
        """Two-sided: the chance of as much where the true ratio lies within the margin."""
        beyond = max(0.0, abs(self.log) - math.log(margin)) / self.error
        return tail(beyond, self.days)


def contrast(old: Counts, new: Counts, *, same_days: bool = False, dispersion: float = 1.0) -> Contrast:
    """`same_days`: both were counted on the same days (variants), so what a day does to both does not matter."""
    variance = old.log_variance() + new.log_variance()
    if same_days and len(old.n) == len(new.n):
        chance = sum(
            side.design * (1 / (sum(side.k) + HALF) - 1 / (sum(side.n) + 2 * HALF)) for side in (old, new)
        )
        apart = [one - other for one, other in zip(new.residuals(), old.residuals(), strict=True)]
        variance = max(chance, _of_days(apart))
    days = sum(len(side.n) for side in (old, new) if len(side.n) >= FEWEST_DAYS)
    return Contrast(math.log(new.rate / old.rate), math.sqrt(dispersion * variance), days)


def _of_days(residuals: Sequence[float]) -> float:
    days = len(residuals)
    return sum(each * each for each in residuals) * days / (days - 1) if days >= FEWEST_DAYS else 0.0


def quantile(days: int) -> float:
    """Half-width of the 95 % interval in standard errors (Student's t, expanded about the normal)."""
    freedom = days - 2
    return Z95 * (1 + (Z95**2 + 1) / (4 * freedom)) if freedom > 1 else Z95


def tail(z: float, days: int) -> float:
    """Two-sided chance beyond `z` standard errors."""
    freedom = days - 2
    if freedom > 1:
        z = z * (1 - 1 / (4 * freedom)) / math.sqrt(1 + z * z / (2 * freedom))
    return math.erfc(z / math.sqrt(2))
