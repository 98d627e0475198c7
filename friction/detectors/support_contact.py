"""Support contact: a call for help soon after a visit.

Finds     A ticket, chat or call of the same person within `max_hours` after a session,
          or in it. It stands on the page the ticket names, else on the last page before
          that is no help page.
Matters   Every call costs money, and who has to ask could not do it alone.
Misleads  Not every call is about the site: deliveries, invoices and wishes are called
          about as well, and who uses a site most has most to ask. So the report
          compares sessions with friction and without. A call follows the visit: it is
          an outcome and never held against a page as a cause.
Defaults  Three days. Later calls are rarely about one visit.
Sources   Own rule.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Le

from friction.detectors.base import REASON, Detector, findings, no_target, same
from friction.values import dataclass

HOUR_MS = 3_600_000


@dataclass(frozen=True, kw_only=True)
class SupportContact(Detector):
    name: ClassVar[str] = "support_contact"
    needs: ClassVar[frozenset[str]] = frozenset({"has_tickets"})
    columns: ClassVar[frozenset[str]] = frozenset({"page_type", "duration_ms"})
    outcome: ClassVar[bool] = True
    costed: ClassVar[bool] = False

    max_hours: Annotated[int, Ge(1), Le(72)] = 72
    """Longest time from a session to a call for help (hours). Higher: more calls are put down to a
    session."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """One finding a session and page, with how many `contacts` and after how long the first (`delay_ms`)."""
        late = (pl.col("duration_ms") > self.max_hours * HOUR_MS).fill_null(value=False)
        is_call = pl.col("kind") == "ticket"
        opens = ~same("session_id", "view")
        rows = events.with_columns(opens=opens).filter((is_call & ~late) | (pl.col("opens") & ~is_call))
        helps = (pl.col("page_type") == "help").fill_null(value=False)
        own = pl.when(~is_call & ~helps)
        before = rows.with_columns(
            place_session=own.then("session_id").forward_fill(),
            place_page=own.then("page").forward_fill(),
            place_row=own.then("row").forward_fill(),
            place_ts=own.then("ts").forward_fill(),
        ).filter(is_call)
        known = (pl.col("place_session") == pl.col("session_id")).fill_null(value=False)
        moved = known & helps
        placed = before.with_columns(
            pl.when(moved).then(f"place_{name}").otherwise(name).alias(own)
            for name, own in (("page", "page"), ("row", "trigger_row"), ("ts", "since"))
        )
        rows_of = pl.concat_list(pl.col("trigger_row"), pl.col("row")).explode().unique().sort()
        calls = placed.group_by("session_id", "page").agg(
            target=no_target().first(),
            start=pl.col("since").min(),
            end=pl.col("ts").max(),
            events=rows_of.len(),
            rows=rows_of,
            trigger_row=pl.col("trigger_row").min(),
            contacts=pl.len().cast(pl.UInt32),
            delay_ms=pl.col("duration_ms").min().cast(pl.Float64),
        )
        severity = (0.5 + 0.1 * pl.col("contacts")).clip(upper_bound=0.9)
        told = calls.sort("trigger_row", "start").with_columns(severity=severity, aside=pl.lit(None, REASON))
        return findings(told, "contacts", "delay_ms")
