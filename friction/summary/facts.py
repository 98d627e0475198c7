"""What is known of a slow page and of a form besides that it hurts: ratings with intervals, fields in order."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from friction.dictionaries import Words
from friction.reduce import BINS_PER_E
from friction.schema import TIMINGS
from friction.vitals import rated

MIN_VIEWS = 50
QUANTILE = 0.75
Z95 = 1.959964


def ratings(timings: pl.DataFrame, words: Words) -> dict[int, dict[str, Any]]:
    """Per page: for each metric and device (and all devices) p75 with its 95 % interval, views and rating.

    The interval is that of the binomial order statistic; values are known to 2 % (the bins). Fewer than 50 views: no
    rating. Ratings are those of the Web Vitals: good up to the first limit, poor beyond the second. `shares`
    of views are those of the three; `bins` (of all devices) are views by the lower edge of bins a fifth wide,
    `limits` the two limits.
    """
    if not timings.height:
        return {}
    found: dict[int, dict[str, Any]] = {}
    summed = timings.group_by("page", "metric", "bin").agg(pl.col("n_views").sum())
    everyone = summed.with_columns(device=pl.lit(None, pl.UInt32)).select(timings.select(_ORDER).columns)
    by_device = timings.drop_nulls("device").select(_ORDER)
    both = pl.concat([everyone, by_device]).sort("page", "metric", "device", "bin", nulls_last=False)
    for (page, metric, device), bins in both.group_by(["page", "metric", "device"], maintain_order=True):
        name = "all" if device is None else words.word("device", int(str(device)))
        counts, edges = bins["n_views"].to_list(), bins["bin"].to_list()
        rating = _rating(str(metric), counts, edges)
        if device is None:
            rating |= {"bins": _coarse(counts, edges), "limits": list(TIMINGS[str(metric)])}
        found.setdefault(int(str(page)), {}).setdefault(str(metric), {})[str(name)] = rating
    return found


_ORDER = ["page", "metric", "device", "bin", "n_views"]


def _rating(metric: str, counts: list[int], bins: list[int]) -> dict[str, Any]:
    views = sum(counts)
    half = Z95 * math.sqrt(views * QUANTILE * (1 - QUANTILE))
    at = [_quantile(counts, bins, QUANTILE * views + shift) for shift in (0.0, -half, half)]
    good, poor = TIMINGS[metric]
    rating = rated(at[0], (good, poor))
    enough = views >= MIN_VIEWS
    return {
        "views": views,
        "p75": at[0],
        "low": at[1],
        "high": at[2],
        "rating": rating if enough else None,
        "shares": _shares(counts, bins, good, poor),
    }


def _shares(counts: list[int], bins: list[int], good: float, poor: float) -> list[float]:
    """Shares of views that were good, between, and poor, by the middle of their bin."""
    found = [0, 0, 0]
    for count, number in zip(counts, bins, strict=True):
        middle = math.exp((number + 0.5) / BINS_PER_E)
        found[(middle > good) + (middle > poor)] += count
    return [count / sum(counts) for count in found]


COARSE = 10
"""Fine bins in a coarse one: e^(10/50), a fifth wider from one to the next."""


def _coarse(counts: list[int], bins: list[int]) -> list[list[float]]:
    """`[lower edge, views]` in rising order, for a drawing."""
    found: dict[int, int] = {}
    for count, number in zip(counts, bins, strict=True):
        found[number // COARSE] = found.get(number // COARSE, 0) + count
    return [[math.exp(number * COARSE / BINS_PER_E), count] for number, count in sorted(found.items())]


def _quantile(counts: list[int], bins: list[int], target: float) -> float:
    """The middle of the bin in which the target-th value lies."""
    reached = 0
    for count, number in zip(counts, bins, strict=True):
        reached += count
        if reached >= target:
            return math.exp((number + 0.5) / BINS_PER_E)
    return math.exp((bins[-1] + 0.5) / BINS_PER_E)
