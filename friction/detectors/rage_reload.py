"""Rage reload: a page that is loaded again and again.

Finds     `min_reloads` or more openings of the address a visitor is at already, each
          within `max_gap_ms` of the one before, with no click, input or search in
          between. Where the file says how a page was opened, only reloads count.
Matters   The page did not finish, stayed empty or showed something old, and reloading
          is all that a visitor can do about it.
Misleads  Some wait for something to appear (tickets, results) and reload for hours.
          Pages that reload themselves do so at even intervals (`reloads_itself`). Addresses
          are compared without their query, so a filter that loads the page anew
          without a click seen looks the same.
Defaults  Three reloads, ten seconds apart at most.
Sources   Wanted in the trackers of two tools; no number is published.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, gathered, long_runs, no_target, same, span
from friction.detectors.look_alike import EDITS, counted, first_reason
from friction.values import dataclass

ACTS = ("click", *EDITS, "submit", "search", "keydown")
EVEN_US = 150_000
"""Reloads whose intervals differ by less are made by a program."""


@dataclass(frozen=True, kw_only=True)
class RageReload(Detector):
    name: ClassVar[str] = "rage_reload"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"url", "nav_kind"})

    min_reloads: Annotated[int, Ge(2)] = 3
    """Minimum reloads in a row. Higher: fewer findings."""
    max_gap_ms: Annotated[int, Ge(1)] = 10_000
    """Longest gap between two reloads (ms). Higher: slower reloads are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of openings of one address, the first included; `reloads` are those after it."""
        kind = pl.col("kind")
        views = events.with_columns(acts=counted(kind.is_in(ACTS))).filter(kind == "page_view")
        is_reload = (pl.col("nav_kind") == "reload").fill_null(value=True)
        link = same("session_id", "page", "url", "acts") & (gap() <= span(self.max_gap_ms)) & is_reload
        linked = views.with_columns(link=link.fill_null(value=False)).with_columns(
            run=(~pl.col("link")).cum_sum(), wait=pl.when("link").then(gap().dt.total_microseconds())
        )
        found = gathered(
            linked.filter(long_runs("run", self.min_reloads + 1)),
            "run",
            trigger_row=pl.col("row").last(),
            reloads=pl.col("link").sum().cast(pl.UInt32),
            even=pl.col("wait").max() - pl.col("wait").min() < EVEN_US,
        )
        enough = found.filter(pl.col("reloads") >= self.min_reloads)
        severity = (0.5 + 0.1 * (pl.col("reloads") - self.min_reloads)).clip(upper_bound=0.9)
        aside = first_reason({"reloads_itself": pl.col("even")})
        return findings(enough.with_columns(target=no_target(), severity=severity, aside=aside), "reloads")
