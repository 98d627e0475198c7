"""Missing information: leaving the way to a purchase to look something up.

Finds     A visit to help pages from a cart or checkout page and back to it within
          `max_detour_ms`; or text that is copied within `copy_ms` of an error, to ask
          somebody or look it up.
Matters   What people need to know in order to go on (delivery, returns, what the error
          means) is not said where they need it; some do not come back.
Misleads  Help pages in a window of their own are not seen as a detour. Some copy an
          error in order to report it. Which pages are help, cart and checkout is read
          off their addresses, unless `[pages]` says so.
Defaults  Five minutes for the detour, ten seconds for the copy.
Sources   Own rule; copying of error texts is wanted in the trackers of two tools.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import REASON, Detector, findings, no_target, same, span
from friction.detectors.look_alike import REFUSED
from friction.values import dataclass

COMMITTED = ("cart", "checkout")


@dataclass(frozen=True, kw_only=True)
class MissingInformation(Detector):
    name: ClassVar[str] = "missing_information"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views", "has_cart", "has_help"})
    columns: ClassVar[frozenset[str]] = frozenset({"page_type"})
    cost_follows: ClassVar[bool] = True

    max_detour_ms: Annotated[int, Ge(1)] = 300_000
    """Longest detour by help pages (ms). Higher: longer detours are found as well."""
    copy_ms: Annotated[int, Ge(1)] = 10_000
    """Longest time from an error to a copy (ms). Higher: later copies are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Detours (`rows`: the page, help, back) and copies (the error, the copy); `how` says which."""
        both = pl.concat([self._detours(events), self._copies(events)])
        return findings(both.sort("session_id", "start", "trigger_row"), "how")

    def _detours(self, events: pl.LazyFrame) -> pl.LazyFrame:
        rows = events.filter(pl.col("view").ne_missing(pl.col("view").shift()))
        is_help = (pl.col("page_type") == "help").fill_null(value=False)
        helped = is_help & is_help.shift().fill_null(value=False) & same("session_id")
        stays = rows.filter(~helped).filter(~same("session_id", "page"))
        session = pl.col("session_id")
        back = same("page", by=2) & (session == session.shift()) & (session == session.shift(2))
        back &= pl.col("page_type").is_in(COMMITTED) & is_help.shift()
        back &= pl.col("ts") - pl.col("ts").shift() <= span(self.max_detour_ms)
        told = stays.with_columns(
            before=pl.col("row").shift(2), off=pl.col("row").shift(), left=pl.col("ts").shift(2)
        ).filter(back.fill_null(value=False))
        return told.select(
            "session_id",
            "page",
            target=no_target(),
            start="left",
            end="ts",
            events=pl.lit(3),
            rows=pl.concat_list("before", "off", "row"),
            trigger_row="before",
            severity=pl.lit(0.5),
            aside=pl.lit(None, REASON),
            how=pl.lit("detour"),
        )

    def _copies(self, events: pl.LazyFrame) -> pl.LazyFrame:
        kind = pl.col("kind")
        rows = events.filter(kind.is_in([*REFUSED, "copy"]))
        since = pl.col("ts") - pl.col("ts").shift()
        asks = (kind == "copy") & kind.shift().is_in(REFUSED) & same("view") & (since <= span(self.copy_ms))
        told = rows.with_columns(error_row=pl.col("row").shift(), begun=pl.col("ts").shift()).filter(
            asks.fill_null(value=False)
        )
        return told.select(
            "session_id",
            "page",
            target=no_target(),
            start="begun",
            end="ts",
            events=pl.lit(2),
            rows=pl.concat_list("error_row", "row"),
            trigger_row="row",
            severity=pl.lit(0.6),
            aside=pl.lit(None, REASON),
            how=pl.lit("copy"),
        )
