"""Shares, scores and means with their intervals (95 %). Definitions: `statistics.md` §3.4.

NPS    100 (share of 9–10 - share of 0–6), answers 0–10; Wald interval, below 50 answers adjusted by three answers
       (0.75 promoters, 1.5 passives, 0.75 detractors: adjusted Wald, Rocks 2016)
CSAT   share of 4–5, answers 1–5; Wilson
CES    mean of 1–7 ("made it easy": high is good); t interval. The older scale of 1–5 runs the other way: never mixed
shares Wilson; means t interval; medians by order statistics
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from friction.values import dataclass

Z = 1.959963984540054
SMALL_NPS = 50


@dataclass(frozen=True)
class Figure:
    """An estimate with its interval; all null when there is nothing to go by. `n`: what it rests on."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int


NONE = Figure(None, None, None, 0)


def share(k: int, n: int) -> Figure:
    """k of n, Wilson."""
    if not n:
        return NONE
    p, z2 = k / n, Z * Z
    middle, half = p + z2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return Figure(p, 0.0 if k == 0 else max(low, 0.0), 1.0 if k == n else min(high, 1.0), n)


def nps(promoters: int, passives: int, detractors: int) -> Figure:
    """The net promoter score, -100 to 100."""
    n = promoters + passives + detractors
    if not n:
        return NONE
    score = 100 * (promoters - detractors) / n
    up, down, of = float(promoters), float(detractors), float(n)
    if n < SMALL_NPS:
        up, down, of = up + 0.75, down + 0.75, of + 3
    p, d = up / of, down / of
    half = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / of)
    middle = 100 * (p - d)
    low, high = max(middle - half, -100.0), min(middle + half, 100.0)
    return Figure(score, min(low, score), max(high, score), n)


def csat(scores: NDArray[np.float64]) -> Figure:
    """Per cent of answers 4 and 5 of 1–5."""
    found = share(int((scores >= 4).sum()), len(scores))
    return scaled(found, 100.0)


def scaled(found: Figure, factor: float) -> Figure:
    """Times a factor; a negative one turns the interval round."""
    ends = [None if each is None else factor * each + 0.0 for each in (found.low, found.high)]
    low, high = ends if factor > 0 else ends[::-1]
    return Figure(None if found.estimate is None else factor * found.estimate + 0.0, low, high, found.n)


def mean(values: NDArray[np.float64], low: float = -math.inf, high: float = math.inf) -> Figure:
    """The mean with its t interval, kept within what is possible; of one value alone it is not known."""
    n = len(values)
    if not n:
        return NONE
    middle = math.fsum(values.tolist()) / n
    if n == 1:
        return Figure(middle, None, None, 1)
    spread = math.sqrt(math.fsum(((values - middle) ** 2).tolist()) / (n - 1))
    half = t_quantile(n - 1) * spread / math.sqrt(n)
    return Figure(middle, max(middle - half, low), min(middle + half, high), n)


def median(values: NDArray[np.float64]) -> Figure:
    """The median with the order statistics that enclose it in 95 % of samples."""
    n = len(values)
    if not n:
        return NONE
    ordered = np.sort(values)
    reach = Z * math.sqrt(n) / 2
    low, high = math.floor(n / 2 - reach), math.ceil(n / 2 + reach)
    if low < 0 or high > n - 1:
        return Figure(float(np.median(ordered)), None, None, n)
    return Figure(float(np.median(ordered)), float(ordered[low]), float(ordered[high]), n)


def t_quantile(freedom: int) -> float:
    """97.5 % of Student's t."""
    if freedom > 2_000:
        return Z
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def counts(scores: NDArray[np.float64]) -> tuple[int, int, int]:
    """Promoters, passives, detractors of answers 0–10."""
    up, down = int((scores >= 9).sum()), int((scores <= 6).sum())
    return up, len(scores) - up - down, down


def ces(scores: NDArray[np.float64]) -> Figure:
    """The mean of answers 1–7."""
    return mean(scores, 1.0, 7.0)


def score(scale: str, scores: Sequence[float] | NDArray[np.float64]) -> Figure:
    """The figure that goes with a scale: `nps`, `csat` or `ces`."""
    values = np.asarray(scores, np.float64)
    if scale == "nps":
        return nps(*counts(values))
    return csat(values) if scale == "csat" else ces(values)


def rate(k: int, n: int, per: float = 1.0) -> Figure:
    """k events on n chances, which may have several each: Poisson limits after Byar, `per` chances."""
    if not n:
        return NONE
    low = k * (1 - 1 / (9 * k) - Z / (3 * math.sqrt(k))) ** 3 if k else 0.0
    high = (k + 1) * (1 - 1 / (9 * (k + 1)) + Z / (3 * math.sqrt(k + 1))) ** 3
    return Figure(per * k / n, per * max(low, 0.0) / n, per * high / n, n)
