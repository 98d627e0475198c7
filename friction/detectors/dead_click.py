"""Dead click: a click on something that looks clickable and does nothing.

Finds     A click on a known target that neither the page nor the browser answers
          within `timeout_ms`, nor between the press (or `lookback_ms` before the
          click) and the click. Dead clicks on one target less than `repeat_ms`
          apart are one finding.
Matters   The visitor was promised something: a broken handler, a card whose title
          alone is a link, a button that waits for a script.
Misleads  Nobody sees a native file or date picker, a download, a new tab or a game:
          such elements are set aside, plain text too,
          and the tab or choice that is chosen already. A click in the last moments of
          a session cannot be judged. On pages that move all the time every click
          seems answered, so dead clicks are missed there. Who tries another element
          and gets an answer within `window_ms` got it for that one.
Defaults  Three seconds. Scrolling answers a click within 0.3 s only, hiding the tab
          or moving the focus to another window within a second either way. Clicks of
          a burst of `burst_clicks` are left to the rage click (`same_click`).
Sources   Compared rules of eight open tools, which wait from 0.1 to 7 s; their
          trackers name menus that open on press, labels, dialogs and new tabs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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
from friction.detectors.nearest import Nearest
from friction.elements import Flag
from friction.values import dataclass

SCROLLS = ("scroll", "scroll_end")
KEPT = ("session_id", "page", "target", "view", "row", "ts")
"""Columns of a click that its finding needs."""
TRY_US = 500_000
"""Nobody decides to try something else in less."""


@dataclass(frozen=True, kw_only=True)
class DeadClick(Detector):
    name: ClassVar[str] = "dead_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector", "has_dom_reaction"})
    columns: ClassVar[frozenset[str]] = GESTURE | {
        *("el_flags", "field", "press_ms", "response_delay_ms", "selection_empty"),
    }

    timeout_ms: Annotated[int, Ge(1)] = 3_000
    """Time to wait for an answer (ms). Higher: fewer clicks are dead, later answers count."""
    lookback_ms: Annotated[int, Ge(0)] = 100
    """Time before a click in which an answer counts (ms). Higher: fewer clicks are dead."""
    scroll_ms: Annotated[int, Ge(0)] = 300
    """Time in which scrolling answers a click (ms). Higher: fewer clicks are dead."""
    window_ms: Annotated[int, Ge(0)] = 1_000
    """Time for a change of tab or window, or for another try (ms). Higher: more changes of tab or window are
    answers, and more answers are put down to the element tried next."""
    repeat_ms: Annotated[int, Ge(1)] = 1_000
    """Gap below which dead clicks on one element are one (ms). Higher: fewer findings, of more clicks
    each."""
    burst_clicks: Annotated[int, Ge(2)] = 4
    """Minimum clicks in a burst left to the rage click. Higher: fewer dead clicks are set aside."""
    burst_ms: Annotated[int, Ge(1)] = 1_000
    """Time window for the clicks of such a burst (ms). Higher: more dead clicks are set aside."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Dead clicks, repeats gathered."""
        clicks = self._in_bursts(_clicks(events))
        clicks = clicks.with_columns(**_next_try())
        dead = clicks.filter(pl.col("target").is_not_null() & ~self._answered().fill_null(value=False))
        repeat = same("session_id", "page", "view", "target") & (gap() < span(self.repeat_ms))
        dead = dead.select(*KEPT, "known", starts=~repeat.fill_null(value=False), reason=self._reason())
        return findings(_gathered(dead))

    def _answered(self) -> pl.Expr:
        """By an answer before or after, a scroll or the window, or as the source says (`_clicks`)."""
        press = pl.col("press_ms").fill_null(0).clip(self.lookback_ms, 10_000) * 1_000
        since, until = pl.col("us") - pl.col("before"), pl.col("soft") - pl.col("us")
        window = self.window_ms * 1_000
        reported = (pl.col("response_delay_ms").cast(pl.Float64) * 1_000).cast(pl.Int64)
        return pl.any_horizontal(
            self._answers_this(pl.col("after") - pl.col("us")),
            since <= pl.when("before_window").then(window).otherwise(press),
            until <= pl.when("soft_window").then(window).otherwise(self.scroll_ms * 1_000),
            self._answers_this(reported).fill_null(value=False),
        )

    def _answers_this(self, delay: pl.Expr) -> pl.Expr:
        """In time, and not the answer to a click on another element that came just before it."""
        late = delay - pl.col("next_try")
        to_another = (late >= 0) & (late <= self.window_ms * 1_000)
        return (delay < self.timeout_ms * 1_000) & ~to_another.fill_null(value=False)

    def _in_bursts(self, clicks: pl.LazyFrame) -> pl.LazyFrame:
        """Mark the clicks that are part of a rage click."""
        link = same("session_id", "page", "view", "target") & (gap() < span(self.burst_ms))
        numbered = clicks.with_columns(run=(~link.fill_null(value=False)).cum_sum())
        last = quick("run", self.burst_clicks, self.burst_ms)
        return numbered.with_columns(in_burst=reaching_back(last, self.burst_clicks))

    def _reason(self) -> pl.Expr:
        too_late = pl.col("after").is_null() & (pl.col("ended") - pl.col("us") < self.timeout_ms * 1_000)
        return pl.coalesce(
            "excuse", first_reason({"recording_end": too_late, "same_click": pl.col("in_burst")})
        )


