"""Mis tap: a finger that hits the wrong one of two neighbours.

Finds     A tap on one element and, within `again_ms`, a tap on another one at most
          `near_px` away in the same page view or after coming straight back to the
          page, where the first one did not stay.
Matters   Targets are too small or too close for a finger: people land where they did
          not want to go, and pay with a page load.
Misleads  Keypads, steppers, calendars and star ratings are made of neighbours that are
          tapped in turn: such elements are set aside. Only what says that it was a
          touch counts. It is opt-in, since many lists of small things are used so.
Defaults  48 px is the least distance that guidelines for touch ask for; 1.5 seconds.
Sources   Own rule; sizes of targets after the guidelines of the two mobile systems.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt

from friction.detectors.base import Detector, findings, gap, span
from friction.detectors.look_alike import REPEATABLE, element_reason, first_reason, has
from friction.elements import Flag
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class MisTap(Detector):
    name: ClassVar[str] = "mis_tap"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector", "has_coords"})
    filled: ClassVar[frozenset[str]] = frozenset({"pointer"})
    columns: ClassVar[frozenset[str]] = frozenset({"pointer", "x", "y", "el_flags"})
    opt_in: ClassVar[bool] = True

    near_px: Annotated[float, Gt(0)] = 48.0
    """Longest distance of the two elements tapped (px). Higher: taps further apart are found as well."""
    again_ms: Annotated[int, Ge(1)] = 1_500
    """Longest time to the second tap (ms). Higher: later taps are found as well."""
    back_ms: Annotated[int, Ge(1)] = 5_000
    """Longest time to the second tap after coming back (ms). Higher: later taps are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Pairs of taps; the first is the place, `distance_px` the way between."""
        kind = pl.col("kind")
        taps = events.filter(
            (kind == "click") & (pl.col("pointer") == "touch") & pl.col("target").is_not_null()
        )
        apart = [(pl.col(axis).diff() ** 2).cast(pl.Float64) for axis in ("x", "y")]
        names = ("session_id", "page", "view", "target", "ts", "row", "reason")
        taps = taps.with_columns(reason=_reason(), distance_px=(apart[0] + apart[1]).sqrt())
        pairs = taps.with_columns(pl.col(name).shift().alias(f"{name}_a") for name in names)
        here = (pl.col("session_id") == pl.col("session_id_a")) & (pl.col("page") == pl.col("page_a"))
        other = pl.col("target") != pl.col("target_a")
        limit = (
            pl.when(pl.col("view") == pl.col("view_a"))
            .then(span(self.again_ms))
            .otherwise(span(self.back_ms))
        )
        soon = gap() < limit
        missed = here & other & soon & (pl.col("distance_px") <= self.near_px)
        found = pairs.filter(missed.fill_null(value=False))
        return findings(
            found.select(
                session_id="session_id",
                page="page",
                target="target_a",
                start="ts_a",
                end="ts",
                events=pl.lit(2),
                rows=pl.concat_list("row_a", "row"),
                trigger_row="row_a",
                severity=pl.when(pl.col("view") == pl.col("view_a")).then(0.3).otherwise(0.5),
                aside=pl.coalesce("reason_a", "reason"),
                distance_px="distance_px",
            ),
            "distance_px",
        )


@cache
def _reason() -> pl.Expr:
    toggles = first_reason({"rule": has(Flag.TOGGLE), "opt_out": has(Flag.OPT_OUT)})
    return pl.coalesce(element_reason(REPEATABLE), toggles)
