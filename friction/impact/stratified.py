"""A first honest estimate: exits after the exposed page view against like views without it, times what staying is worth.

Per point f and stratum s (page × depth × device × channel, and for frictions that need an action of the visitor also
whether the visitor acted in the view at all, since a view that was left untouched could not have met them):

    extra exits   k1 − n1 e0      n1, k1: exposed views and how many of them were exits; e0: exit rate of the others
    loss          Σ_s V (k1 − n1 e0)      V: share of the others who stayed and converted later (1 without a goal)

Rates of small strata are drawn to those of their page. Comparing the next step instead of the final outcome keeps the
sign right: engaged visitors click more *and* buy more, so a difference of conversions counts friction as a benefit
(`statistics.md` §2.4). What this does not see is harm that neither leaves nor goes back at once, and people who come
back another day.

The interval adds in quadrature: the binomial spread of both exit rates, the value's (1/√(conversions + 10)) and a
structural share of 20 % of the estimate for what such models get wrong beyond chance (`statistics.md` §2.3). Effects
are then drawn towards none by what the points of the same detector scatter beyond their error: `estimate` is that
posterior mean, which ranks; it is rarely far from the middle, and the interval is widened to hold it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

MIN_SESSIONS, MIN_EXITS = 30, 5
PAGE_WEIGHT = 10.0
"""Views of the page's own rate that are mixed into each stratum's."""
VALUE_WEIGHT = 50.0
STRUCTURE = 0.2
TAU_FLOOR = 0.02
"""Smallest spread of true effects (in exit probability) a detector's points are assumed to have."""
Z95 = 1.959964

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Exposures:
    """Which views met which point: `point` (0 … n − 1), `view`; and per point the index of its detector kind, and
    whether the friction is there at the opening of the page (else it takes an action of the visitor)."""

    pairs: pl.DataFrame
    points: int
    kinds: NDArray[np.int64]
    at_opening: NDArray[np.bool_]


