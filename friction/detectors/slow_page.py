"""Slow page: a page view that takes longer than people wait.

Finds     A page view of which any timing is beyond its poor limit; one finding a
          view, however many timings are. The timings may stand on any of its rows.
Matters   People leave while they wait, and the rest of the visit starts annoyed.
Misleads  Tabs opened in the background, sleeping devices and clock jumps give absurd
          durations: values beyond `believable_ms` are ignored. A slow view says
          nothing about the typical one: see the page's p75.
Defaults  The limits beyond which Web Vitals rate a value poor; for the whole load
          that of the largest paint.
Sources   Limits of the web-vitals library; `friction.schema.TIMINGS`.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Gt

from friction.detectors.base import REASON, Detector, findings, same
from friction.schema import TIMINGS
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class SlowPage(Detector):
    name: ClassVar[str] = "slow_page"
    needs_one_of: ClassVar[frozenset[str]] = frozenset({"has_perf", "has_vitals"})
    columns: ClassVar[frozenset[str]] = frozenset(TIMINGS)
    at_opening: ClassVar[bool] = True

    load_ms: Annotated[float, Gt(0)] = TIMINGS["load_ms"][1]
    """Limit of the load time (ms). Higher: fewer pages are slow."""
    ttfb_ms: Annotated[float, Gt(0)] = TIMINGS["ttfb_ms"][1]
    """Limit of the time to first byte, TTFB (ms). Higher: fewer pages are slow."""
    fcp_ms: Annotated[float, Gt(0)] = TIMINGS["fcp_ms"][1]
    """Limit of the first contentful paint, FCP (ms). Higher: fewer pages are slow."""
    lcp_ms: Annotated[float, Gt(0)] = TIMINGS["lcp_ms"][1]
    """Limit of the largest contentful paint, LCP (ms). Higher: fewer pages are slow."""
    inp_ms: Annotated[float, Gt(0)] = TIMINGS["inp_ms"][1]
    """Limit of the interaction to next paint, INP (ms). Higher: fewer pages are slow."""
    cls: Annotated[float, Gt(0)] = TIMINGS["cls"][1]
    """Limit of the cumulative layout shift, CLS (score). Higher: fewer pages are slow."""
    believable_ms: Annotated[float, Gt(0)] = 600_000
    """Time beyond which a value is ignored (ms). Higher: more extreme values count."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Slow views with the names of their poor `metrics` and the `worst_ratio` of value to limit."""
        slow = events.filter(pl.any_horizontal(_poor(*self._beyond(metric)) for metric in TIMINGS))
        views = (
            slow.with_columns(run=(~same("session_id", "view")).cum_sum())
            .group_by("run")
            .agg(
                pl.col("session_id", "page").first(),
                *(_ratio(*self._beyond(metric)) for metric in TIMINGS),
                start=pl.col("ts").first(),
                end=pl.col("ts").last(),
                events=pl.len(),
                rows=pl.col("row"),
                trigger_row=pl.col("row").first(),
                target=pl.col("target").first(),
            )
        )
        poor = pl.concat_list(pl.when(pl.col(metric) > 1).then(pl.lit(metric)) for metric in TIMINGS)
        found = views.sort("run").with_columns(
            target=pl.when(False).then("target"),
            metrics=poor.list.drop_nulls(),
            worst_ratio=pl.max_horizontal(*TIMINGS),
            aside=pl.lit(None, REASON),
        )
        found = found.with_columns(severity=1 - 0.5 / pl.col("worst_ratio"))
        return findings(found, "metrics", "worst_ratio")

    def _beyond(self, metric: str) -> tuple[str, float, float]:
        """The metric, its limit, and from where on nobody believes it."""
        return metric, getattr(self, metric), float("inf") if metric == "cls" else self.believable_ms


@cache
def _poor(metric: str, limit: float, believable: float) -> pl.Expr:
    return pl.col(metric).is_between(limit, believable, closed="none").fill_null(value=False)


@cache
def _ratio(metric: str, limit: float, believable: float) -> pl.Expr:
    """The largest value over the limit where it is beyond the limit, else null."""
    ratio = pl.when(_poor(metric, limit, believable)).then(pl.col(metric).cast(pl.Float64) / limit)
    return ratio.max().alias(metric)
