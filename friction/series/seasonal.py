"""What a series ordinarily does: its rate by hour of day and day of week, and how much it scatters.

The baseline is additive on the logit scale (day of week plus hour of day), not one value for each hour of
the week: eight weeks give those 168 cells eight values each, too few to trust one by one. Counts come as
tables of 7 rows (days) and 24 columns (hours), or one column for daily buckets, where the hour says nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

RIDGE = 3.0
"""Half of it times the squared dummy is the penalty; the intercept is free."""
STEPS = 6
LONGEST_STEP = 4.0
"""In logits. Ordinary tables never step that far; one with extreme cells would swing about, not settle."""
FURTHEST = 20.0
"""Logit at which a rate is as good as 0 or 1, and still has a variance."""
FEWEST_BLOCKS = 12
LEAST_VARIANCE = 0.5


def season(n: Numbers, k: Numbers) -> Numbers:
    """Rate of each cell, from tables `k` of `n`, 7 days by any number of hours; strictly within 0 and 1."""
    days, hours = n.shape
    ridge = np.full(1 + days + hours, RIDGE)
    ridge[0] = 0.0
    effects = np.zeros_like(ridge)
    effects[0] = math.log((k.sum() + 0.5) / (n.sum() - k.sum() + 0.5))
    for _ in range(STEPS):
        rate = _rate(effects, days)
        slope = _margins(k - n * rate) - ridge * effects
        step = np.linalg.solve(_information(n * rate * (1 - rate)) + np.diag(ridge), slope)
        effects += step / max(1.0, np.abs(step).max() / LONGEST_STEP)
    return _rate(effects, days)


def _rate(effects: Numbers, days: int) -> Numbers:
    """The rates of the table for effects in the order intercept, days, hours."""
    logit = effects[0] + effects[1 : 1 + days, None] + effects[1 + days :]
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -FURTHEST, FURTHEST))))


def _margins(table: Numbers) -> Numbers:
    """Sum, row sums and column sums: what each effect collects from a table of cells."""
    return np.concatenate(([table.sum()], table.sum(axis=1), table.sum(axis=0)))


def _information(weight: Numbers) -> Numbers:
    """Second derivatives for these cell weights: products of dummies are its margins, or its cells."""
    days = weight.shape[0]
    margins = _margins(weight)
    information = np.diag(margins)
    information[0], information[:, 0] = margins, margins
    information[1 : 1 + days, 1 + days :] = weight
    information[1 + days :, 1 : 1 + days] = weight.T
    return information


def baseline(n: Numbers, k: Numbers, first: int, per_day: int) -> Numbers:
    """Seasonal rate of every bucket; `first` is the number of the first of them since the epoch."""
    cell = (first + np.arange(len(n))) % (7 * per_day)
    rates: Numbers = season(_table(cell, n, per_day), _table(cell, k, per_day)).ravel()[cell]
    return rates


def _table(cell: NDArray[np.int64], counts: Numbers, per_day: int) -> Numbers:
    return np.bincount(cell, counts, minlength=7 * per_day).astype(np.float64).reshape(7, per_day)


def dispersion(n: Numbers, k: Numbers, rate: Numbers, per_day: int) -> float:
    """How many times the binomial variance the series has, at least 1; judged by blocks of one day.

    Differences of successive blocks leave a lasting change of level out of it; the factor 2 pays for the
    correlation from day to day which differences hide. 1 with fewer than `FEWEST_BLOCKS` blocks of enough
    expected variance.
    """
    starts = np.arange(0, len(n), per_day)
    variance = np.add.reduceat(n * rate * (1 - rate), starts)
    usable = variance > LEAST_VARIANCE
    if usable.sum() < FEWEST_BLOCKS:
        return 1.0
    deviation = np.add.reduceat(k - n * rate, starts)[usable] / np.sqrt(variance[usable])
    difference = np.diff(deviation) / math.sqrt(2)
    robust = float(1.4826 * np.median(np.abs(difference))) ** 2
    plain = min(float(np.mean(difference**2)), 2.5 * robust)
    return 1 + 2 * (max(1.0, robust, (robust + plain) / 2) - 1)
