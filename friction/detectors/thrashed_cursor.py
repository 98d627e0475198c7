"""Thrashed cursor: the mouse is moved to and fro quickly.

Finds     `min_turns` or more sharp turns of the mouse within `window_ms` in one page
          view, each after a way of `min_way_px` or more.
Matters   Impatience while something loads, or a search for where to go on.
Misleads  Some move the mouse as they read or think; dragging, drawing, maps and games
          are made of it: moves with something held down between are left out. A
          recorder that writes fewer than ten positions a second cannot show it. It
          says little by itself, and runs only where it is asked for.
Defaults  Eight turns of more than a right angle in two seconds.
Sources   Compared rules of three open tools (10 to 20 changes of direction, or a score
          of speed, way and turns); the doubled default of one tells of false alarms.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt

from friction.detectors.base import REASON, Detector, findings, gap, gathered, no_target, quick, same, span
from friction.values import dataclass

HOLDS = ("pointer_down", "pointer_up", "click", "touch_start", "touch_end")


@dataclass(frozen=True, kw_only=True)
class ThrashedCursor(Detector):
    name: ClassVar[str] = "thrashed_cursor"
    needs: ClassVar[frozenset[str]] = frozenset({"has_moves"})
    columns: ClassVar[frozenset[str]] = frozenset({"x", "y"})
    kinds: ClassVar[frozenset[str]] = frozenset({"mouse_move"})
    opt_in: ClassVar[bool] = True

    min_turns: Annotated[int, Ge(3)] = 8
    """Minimum sharp turns of the mouse. Higher: fewer findings."""
    min_way_px: Annotated[float, Gt(0)] = 40.0
    """Shortest way before each turn (px). Higher: small movements do not count."""
    window_ms: Annotated[int, Ge(1)] = 2_000
    """Time window for the turns (ms). Higher: slower movements are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of turns; `rows` are the moves at which the mouse turned."""
        turns = self._turns(events)
        link = same("session_id", "view", "held") & (gap() < span(self.window_ms))
        numbered = turns.with_columns(run=(~link.fill_null(value=False)).cum_sum()).with_columns(
            meets=quick("run", self.min_turns, self.window_ms)
        )
        found = gathered(
            numbered,
            "run",
            trigger_row=pl.col("row").filter("meets").first(),
            meets=pl.col("meets").any(),
        ).filter("meets")
        severity = (0.3 + 0.02 * pl.col("events")).clip(upper_bound=0.6)
        aside = pl.lit(None, REASON)
        return findings(found.with_columns(target=no_target(), severity=severity, aside=aside))

    def _turns(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Moves after which the mouse goes back: both ways are long enough, the angle is more than a right one."""
        kind = pl.col("kind")
        rows = events.filter(kind.is_in(["mouse_move", *HOLDS]))
        moves = rows.with_columns(held=kind.is_in(HOLDS).cum_sum()).filter(kind == "mouse_move")
        before = [pl.col(axis) - pl.col(axis).shift() for axis in ("x", "y")]
        after = [pl.col(axis).shift(-1) - pl.col(axis) for axis in ("x", "y")]
        long = [way[0] ** 2 + way[1] ** 2 >= self.min_way_px**2 for way in (before, after)]
        back = before[0] * after[0] + before[1] * after[1] < 0
        one_view = same("view", "held") & (pl.col("view") == pl.col("view").shift(-1))
        return moves.filter((long[0] & long[1] & back & one_view).fill_null(value=False))
