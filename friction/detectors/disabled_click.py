"""Disabled click: a click on a control that is switched off.

Finds     Clicks on an element that is disabled, by its attribute or its classes; those
          on one element that follow each other in a page view are one finding.
Matters   The visitor wants to go on and is not told what is missing: a box to tick, a
          size to choose, a field out of sight.
Misleads  An option that is sold out is shown as switched off on purpose, and still
          makes a shop's visitor click. Browsers do not report clicks on buttons that
          are truly disabled; recorders mostly do.
Defaults  One click is enough: nobody clicks a greyed button to pass the time.
Sources   Own rule; one vendor names greyed options as a find worth a redesign.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gathered, same
from friction.detectors.look_alike import GESTURE, first_reason, gesture_reason, has, majority
from friction.elements import Flag
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class DisabledClick(Detector):
    name: ClassVar[str] = "disabled_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector"})
    columns: ClassVar[frozenset[str]] = GESTURE | {"el_flags"}

    min_clicks: Annotated[int, Ge(1)] = 1
    """Minimum clicks on one disabled element. Higher: only repeated clicks are found."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Runs of clicks on one disabled element."""
        clicks = events.filter(
            (pl.col("kind") == "click") & has(Flag.DISABLED) & pl.col("target").is_not_null()
        )
        reason = pl.coalesce(first_reason({"opt_out": has(Flag.OPT_OUT)}), gesture_reason())
        run = (~same("session_id", "view", "page", "target")).cum_sum()
        found = gathered(clicks.with_columns(run=run, reason=reason), "run", aside=majority("reason"))
        enough = found.filter(pl.col("events") >= self.min_clicks)
        severity = (0.5 + 0.1 * pl.col("events")).clip(upper_bound=0.9)
        return findings(enough.with_columns(severity=severity))
