"""Orientation flip: a device that is turned to and fro on one page.

Finds     `min_flips` or more turns of the screen (width and height change places)
          within `window_ms` in one page view.
Matters   The page does not fit: a table that is cut off, text too small to read, a
          video that does not fill the screen.
Misleads  A device that is handed on or laid down turns as well. A window whose size is
          changed by hand is none that turns: width and height must change places
          within `tolerance`.
Defaults  Two turns in a minute: there and back.
Sources   Own rule; wanted in the trackers of two tools.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt

from friction.detectors.base import REASON, Detector, findings, gap, gathered, no_target, quick, same, span
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class OrientationFlip(Detector):
    name: ClassVar[str] = "orientation_flip"
    filled: ClassVar[frozenset[str]] = frozenset({"viewport_w", "viewport_h", "resize"})
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"viewport_w", "viewport_h"})
    opt_in: ClassVar[bool] = True

    min_flips: Annotated[int, Ge(2)] = 2
    """Minimum turns of the screen. Higher: fewer findings."""
    window_ms: Annotated[int, Ge(1)] = 60_000
    """Time window for the turns (ms). Higher: slower turns are found as well."""
    tolerance: Annotated[float, Gt(0)] = 0.25
    """Deviation allowed as width and height swap (0.25: by 25 %). Higher: more changes of size count as
    turns."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Series of turns; `rows` are the changes of size."""
        sizes = events.filter(pl.col("viewport_w").is_not_null() & pl.col("viewport_h").is_not_null())
        width, height = pl.col("viewport_w"), pl.col("viewport_h")
        turned = (width > height) != (width.shift() > height.shift())
        alike = [
            (now / before - 1).abs() <= self.tolerance
            for now, before in ((width, height.shift()), (height, width.shift()))
        ]
        flips = sizes.filter(
            ((pl.col("kind") == "resize") & turned & alike[0] & alike[1] & same("session_id")).fill_null(
                value=False
            )
        )
        link = same("session_id", "view") & (gap() < span(self.window_ms))
        numbered = flips.with_columns(run=(~link.fill_null(value=False)).cum_sum()).with_columns(
            meets=quick("run", self.min_flips, self.window_ms)
        )
        found = gathered(
            numbered, "run", trigger_row=pl.col("row").filter("meets").first(), meets=pl.col("meets").any()
        ).filter("meets")
        severity = (0.3 + 0.05 * pl.col("events")).clip(upper_bound=0.6)
        aside = pl.lit(None, REASON)
        return findings(found.with_columns(target=no_target(), severity=severity, aside=aside))
