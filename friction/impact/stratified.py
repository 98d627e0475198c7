"""A first honest estimate: exits after the exposed view against like views without it, times the worth of staying.

Per point f and stratum s (page × depth × device × channel):

    extra exits   k1 − n1 e0      n1, k1: exposed views and how many of them were exits; e0: exit rate of the others
    loss          Σ_s V (k1 − n1 e0)      V: share of the others who stayed and converted later (1 without a goal)

The others are the views in which the same element was used without trouble, where there are at least 30 (people who
open the coupon box differ from the rest); else all other views of the page. That second comparison is conservative:
who clicks at all is more engaged than who does not, and leaves less.

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

MIN_SESSIONS, MIN_EXITS, MIN_USES = 30, 5, 30
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
    """Which views met which of `points` points.

    `pairs`: `point` (0 … n − 1), `view`, once each; `uses`: the same for views in which the point's element was used
    without trouble, so that no pair is in both; `kinds`: per point the number of its detector.
    """

    pairs: pl.DataFrame
    uses: pl.DataFrame
    points: int
    kinds: NDArray[np.int64]


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
        return np.bincount(point, weights=amount, minlength=n).astype(np.float64)

    weight, raw = total(n1 * value), total(value * (k1 - n1 * e0))
    exits, expected, variance = total(k1), total(n1 * e0), total(value**2 * spread)
    conversions = total(strata["c0"].to_numpy().astype(float)) if has_goal else np.full(n, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect, error = raw / weight, np.sqrt(variance) / weight
        p_value = _upper_tail(effect / error)
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
            "p_value": p_value,
            "e_value": np.where(ratio > 1, ratio + np.sqrt(np.maximum(ratio * (ratio - 1), 0)), 1.0),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _strata(views: pl.DataFrame, exposures: Exposures) -> pl.DataFrame:
    """One row a point and stratum: exposed views (`n1`), the others' exit rate `e0`, what staying is worth, spread."""
    exposed = _in_views(exposures.pairs, views).group_by("point", *CELL).agg(**_sums("1"))
    used = _in_views(exposures.uses, views).group_by("point", *CELL).agg(**_sums("0"))
    totals = used.group_by("point").agg(pl.col("n0").sum())
    enough = pl.col("point").is_in(totals.filter(pl.col("n0") >= MIN_USES)["point"].implode())
    cells = [_against_uses(exposed.filter(enough), used), _against_all(exposed.filter(~enough), views)]
    return _rates(pl.concat(cells)).sort("point", *CELL)


CELL = ["page", "stratum"]
_OTHERS = ["n0", "k0", "s0", "c0"]


def _in_views(pairs: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """The views of these pairs, with their `point`; pairs whose view is not among `views` are left out.

    A look-up by position instead of a join: views are numbered through, so the table of places is small.
    """
    size = 1 + max(int(frame["view"].max() or 0) for frame in (views, pairs))  # type: ignore[arg-type]
    places = pl.repeat(None, size, dtype=pl.UInt32, eager=True)
    places = places.scatter(views["view"], pl.int_range(views.height, dtype=pl.UInt32, eager=True))
    found = pairs.select("point", at=places.gather(pairs["view"])).drop_nulls("at")
    return views.select(*CELL, "exit", "converts_later")[found["at"]].with_columns(found["point"])


def _against_uses(exposed: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Beside each exposed cell the clean uses in it (`n0` …), and those on the whole page (`n0p` …)."""
    pages = used.group_by("point", "page").agg(pl.col(_OTHERS).sum().name.suffix("p"))
    cells = exposed.join(used, on=["point", *CELL], how="left").join(pages, on=["point", "page"], how="left")
    return cells.with_columns(pl.col("^.0p?$").fill_null(0.0))


def _against_all(exposed: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """Beside each exposed cell all other views in it, and those on the whole page."""
    mine = exposed.group_by("point", "page").agg(pl.col("n1", "k1", "s1", "c1").sum().name.suffix("p"))
    cells = exposed.join(views.group_by(CELL).agg(**_sums("")), on=CELL)
    cells = cells.join(views.group_by("page").agg(**_sums("p")), on="page").join(mine, on=["point", "page"])
    others = [(pl.col(name) - pl.col(f"{name}1")).alias(f"{name}0") for name in "nksc"]
    on_page = [(pl.col(f"{name}p") - pl.col(f"{name}1p")).alias(f"{name}0p") for name in "nksc"]
    return cells.select(*exposed.columns, *others, *on_page)


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
    """Add the others' exit rate `e0`, the `value` of staying and the variance `spread` of k1 − n1 e0."""
    c = pl.col
    page_exit = c("k0p") / c("n0p")
    page_value = (c("c0p") + 0.5) / (c("s0p") + 1)
    rated = cells.filter(c("n0p") > 0).with_columns(
        e0=(c("k0") + PAGE_WEIGHT * page_exit) / (c("n0") + PAGE_WEIGHT),
        value=(c("c0") + VALUE_WEIGHT * page_value) / (c("s0") + VALUE_WEIGHT),
    )
    pooled = (c("k1") + c("k0") + PAGE_WEIGHT * c("e0")) / (c("n1") + c("n0") + PAGE_WEIGHT)
    return rated.with_columns(
        spread=pooled * (1 - pooled) * (c("n1") + c("n1") ** 2 / (c("n0") + PAGE_WEIGHT))
    )


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

    return np.array([erfc(value / sqrt(2)) / 2 for value in z])
