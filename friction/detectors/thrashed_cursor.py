"""Thrashed cursor: the mouse is moved to and fro quickly.

Finds     `min_turns` or more sharp turns of the mouse within `window_ms` in one page
          view, each between two ways of `min_way_px` or more.
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
AXES = ("x", "y")
SLOT_MS = 50
"""Recorders write between ten and a hundred positions a second; they are compared at twenty."""


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
        """Moves at which the mouse turns back: the way before is long enough, and so is the one after."""
        kind = pl.col("kind")
        rows = events.filter(kind.is_in(["mouse_move", *HOLDS]))
        moves = rows.with_columns(held=kind.is_in(HOLDS).cum_sum()).filter(kind == "mouse_move")
        ways = _ways(_thinned(moves)).filter(_dot("far", "far") >= self.min_way_px**2)
        return ways.filter((_here_next() & (_dot("far", "far", -1) < 0)).fill_null(value=False))


def _thinned(moves: pl.LazyFrame) -> pl.LazyFrame:
    """The last position of every `SLOT_MS`: between those of a quick recorder the mouse turns little by little."""
    since = pl.when(~same("view", "held")).then("ts").forward_fill()
    moves = moves.with_columns(slot=(pl.col("ts") - since).dt.total_milliseconds() // SLOT_MS)
    again = _here_next() & (pl.col("slot") == pl.col("slot").shift(-1))
    return moves.filter((~again).fill_null(value=True))


def _ways(moves: pl.LazyFrame) -> pl.LazyFrame:
    """The last position of every way on which no step goes back; `far_x`, `far_y`: from its beginning."""
    steps = moves.with_columns(
        pl.when(same("view", "held")).then(pl.col(axis).diff()).alias(f"step_{axis}") for axis in AXES
    ).filter(_dot("step", "step") > 0)
    steps = steps.with_columns(begins=(~same("view", "held") | (_dot("step", "step", 1) < 0)))
    far = {
        f"far_{axis}": pl.col(axis)
        - pl.when("begins").then(pl.col(axis) - pl.col(f"step_{axis}")).forward_fill()
        for axis in AXES
    }
    return steps.with_columns(**far).filter(pl.col("begins").shift(-1, fill_value=True))


def _here_next() -> pl.Expr:
    """The next row is of the same page view, with nothing held down between."""
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in ("view", "held"))


def _dot(one: str, other: str, by: int = 0) -> pl.Expr:
    """The scalar product of two ways, the other `by` rows before: below zero they form more than a right angle."""
    products = [pl.col(f"{one}_{axis}") * pl.col(f"{other}_{axis}").shift(by) for axis in AXES]
    return products[0] + products[1]