def _clicks(events: pl.LazyFrame) -> pl.LazyFrame:
    """Clicks, with the times (µs) of what is near in their session; null where there is nothing.

    `after`: the next answer; `ended`: the last row of the session. `before`, `soft`: the answer or change of window
    before, and the scroll or change of window after; `…_window`, whether it is the latter. Only the nearest row
    counts (who scrolls on and then leaves was not answered by leaving). `excuse`: why none was to be expected.
    """
    us, is_click, answers, window = (
        pl.col("ts").to_physical(),
        pl.col("kind") == "click",
        _answers(),
        _window(),
    )
    rows = events.select(
        "session_id",
        us=us,
        click=is_click,
        window=window,
        before=window | answers,
        after=answers | _other_control(),
        soft=window | pl.col("kind").is_in(SCROLLS),
    ).collect(engine="in-memory")
    near = Nearest(rows["session_id"], rows["click"])
    before, soft = near.before(rows["before"]), near.after(rows["soft"])
    excuse = pl.coalesce(element_reason(SILENT), gesture_reason())
    asked = ("press_ms", "response_delay_ms")
    clicks = events.filter(is_click).select(*KEPT, *asked, us=us, excuse=excuse, known=_known())
    return (
        clicks.collect(engine="in-memory")
        .lazy()
        .with_columns(
            before=rows["us"][before],
            before_window=rows["window"][before],
            after=rows["us"][near.after(rows["after"])],
            soft=rows["us"][soft],
            soft_window=rows["window"][soft],
            ended=rows["us"][near.ends],
        )
    )


@cache
def _next_try() -> Mapping[str, pl.Expr]:
    """`next_try`: time (µs) to the next click where that is on another element of the same view, and not by the same
    hand's movement (a label sends its field a click of its own).
    """
    elsewhere = pl.col("target").shift(-1).ne(pl.col("target"))
    here = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in ("session_id", "view")
    )
    wait = pl.col("us").shift(-1) - pl.col("us")
    return {"next_try": pl.when(here & elsewhere & (wait >= TRY_US)).then(wait)}


@cache
def _answers() -> pl.Expr:
    return pl.col("kind").is_in(REACTIONS) | something_selected()


@cache
def _window() -> pl.Expr:
    """The tab was hidden or shown, or the window lost or got the focus (a focus without element)."""
    nowhere = pl.col("target").is_null() & pl.col("field").is_null()
    return (pl.col("kind") == "visibility") | (pl.col("kind").is_in(["focus", "blur"]) & nowhere)


@cache
def _other_control() -> pl.Expr:
    """The focus moved elsewhere than to the element clicked just before: by a label, or a form."""
    own = (pl.col("kind").shift() == "click") & pl.col("target").eq(pl.col("target").shift())
    somewhere = pl.col("target").is_not_null() | pl.col("field").is_not_null()
    return (pl.col("kind") == "focus") & somewhere & ~own.fill_null(value=False)


def _gathered(dead: pl.LazyFrame) -> pl.LazyFrame:
    """One row a run. Most runs are a single click, which needs no group-by."""
    alone = pl.col("starts") & pl.col("starts").shift(-1, fill_value=True)
    clicks = dead.with_columns(run=pl.col("starts").cum_sum(), alone=alone)
    single = clicks.filter("alone").select(
        "run",
        "session_id",
        "page",
        "target",
        start="ts",
        end="ts",
        events=pl.lit(1, pl.UInt32),
        rows=pl.concat_list("row"),
        trigger_row="row",
        known="known",
        aside="reason",
    )
    several = (
        clicks.filter(~pl.col("alone"))
        .group_by("run")
        .agg(
            pl.col("session_id", "page", "target").first(),
            start=pl.col("ts").first(),
            end=pl.col("ts").last(),
            events=pl.len().cast(pl.UInt32),
            rows=pl.col("row"),
            trigger_row=pl.col("row").first(),
            known=pl.col("known").first(),
            aside=majority("reason"),
        )
    )
    return pl.concat([single, several]).sort("run").with_columns(severity=_severity())


@cache
def _known() -> pl.Expr:
    return has(Flag.INTERACTIVE) | has(Flag.DISABLED)


@cache
def _severity() -> pl.Expr:
    """0.6 for an element known to be interactive, else 0.4; 0.1 more for each repeat, 0.3 at most."""
    repeats = pl.col("events").clip(1, 4).cast(pl.Int32) - 1
    return pl.when("known").then(0.6).otherwise(0.4) + 0.1 * repeats
