"""Pogo sticking: one entry of a list after the other is opened and left again at once.

Finds     `min_pages` or more different addresses that are opened in a row from one page,
          each left within `max_stay_ms` back to that page; the page they come from is
          the place.
Matters   The list does not say what people choose by, so they look inside: a price, a
          size, whether it is in stock. Or the search finds the wrong things.
Misleads  Comparing is what lists are for, and some like to look at everything; it runs
          only where it is asked for. Where something was done on an entry (put into
          the cart, downloaded, sent) the series ends.
Defaults  Four entries, ten seconds on each.
Sources   The word is that of search engines; no tool gives a number.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import REASON, Detector, findings, gathered, no_target, same, span
from friction.detectors.look_alike import DONE, counted
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class PogoSticking(Detector):
    name: ClassVar[str] = "pogo_sticking"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"url"})
    opt_in: ClassVar[bool] = True

    min_pages: Annotated[int, Ge(2)] = 4
    """Minimum pages opened in a row. Higher: only longer series are found."""
    max_stay_ms: Annotated[int, Ge(1)] = 10_000
    """Longest stay on each page (ms). Higher: slower series are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of short looks, with how many `entries`; `rows` are the returns to the list."""
        returns = self._returns(events)
        another = pl.any_horizontal(
            pl.col(name).ne_missing(pl.col(name).shift()) for name in ("url_b", "page_b")
        )
        goes_on = same("session_id", "page") & (pl.col("at") - pl.col("at").shift() == 2) & another
        numbered = returns.with_columns(run=(~goes_on.fill_null(value=False)).cum_sum())
        entries = pl.struct("url_b", "page_b").n_unique().cast(pl.UInt32)
        found = gathered(numbered.rename({"at": "place"}), "run", entries=entries)
        enough = found.filter(pl.col("entries") >= self.min_pages)
        severity = (0.2 + 0.05 * pl.col("entries")).clip(upper_bound=0.6)
        aside = pl.lit(None, REASON)
        return findings(enough.with_columns(target=no_target(), severity=severity, aside=aside), "entries")

    def _returns(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Openings of a page that was left for another one shortly before: that one is `url_b` on `page_b`."""
        opens = pl.col("view").ne_missing(pl.col("view").shift())
        views = events.with_columns(done=counted(pl.col("kind").is_in(DONE))).filter(opens)
        stays = views.filter(~same("session_id", "page", "url")).with_row_index("at")
        stays = stays.with_columns(
            pl.col(name).shift().alias(f"{name}_b") for name in ("session_id", "page", "url")
        )
        stay = pl.col("ts") - pl.col("ts").shift()
        nothing_done = pl.col("done") == pl.col("done").shift()
        back = same("session_id", "page", "url", by=2) & (pl.col("session_id") == pl.col("session_id_b"))
        back &= pl.col("page") != pl.col("page_b")
        return stays.filter((back & nothing_done & (stay < span(self.max_stay_ms))).fill_null(value=False))
