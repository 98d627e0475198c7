"""Figures of what customers said: means, NPS and differences with their 95 % intervals."""

from __future__ import annotations

import math

import polars as pl

from friction.counting.figures import Z95, wilson
from friction.heard import Answered, Contrast, Score, Share
from friction.voices.tables import SCALES

FEWEST_ANSWERS = 4
"""With fewer, a mean has no range."""
FEW_FOR_NPS = 50
"""Below, three answers are added as if given before: 0.75 promoters, 1.5 passives, 0.75 detractors (Rocks 2016)."""
PROMOTER, DETRACTOR = 9, 6


def share(k: int, n: int) -> Share:
    """A share by Wilson."""
    if not n:
        return Share(0, 0, None, None, None)
    return Share(n, k, k / n, *wilson(k, n))


def contrast(k_after: int, n_after: int, k_without: int, n_without: int) -> Contrast:
    """Two shares and their difference by Newcombe's hybrid of their Wilson intervals."""
    a, b = share(k_after, n_after), share(k_without, n_without)
    if (
        a.share is None
        or b.share is None
        or a.low is None
        or b.low is None
        or a.high is None
        or b.high is None
    ):
        return Contrast(a, b, None, None, None)
    difference = a.share - b.share
    low = difference - math.hypot(a.share - a.low, b.high - b.share)
    high = difference + math.hypot(a.high - a.share, b.share - b.low)
    return Contrast(a, b, difference, low, high)


def score(scale: str, page: str | None, scores: pl.Series, best: float, others: pl.Series | None) -> Score:
    """The mean of answers on one scale, of NPS also the balance; `others` are those of elsewhere."""
    low, high = mean_range(scores)
    if low is not None and high is not None:  # no answer lies outside of its scale
        low, high = max(low, SCALES[scale][0]), min(high, best)
    value, *between = nps_of(scores) if scale == "nps" else (None, None, None)
    elsewhere = _mean(others) if others is not None and others.len() else None
    return Score(
        scale, page, scores.len(), _mean(scores), low, high, best, value, between[0], between[1], elsewhere
    )


def answered(scale: str, by: str, after: pl.Series, without: pl.Series) -> Answered:
    """Two means and their difference by Welch."""
    a, b = _mean(after), _mean(without)
    low: float | None = None
    high: float | None = None
    if after.len() >= FEWEST_ANSWERS and without.len() >= FEWEST_ANSWERS:
        va, vb = (_variance(each) / each.len() for each in (after, without))
        if va + vb > 0:
            free = (va + vb) ** 2 / (va**2 / (after.len() - 1) + vb**2 / (without.len() - 1))
            half = t95(free) * math.sqrt(va + vb)
            low, high = a - b - half, a - b + half
    return Answered(scale, by, after.len(), a, without.len(), b, a - b, low, high)  # type: ignore[arg-type]


def mean_range(scores: pl.Series) -> tuple[float | None, float | None]:
    """The interval of a mean by Student's t; null for too few answers."""
    n = scores.len()
    if n < FEWEST_ANSWERS:
        return None, None
    half = t95(n - 1) * math.sqrt(_variance(scores) / n)
    return _mean(scores) - half, _mean(scores) + half


def nps_of(scores: pl.Series) -> tuple[float, float, float]:
    """NPS with its interval; of few answers the adjusted Wald interval."""
    n = scores.len()
    up, down = int((scores >= PROMOTER).sum()), int((scores <= DETRACTOR).sum())
    value = 100 * (up - down) / n
    more = (0.75, 3.0) if n < FEW_FOR_NPS else (0.0, 0.0)
    p, d, m = (up + more[0]) / (n + more[1]), (down + more[0]) / (n + more[1]), n + more[1]
    half = Z95 * 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / m)
    middle = 100 * (p - d)
    return value, min(max(middle - half, -100.0), value), max(min(middle + half, 100.0), value)


def t95(free: float) -> float:
    """The 97.5 % point of Student's t by the expansion of Cornish and Fisher; to 0.5 % from 3 degrees on."""
    z = Z95
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / free + second / free**2 + third / free**3


def _mean(scores: pl.Series) -> float:
    """Whole millionths are added up, so that no order of rows changes the last digit."""
    return int((scores * 1e6).round().cast(pl.Int64).sum()) / 1e6 / scores.len()


def _variance(scores: pl.Series) -> float:
    squares = ((scores - _mean(scores)) ** 2 * 1e6).round().cast(pl.Int64)
    return int(squares.sum()) / 1e6 / max(scores.len() - 1, 1)
