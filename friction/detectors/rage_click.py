"""Rage click: a burst of clicks on one element that the page does not answer.

Finds     `min_clicks` or more clicks within a sliding `window_ms` on one target of
          one page view; the burst goes on while each click follows the one before
          in less than `window_ms`, and is one finding. Where the target is unknown,
          clicks at most `radius_px` apart count as one place, provided that all lie
          within `radius_px` of the burst's median point.
Matters   The visitor expects a reaction and sees none: a slow call, a disabled
          button, a picture that looks like a link.
Misleads  Steppers, carousels, text selection and games invite quick clicks: a burst
          of which most clicks have such a reason is set aside with it, and so is one
          of which the page visibly answered most clicks: people just use it briskly.
          A request that hangs or fails is no such answer; after an error nothing
          excuses. A finger that swipes is no tap (`scrolled`) and a mouse that drags no
          click, where the file says where they went down. Up to six quick clicks
          on words that answer no clicks mark them (`text_selection`), also where the
          file does not tell of selections: so anger at words that only look like a
          link is seen from the seventh click on. What turns or counts (pager, stepper …) is no excuse either where
          the session tells of answers and none came. Where the file tells of no
          answers at all, `usual_share` or more of all uses of an element are such bursts,
          and people come back to it within a view, that is how it is used (`usual`).
Defaults  Four clicks in a second. Tools that take three flag triple clicks and
          toggles as well; `min_clicks = 3` is the sensitive variant.
Sources   Compared rules of eleven open tools; complaints in their trackers about
          text selection, number steppers, carousels and scrolling decide the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt, Le

from friction.detectors.base import Detector, findings, gap, in_sessions_of, long_runs, quick, same, span
from friction.detectors.look_alike import (
    GESTURE,
    REPEATABLE,
    SHOWN,
    TURNING,
    dragged,
    element_reason,
    first_reason,
    gesture_reason,
    has,
    majority,
    something_selected,
)
from friction.elements import Flag
from friction.values import dataclass

TRIPLE_MS, TRIPLES = 500, 6
"""Browsers and systems take clicks in less than this for one double or triple click; two triple clicks at most."""
BETWEEN = ("scrolls", "selections", "shown", "hanging", "errors", "changes")
"""What may lie between two clicks of a burst."""


@dataclass(frozen=True, kw_only=True)
class RageClick(Detector):
    name: ClassVar[str] = "rage_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_order"})
    needs_one_of: ClassVar[frozenset[str]] = frozenset({"has_selector", "has_coords"})
    columns: ClassVar[frozenset[str]] = GESTURE | {
        *("el_flags", "x", "y", "selection_empty", "response_delay_ms", "duration_ms", "http_status"),
    }

    min_clicks: Annotated[int, Ge(2)] = 4
    """Minimum clicks in a burst. Higher: only longer bursts are found."""
    window_ms: Annotated[int, Ge(1)] = 1_000
    """Time window for the clicks of a burst (ms). Higher: slower clicks make a burst as well."""
    radius_px: Annotated[float, Gt(0)] = 30.0
    """Radius of one place where the target is unknown (px). Higher: clicks further apart make a burst as
    well."""
    usual_share: Annotated[float, Gt(0), Le(1)] = 0.6
    """Share of uses from which bursts are usual (0–1). Higher: fewer bursts are set aside as the way an
    element is used."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Bursts, with `answered` (clicks with a visible answer, of those followed by another) and `errors`."""
        events = in_sessions_of(self.at_a_glance(events), events, self.columns)
        clicks = self._linked(self._close_in_time(events)).filter(long_runs("run", self.min_clicks))
        # What drags or swipes means to move something, not to press what lies under it.
        clicks = clicks.join(dragged(events), on="row", how="left", maintain_order="left").with_columns(
            reason=pl.coalesce("moved", "reason")
        )
        bursts = clicks.group_by("run").agg(
            pl.col("session_id", "page", "target").first(),
            start=pl.col("ts").first(),
            end=pl.col("ts").last(),
            events=pl.len(),
            rows=pl.col("row"),
            trigger_row=pl.col("row").filter("meets").first(),
            aside=_aside(),
            answered=pl.col("answered").sum().cast(pl.UInt32),
            errors=pl.col("errors").sum().cast(pl.UInt32),
            meets=pl.col("meets").any() & self._in_one_place(),
        )
        found = bursts.filter("meets").sort("run").with_columns(severity=self._severity())
        return findings(found, "answered", "errors")

    def at_a_glance(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks that end enough of them within the window, wherever they are."""
        clicks = events.filter(pl.col("kind") == "click").select("session_id", "ts")
        return clicks.filter(quick("session_id", self.min_clicks, self.window_ms))

    def _close_in_time(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks that have another one of the session near, with running counts of what may lie between."""
        near = same("session_id") & (gap() < span(self.window_ms))
        clicks = events.with_columns(**self._counters()).filter(pl.col("kind") == "click")
        return clicks.with_columns(near=near, **_told()).filter(
            pl.col("near") | pl.col("near").shift(-1, fill_value=False)
        )

    def _counters(self) -> dict[str, pl.Expr]:
        """Running counts; differences are what lies between two clicks. (A count costs a third of a sum.)"""
        kind = pl.col("kind")
        is_request = kind == "request"
        served = (pl.col("duration_ms") < self.window_ms) & pl.col("http_status").is_between(100, 399)
        served = is_request & served.fill_null(value=False)
        claims = (
            kind.is_in(["scroll", "scroll_end"]),
            something_selected(),
            kind.is_in(SHOWN) | served,
            is_request & ~served,
            kind == "error",
            (kind == "mutation") | pl.col("response_delay_ms").is_not_null(),
        )
        counts = (pl.when(claim).then("row").cum_count().cast(pl.Int64) for claim in claims)
        return dict(zip(BETWEEN, counts, strict=True))

    def _linked(self, clicks: pl.LazyFrame) -> pl.LazyFrame:
        """Number the runs of clicks on one place; say what lies between each click and the one before."""
        distance = pl.col("x").diff() ** 2 + pl.col("y").diff() ** 2
        here = pl.col("target").is_not_null() | (distance <= self.radius_px**2).fill_null(value=False)
        link = same("session_id", "page", "view", "target") & (gap() < span(self.window_ms)) & here
        between = {name: pl.when("link").then(pl.col(name).diff()).otherwise(0) for name in BETWEEN}
        # What a recorder takes for an answer may be a request alone: where one hangs, its figure says nothing.
        told = (pl.col("response_delay_ms").cast(pl.Float64) * 1_000).cast(pl.Int64).shift()
        prompt = (told <= gap().dt.total_microseconds()).fill_null(value=False)
        return (
            clicks.with_columns(link=link.fill_null(value=False))
            .with_columns(run=(~pl.col("link")).cum_sum(), **between)
            .with_columns(
                meets=quick("run", self.min_clicks, self.window_ms),
                answered=pl.col("link") & ((pl.col("shown") > 0) | (prompt & (pl.col("hanging") == 0))),
                marks=_marks(),
                reason=pl.coalesce(gesture_reason(), element_reason(REPEATABLE)),
            )
        )

    def _in_one_place(self) -> pl.Expr:
        """Of a burst without target: every click lies within the radius of the median point."""
        off = [(pl.col(axis) - pl.col(axis).median()) ** 2 for axis in ("x", "y")]
        return pl.col("target").first().is_not_null() | ((off[0] + off[1]).max() <= self.radius_px**2)

    def _severity(self) -> pl.Expr:
        """0.3 when most clicks were answered, 0.6 when some were, from 0.8 up when none; 1 after an error."""
        extra = pl.col("events") - self.min_clicks
        patience = (0.8 + 0.05 * extra).clip(upper_bound=1.0)
        return (
            pl.when(pl.col("errors") > 0)
            .then(1.0)
            .when(pl.col("answered") * 2 > pl.col("events") - 1)
            .then(0.3)
            .when(pl.col("answered") > 0)
            .then(0.6)
            .otherwise(patience)
        )


@cache
def _told() -> Mapping[str, pl.Expr]:
    """`told`: between two clicks of this session the page changed, or a recorder says how soon it answered one."""
    session = pl.col("session_id")
    changed = (pl.col("changes").diff() > 0) & same("session_id")
    where = pl.when(changed | pl.col("response_delay_ms").is_not_null()).then(session)
    return {"told": (where.forward_fill() == session) | (where.backward_fill() == session)}


@cache
def _marks() -> pl.Expr:
    """A click of the mouse on words that answer no clicks, soon enough after the one before to mark a word or line."""
    soon = ~pl.col("link") | (gap() < span(TRIPLE_MS)).fill_null(value=False)
    return has(Flag.TEXT) & soon & (pl.col("pointer") != "touch").fill_null(value=True)


@cache
def _aside() -> pl.Expr:
    """Why a burst does not count: most clicks say so, text got selected, or the page scrolled or answered mostly."""
    scrolled = (pl.col("scrolls") > 0).sum() * 2 > pl.len() - 1
    answered = (pl.col("answered").sum() * 2 > pl.len() - 1) & (pl.col("errors").sum() == 0)
    broken = pl.col("told").any() & (pl.col("answered").sum() == 0)
    usual = majority("reason")
    usual = pl.when(~(broken & usual.is_in(TURNING)).fill_null(value=False)).then(usual)
    marked = pl.col("marks").all() & (pl.len() <= TRIPLES) & (pl.col("errors").sum() == 0)
    claims = {
        "text_selection": (pl.col("selections") > 0).any() | marked,
        "scrolled": scrolled,
        "answered": answered,
    }
    return pl.coalesce(usual, first_reason(claims))
