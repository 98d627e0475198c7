"""Dead click: a click on something that looks clickable and does nothing.

Finds     A click on a known target that neither the page nor the browser answers
          within `timeout_ms`, nor between the press (or `lookback_ms` before the
          click) and the click. Dead clicks on one target less than `repeat_ms`
          apart are one finding.
Matters   The visitor was promised something: a broken handler, a card whose title
          alone is a link, a button that waits for a script.
Misleads  Nobody sees a native file or date picker, a download, a new tab or a game:
          such elements are set aside, plain text too. A click in the last moments of
          a session cannot be judged. On pages that move all the time every click
          seems answered, so dead clicks are missed there.
Defaults  Three seconds. Scrolling answers a click within 0.3 s only, hiding the tab
          or moving the focus to another window within a second either way. Clicks of
          a burst of `burst_clicks` are left to the rage click (`same_click`).
Sources   Compared rules of eight open tools, which wait from 0.1 to 7 s; their
          trackers name menus that open on press, labels, dialogs and new tabs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gap, quick, reaching_back, same, span
from friction.detectors.look_alike import (
    GESTURE,
    REACTIONS,
    SILENT,
    element_reason,
    first_reason,
    gesture_reason,
    has,
    majority,
    something_selected,
)
from friction.elements import Flag

SCROLLS, WINDOW = ("scroll", "scroll_end"), ("visibility", "focus", "blur")
NEVER_US = 1 << 61
"""Later than any time: the mark at the end of a session, so that nothing is filled over from the next one."""


@dataclass(frozen=True, kw_only=True)
class DeadClick(Detector):
    name: ClassVar[str] = "dead_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector", "has_dom_reaction"})
    columns: ClassVar[frozenset[str]] = GESTURE | {
        *("el_flags", "field", "press_ms", "response_delay_ms", "selection_empty"),
    }

    timeout_ms: Annotated[int, Ge(1)] = 3_000
    lookback_ms: Annotated[int, Ge(0)] = 100
    scroll_ms: Annotated[int, Ge(0)] = 300
    window_ms: Annotated[int, Ge(0)] = 1_000
    repeat_ms: Annotated[int, Ge(1)] = 1_000
    burst_clicks: Annotated[int, Ge(2)] = 4
    burst_ms: Annotated[int, Ge(1)] = 1_000

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Dead clicks, repeats gathered."""
        clicks = self._in_bursts(self._with_reactions(events).filter(pl.col("kind") == "click"))
        dead = clicks.filter(pl.col("target").is_not_null() & ~self._answered().fill_null(value=False))
        repeat = same("session_id", "page", "view", "target") & (gap() < span(self.repeat_ms))
        runs = dead.with_columns(run=(~repeat.fill_null(value=False)).cum_sum(), reason=self._reason())
        found = runs.group_by("run").agg(
            pl.col("session_id", "page", "target").first(),
            start=pl.col("ts").first(),
            end=pl.col("ts").last(),
            events=pl.len(),
            rows=pl.col("row"),
            trigger_row=pl.col("row").first(),
            severity=_severity(),
            aside=majority("reason"),
        )
        return findings(found.sort("run"))

    def _with_reactions(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks and reactions, each with the times (µs) of the nearest reactions before and after.

        One fill a class of reaction; a mark at each end of a session stops it. `after` beyond `NEVER_US` says that
        nothing follows, and when the session ended.
        """
        kinds = ["click", *REACTIONS, *SCROLLS, *WINDOW, "selection"]
        opens, ends = _session_edges()
        rows = events.with_columns(us=pl.col("ts").to_physical(), opens=opens, ends=ends)
        rows = rows.filter(pl.col("kind").is_in(kinds) | pl.col("ends") | pl.col("opens"))
        before = {"before": _answers(), "window_before": _window()}
        after = {"after": _answers() | _other_control(), "scroll_after": _scrolls(), "window_after": _window()}
        never = pl.lit(NEVER_US)
        return rows.with_columns(
            *(_times(claim, "opens", -never).forward_fill().alias(name) for name, claim in before.items()),
            *(_times(claim, "ends", pl.col("us") + never).backward_fill().alias(name) for name, claim in after.items()),
        )

    def _answered(self) -> pl.Expr:
        press = pl.col("press_ms").fill_null(0).clip(self.lookback_ms, 10_000) * 1_000
        return pl.any_horizontal(
            pl.col("after") - pl.col("us") < self.timeout_ms * 1_000,
            pl.col("us") - pl.col("before") <= press,
            pl.col("scroll_after") - pl.col("us") <= self.scroll_ms * 1_000,
            pl.col("window_after") - pl.col("us") <= self.window_ms * 1_000,
            pl.col("us") - pl.col("window_before") <= self.window_ms * 1_000,
            (pl.col("response_delay_ms") < self.timeout_ms).fill_null(value=False),
        )

    def _in_bursts(self, clicks: pl.LazyFrame) -> pl.LazyFrame:
        """Mark the clicks that are part of a rage click."""
        link = same("session_id", "page", "view", "target") & (gap() < span(self.burst_ms))
        numbered = clicks.with_columns(run=(~link.fill_null(value=False)).cum_sum())
        last = quick("run", self.burst_clicks, self.burst_ms)
        return numbered.with_columns(in_burst=reaching_back(last, self.burst_clicks))

    def _reason(self) -> pl.Expr:
        ended = pl.col("after") - NEVER_US
        too_late = (pl.col("after") >= NEVER_US) & (ended - pl.col("us") < self.timeout_ms * 1_000)
        return pl.coalesce(
            element_reason(SILENT),
            gesture_reason(),
            first_reason({"recording_end": too_late, "same_click": pl.col("in_burst")}),
        )


def _session_edges() -> tuple[pl.Expr, pl.Expr]:
    session = pl.col("session_id")
    return session.ne_missing(session.shift()), session.ne_missing(session.shift(-1))


def _times(claim: pl.Expr, edge: str, mark: pl.Expr) -> pl.Expr:
    return pl.when(claim).then("us").when(edge).then(mark)


def _answers() -> pl.Expr:
    return pl.col("kind").is_in(REACTIONS) | something_selected()


def _scrolls() -> pl.Expr:
    return pl.col("kind").is_in(SCROLLS)


def _window() -> pl.Expr:
    """The tab was hidden or shown, or the window lost or got the focus (a focus without element)."""
    nowhere = pl.col("target").is_null() & pl.col("field").is_null()
    return (pl.col("kind") == "visibility") | (pl.col("kind").is_in(["focus", "blur"]) & nowhere)


def _other_control() -> pl.Expr:
    """The focus moved to another element than the one clicked last: a label, or a form that leads on."""
    clicked = pl.when(pl.col("kind") == "click").then("target").forward_fill()
    somewhere = pl.col("target").is_not_null() | pl.col("field").is_not_null()
    return (pl.col("kind") == "focus") & somewhere & pl.col("target").ne_missing(clicked)


def _severity() -> pl.Expr:
    """0.6 for an element known to be interactive, else 0.4; 0.1 more for each repeat, 0.3 at most."""
    known = pl.when((has(Flag.INTERACTIVE) | has(Flag.DISABLED)).first()).then(0.6).otherwise(0.4)
    return known + 0.1 * (pl.len().clip(1, 4) - 1)