def estimate(views: pl.DataFrame, exposures: Exposures, *, has_goal: bool) -> pl.DataFrame:
    """One row a point, in order: how many exposed views and exits, and the loss with its interval.

    Columns: `exposed_views, exits, expected_exits, weight` (Σ n1 V), `raw`, `estimate, low, high` (lost conversions,
    or extra exits without a goal), `p_value`, `e_value`. All figures
    are null for a point without exposed or without unexposed views.
    """
    strata = _strata(views, exposures)
    n = exposures.points
    point = strata["point"].to_numpy()
    n1, k1, e0, value, spread = (strata[name].to_numpy() for name in ("n1", "k1", "e0", "value", "spread"))
    value = value if has_goal else np.ones_like(value)

    def total(amount: Floats) -> Floats:
        return np.bincount(point, weights=amount, minlength=n)

    weight, raw = total(n1 * value), total(value * (k1 - n1 * e0))
    exits, expected, variance = total(k1), total(n1 * e0), total(value**2 * spread)
    conversions = total(strata["c0"].to_numpy().astype(float)) if has_goal else np.full(n, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect, error = raw / weight, np.sqrt(variance) / weight
        shrink = _shrinkage(effect, error, exposures.kinds)
        half = np.sqrt(variance + raw**2 * (1 / (conversions + 10) + STRUCTURE**2)) * Z95
        mean = raw * shrink
        ratio = np.maximum(exits, 0.5) / np.maximum(expected, 0.5)
    return pl.DataFrame(
        {
            "exposed_views": total(n1).astype(np.int64),
            "exits": exits.astype(np.int64),
            "expected_exits": expected,
            "weight": weight,
            "raw": raw,
            "shrink": shrink,
            "estimate": mean,
            "low": np.minimum(raw - half, mean),
            "high": np.maximum(raw + half, mean),
            "p_value": _upper_tail(effect / error),
            "e_value": np.where(ratio > 1, ratio + np.sqrt(np.maximum(ratio * (ratio - 1), 0)), 1.0),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _strata(views: pl.DataFrame, exposures: Exposures) -> pl.DataFrame:
    """One row a point and stratum: exposed and other views, their exits, the others' rates, drawn to the page's."""
    opening = pl.DataFrame(
        {"point": np.arange(exposures.points, dtype=np.uint32), "at_opening": exposures.at_opening}
    )
    pairs = exposures.pairs.unique().join(opening, on="point").join(views, on="view")
    cell = [*_PLACE, "stratum"]
    pairs = pairs.with_columns(acted=pl.when("at_opening").then(None).otherwise("acted"))
    exposed = pairs.group_by("point", *cell).agg(**_sums("1"))
    both = pl.concat([views.with_columns(acted=pl.lit(None, pl.Boolean())), views])
    table = both.group_by(cell).agg(**_sums("")).join(
        both.group_by(_PLACE).agg(**_sums("p")), on=_PLACE, nulls_equal=True
    )
    placed = exposed.group_by("point", *_PLACE).agg(pl.col("n1", "k1", "s1", "c1").sum().name.suffix("p"))
    joined = exposed.join(table, on=cell, nulls_equal=True).join(placed, on=["point", *_PLACE], nulls_equal=True)
    return _rates(joined).sort("point", *cell, nulls_last=True)


_PLACE = ["page", "acted"]


def _sums(mark: str) -> dict[str, pl.Expr]:
    """Views, exits, stays and later conversions among the stays."""
    stays = ~pl.col("exit")
    return {
        f"n{mark}": pl.len().cast(pl.Float64),
        f"k{mark}": pl.col("exit").sum().cast(pl.Float64),
        f"s{mark}": stays.sum().cast(pl.Float64),
        f"c{mark}": (stays & pl.col("converts_later")).sum().cast(pl.Float64),
    }


def _rates(cells: pl.DataFrame) -> pl.DataFrame:
    """Add the others' exit rate `e0`, their `value`, their conversions `c0` and the variance `spread` of k1 − n1 e0."""
    c = pl.col
    others = cells.with_columns(n0=c("n") - c("n1"), k0=c("k") - c("k1"), s0=c("s") - c("s1"), c0=c("c") - c("c1"))
    page_exit = (c("kp") - c("k1p")) / (c("np") - c("n1p"))
    page_value = (c("cp") - c("c1p") + 0.5) / (c("sp") - c("s1p") + 50)
    rated = others.filter(c("np") > c("n1p")).with_columns(
        e0=(c("k0") + PAGE_WEIGHT * page_exit) / (c("n0") + PAGE_WEIGHT),
        value=(c("c0") + VALUE_WEIGHT * page_value) / (c("s0") + VALUE_WEIGHT),
    )
    pooled = (c("k1") + c("k0") + PAGE_WEIGHT * c("e0")) / (c("n1") + c("n0") + PAGE_WEIGHT)
    return rated.with_columns(spread=pooled * (1 - pooled) * (c("n1") + c("n1") ** 2 / (c("n0") + PAGE_WEIGHT)))


def _shrinkage(effect: Floats, error: Floats, kinds: NDArray[np.int64]) -> Floats:
    """τ² / (τ² + s²) per point; τ² by moments over the points of a kind, at least `TAU_FLOOR`²."""
    shrink = np.full(effect.shape, np.nan)
    for kind in np.unique(kinds):
        mine = (kinds == kind) & np.isfinite(effect) & np.isfinite(error)
        inverse = 1 / np.maximum(error[mine], 1e-9) ** 2
        surplus = np.sum(inverse * effect[mine] ** 2) - mine.sum()
        tau2 = max(TAU_FLOOR**2, surplus / np.sum(inverse) if mine.any() else 0.0)
        shrink[mine] = tau2 / (tau2 + error[mine] ** 2)
    return shrink


def _upper_tail(z: Floats) -> Floats:
    """One-sided p-values of standard normal deviates."""
    from math import erfc, sqrt

    return np.array([erfc(value / sqrt(2)) / 2 if value == value else np.nan for value in z])
