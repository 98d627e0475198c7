"""Excessive scroll: a page that is scrolled up and down in search of something.

Finds     `min_turns` or more changes of direction within `window_ms` in one page view,
          each between two ways of `min_share` of the page or half a screen, without a
          click or an input in between.
Matters   What people look for is on the page, they believe, and they do not find it.
Misleads  Reading back and forth between a picture and its text looks the same; so do
          pages that load more as one scrolls. Positions must be in the file. It says
          little by itself, and runs only where it is asked for.
Defaults  Five turns in a minute. Positions in per cent of the page are taken where
          those in pixels are missing.
Sources   One vendor names it without a number ("more than expected").
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt

from friction.detectors.base import REASON, Detector, findings, gap, gathered, no_target, quick, same, span
from friction.detectors.look_alike import EDITS
from friction.values import dataclass

ACTS = ("click", *EDITS, "submit")
SCREEN_PX = 800.0
"""Height of a window that does not say its own."""


@dataclass(frozen=True, kw_only=True)
class ExcessiveScroll(Detector):
    name: ClassVar[str] = "excessive_scroll"
    needs: ClassVar[frozenset[str]] = frozenset({"has_scroll"})
    filled: ClassVar[frozenset[str]] = frozenset({"scroll_y|scroll_pct"})
    columns: ClassVar[frozenset[str]] = frozenset({"scroll_y", "scroll_pct", "viewport_h"})
    opt_in: ClassVar[bool] = True

    min_turns: Annotated[int, Ge(2)] = 5
    """Minimum changes of direction. Higher: fewer findings."""
    min_share: Annotated[float, Gt(0)] = 0.15
    """Share of the page between two turns (0–1). Higher: shorter scrolls do not count; positions in pixels
    are judged by half a screen."""
    window_ms: Annotated[int, Ge(1)] = 60_000
    """Time window for the changes of direction (ms). Higher: slower scrolling is found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of turns; `rows` are the scrolls at which the direction changed."""
        turns = self._turns(events)
        link = same("session_id", "view", "acts") & (gap() < span(self.window_ms))
        numbered = turns.with_columns(run=(~link.fill_null(value=False)).cum_sum()).with_columns(
            meets=quick("run", self.min_turns, self.window_ms)
        )
        found = gathered(
            numbered,
            "run",
            trigger_row=pl.col("row").filter("meets").first(),
            meets=pl.col("meets").any(),
        ).filter("meets")
        severity = (0.2 + 0.03 * pl.col("events")).clip(upper_bound=0.6)
        aside = pl.lit(None, REASON)
        return findings(found.with_columns(target=no_target(), severity=severity, aside=aside))

    def _turns(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Scrolls at which the page turns round: it went far enough before, and goes far enough back."""
        kind = pl.col("kind")
        half = pl.col("viewport_h").fill_null(SCREEN_PX).cast(pl.Float64) / 2
        place = pl.coalesce(pl.col("scroll_y") / half, pl.col("scroll_pct") / (100 * self.min_share))
        rows = events.filter((kind.is_in(["scroll", "scroll_end"]) & place.is_not_null()) | kind.is_in(ACTS))
        rows = rows.with_columns(place=place, acts=kind.is_in(ACTS).cum_sum())
        scrolls = rows.filter(~kind.is_in(ACTS))
        way = pl.when(same("view", "acts")).then(pl.col("place").diff())
        moved = scrolls.with_columns(way=way).filter(pl.col("way").abs() > 0)
        # A way goes on while its sign stays: its extreme is the last position before the sign changes.
        legs = moved.with_columns(
            leg=(~same("view", "acts") | (pl.col("way").sign() != pl.col("way").sign().shift())).cum_sum()
        )
        ends = legs.with_columns(first=pl.col("leg").ne_missing(pl.col("leg").shift()))
        total = pl.col("way").cum_sum()
        begun = pl.when("first").then(total - pl.col("way")).forward_fill()
        last = pl.col("leg").ne_missing(pl.col("leg").shift(-1))
        long = ends.with_columns(far=(total - begun).abs()).filter(last & (pl.col("far") >= 1))
        here = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in ("view", "acts"))
        back = pl.col("way").sign() != pl.col("way").sign().shift(-1)
        return long.filter((here & back).fill_null(value=False))
