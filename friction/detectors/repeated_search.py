"""Repeated search: searching again and again, or finding nothing.

Finds     `min_searches` or more searches of one session, each within `max_gap_ms` of
          the one before, without a product, a cart or a conversion in between; or a
          single search that is known to have found nothing. Searches less than
          `typing_ms` apart are one that is being typed.
Matters   People say in their own words what they came for, and the site does not
          understand, or does not have it.
Misleads  Turning the pages of results, sorting and filtering are searches in many
          exports. A search can succeed without a click: what was wanted stands in the
          results.
Defaults  Three searches, two minutes apart at most.
Sources   Own rule; Matomo and others count searches without results.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import REASON, Detector, findings, gap, gathered, no_target, same, span
from friction.detectors.look_alike import VIEWS
from friction.values import dataclass

FOUND = ("product", "cart", "checkout")
TAKEN = ("add_to_cart", "conversion", "download")


@dataclass(frozen=True, kw_only=True)
class RepeatedSearch(Detector):
    name: ClassVar[str] = "repeated_search"
    needs: ClassVar[frozenset[str]] = frozenset({"has_search"})
    columns: ClassVar[frozenset[str]] = frozenset({"page_type", "count"})

    min_searches: Annotated[int, Ge(2)] = 3
    """Minimum searches in a row. Higher: fewer findings."""
    max_gap_ms: Annotated[int, Ge(1)] = 120_000
    """Longest gap between two searches (ms). Higher: searches further apart belong together."""
    typing_ms: Annotated[int, Ge(0)] = 2_000
    """Gap below which searches are one being typed (ms). Higher: fewer searches are counted."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of searches, with how many `searches` and how many of them found nothing (`empty`)."""
        kind = pl.col("kind")
        success = kind.is_in(TAKEN) | (kind.is_in(VIEWS) & pl.col("page_type").is_in(FOUND))
        rows = events.filter((kind == "search") | success.fill_null(value=False))
        rows = rows.with_columns(found=(kind != "search").cum_sum()).filter(kind == "search")
        link = same("session_id", "found") & (gap() <= span(self.max_gap_ms))
        searches = rows.with_columns(link=link.fill_null(value=False)).with_columns(
            run=(~pl.col("link")).cum_sum(),
            typed=pl.col("link").shift(-1, fill_value=False) & (gap().shift(-1) < span(self.typing_ms)),
        )
        whole = searches.filter(~pl.col("typed").fill_null(value=False))
        nothing = (pl.col("count") == 0).fill_null(value=False)
        found = gathered(
            whole,
            "run",
            page=pl.col("page").last(),
            trigger_row=pl.col("row").last(),
            searches=pl.len().cast(pl.UInt32),
            empty=nothing.sum().cast(pl.UInt32),
        )
        counts = found.filter((pl.col("searches") >= self.min_searches) | (pl.col("empty") > 0))
        severity = (0.2 + 0.1 * pl.col("searches") + 0.2 * pl.col("empty")).clip(upper_bound=0.9)
        told = counts.with_columns(target=no_target(), severity=severity, aside=pl.lit(None, REASON))
        return findings(told, "searches", "empty")
