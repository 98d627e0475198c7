"""Slow click: a click that the page answers late.

Finds     A click on a known target after which the first thing to be seen (a change
          of the page, a dialog, another page) comes `slow_ms` or more later, and
          nothing else was done meanwhile. It must come before `timeout_ms`; where
          the click started a request within `request_ms`, before `waiting_ms`.
Matters   People doubt that the click was received, press again, or give up.
Misleads  A change that comes late can have other causes than the click: pages that
          move by themselves answer everything. An answer that shows at once and goes
          on for long is not seen as slow. The click before a page that loads slowly
          is counted here, the page that loads slowly as a slow page.
Defaults  A second and a half: people notice from one second on, and slow devices need
          some of it; three, from which on a click without a request is dead.
Sources   Sentry's slow click (3 to 7 s) is the only open rule; one second is the old
          limit of an uninterrupted train of thought (Miller 1968).
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings
from friction.detectors.look_alike import (
    GESTURE,
    REACTIONS,
    SILENT,
    counted,
    element_reason,
    gesture_reason,
    something_selected,
)
from friction.values import dataclass

SEEN = tuple(kind for kind in REACTIONS if kind not in {"request", "page_leave"})
OTHER = ("click", "scroll", "scroll_end", "keydown", "visibility", "focus", "blur", "page_leave")
KEPT = frozenset({"session_id", "ts", "page", "target", "row"})


@dataclass(frozen=True, kw_only=True)
class SlowClick(Detector):
    name: ClassVar[str] = "slow_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector", "has_dom_reaction"})
    columns: ClassVar[frozenset[str]] = GESTURE | {"el_flags", "response_delay_ms", "selection_empty"}

    slow_ms: Annotated[int, Ge(1)] = 1_500
    """Delay from which an answer is slow (ms). Higher: fewer clicks are slow."""
    timeout_ms: Annotated[int, Ge(1)] = 3_000
    """Longest delay of an answer (ms). Higher: later answers are slow ones as well."""
    request_ms: Annotated[int, Ge(0)] = 1_000
    """Time in which a click starts a request (ms). Higher: more clicks may wait for an answer of the
    server."""
    waiting_ms: Annotated[int, Ge(1)] = 10_000
    """Longest delay of an answer after a request (ms). Higher: later answers are slow ones as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks that were answered late, with `delay_ms`; `rows` are the click alone."""
        late = _with_delays(events, self.columns, self.request_ms).filter(
            pl.col("target").is_not_null() & self._late()
        )
        longest = self.waiting_ms - self.slow_ms
        return findings(
            late.select(
                "session_id",
                "page",
                "target",
                start="ts",
                end="ts",
                events=pl.lit(1),
                rows=pl.concat_list("row"),
                trigger_row="row",
                severity=0.3 + 0.5 * ((pl.col("delay_ms") - self.slow_ms) / longest).clip(0, 1),
                aside=pl.coalesce(element_reason(SILENT), gesture_reason()),
                delay_ms="delay_ms",
            ),
            "delay_ms",
        )

    def _late(self) -> pl.Expr:
        delay = pl.col("delay_ms")
        limit = pl.when("asks").then(self.waiting_ms).otherwise(self.timeout_ms)
        return ((delay >= self.slow_ms) & (delay < limit)).fill_null(value=False)


def _with_delays(events: pl.LazyFrame, columns: frozenset[str], request_ms: int) -> pl.LazyFrame:
    """Clicks with `delay_ms` to what is seen next, null when something else was done before; `asks`, whether a request
    was started by the click. A delay that the source has measured goes before.
    """
    kind, session = pl.col("kind"), pl.col("session_id")
    marks = {
        "seen": kind.is_in(SEEN) | something_selected(),
        "other": kind.is_in(OTHER),
        "asked": kind == "request",
    }
    rows = events.with_columns(us=pl.col("ts").to_physical(), **marks)
    rows = rows.with_columns(counted(pl.col(name)).alias(f"n_{name}") for name in marks)
    here = kind == "click"

    def following(name: str) -> pl.Expr:
        number = pl.col(f"n_{name}").filter(here)
        same_session = session.filter(name).gather(number, null_on_oob=True) == session.filter(here)
        return pl.when(same_session).then(pl.col("us").filter(name).gather(number, null_on_oob=True))

    clicks = rows.select(
        *(pl.col(name).filter(here) for name in sorted(columns | KEPT)),
        us=pl.col("us").filter(here),
        answer=following("seen"),
        other=following("other"),
        request=following("asked"),
    )
    undisturbed = (pl.col("answer") <= pl.col("other")).fill_null(value=True)
    found = pl.when(undisturbed).then(pl.col("answer") - pl.col("us")) / 1_000
    measured = pl.col("response_delay_ms").cast(pl.Float64)
    asks = (pl.col("request") - pl.col("us") <= request_ms * 1_000).fill_null(value=False)
    return clicks.with_columns(delay_ms=pl.coalesce(measured, found), asks=asks | measured.is_not_null())
