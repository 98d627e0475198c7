"""Layout shift click: the page moves under the finger, and something else is hit.

Finds     A click at most `after_ms` after the page was measured to shift by `min_shift`
          or more, that is taken back at once: another click on another element of the
          same page view, or a return to the page, within `regret_ms`.
Matters   People do not get what they aimed at, but an advertisement, or "delete".
Misleads  The shift must be measured with its own time; files that tell one sum a page
          (most do) show shifts at its end only, where no click follows. A second click
          may have been planned. It is opt-in, since few sources can feed it.
Defaults  Half a second, the time that browsers forgive after an input; a shift of 0.05
          moves half a screen by a tenth.
Sources   Layout Instability (W3C) for the measure; the rule is our own.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge, Gt

from friction.detectors.base import Detector, findings, span
from friction.detectors.look_alike import GESTURE, VIEWS, gesture_reason
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class LayoutShiftClick(Detector):
    name: ClassVar[str] = "layout_shift_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector", "has_vitals"})
    filled: ClassVar[frozenset[str]] = frozenset({"cls"})
    columns: ClassVar[frozenset[str]] = GESTURE | {"cls"}
    opt_in: ClassVar[bool] = True

    min_shift: Annotated[float, Gt(0)] = 0.05
    """Smallest shift of the page (CLS score). Higher: only larger shifts count."""
    after_ms: Annotated[int, Ge(1)] = 500
    """Longest time from the shift to the click (ms). Higher: more clicks are put down to a shift."""
    regret_ms: Annotated[int, Ge(1)] = 3_000
    """Time in which the click is taken back (ms). Higher: more clicks count as taken back."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks after a shift that were taken back, with the `shift`; `rows`: shift, click, what took it back."""
        kind = pl.col("kind")
        shifts = (kind == "web_vital") & (pl.col("cls") >= self.min_shift).fill_null(value=False)
        rows = events.filter(shifts | (kind == "click") | kind.is_in(VIEWS))
        names = ("ts", "row", "view", "cls", "kind")
        rows = rows.with_columns(pl.col(name).shift().alias(f"{name}_a") for name in names)
        later = ("ts", "row", "session_id", "page", "target", "view", "kind")
        for by in (1, 2):
            rows = rows.with_columns(pl.col(name).shift(-by).alias(f"{name}_{by}") for name in later)
        moved = (pl.col("kind_a") == "web_vital") & (pl.col("view_a") == pl.col("view"))
        moved &= pl.col("ts") - pl.col("ts_a") <= span(self.after_ms)
        elsewhere = (pl.col("kind_1") == "click") & (pl.col("view_1") == pl.col("view"))
        elsewhere &= pl.col("target_1").ne_missing(pl.col("target")) & self._soon(1)
        back = pl.col("kind_1").is_in(VIEWS) & pl.col("kind_2").is_in(VIEWS) & self._soon(2)
        back &= pl.col("page_2") == pl.col("page")
        taken_back = (elsewhere | back).fill_null(value=False)
        found = rows.filter((kind == "click") & moved.fill_null(value=False) & taken_back)
        by_click = elsewhere.fill_null(value=False)
        return findings(
            found.select(
                "session_id",
                "page",
                "target",
                start="ts_a",
                end=pl.when(by_click).then("ts_1").otherwise("ts_2"),
                events=pl.lit(3),
                rows=pl.concat_list("row_a", "row", pl.when(by_click).then("row_1").otherwise("row_2")),
                trigger_row="row",
                severity=(0.4 + pl.col("cls_a")).clip(upper_bound=0.9),
                aside=gesture_reason(),
                shift="cls_a",
            ),
            "shift",
        )

    def _soon(self, by: int) -> pl.Expr:
        here = pl.col(f"session_id_{by}") == pl.col("session_id")
        return here & (pl.col(f"ts_{by}") - pl.col("ts") <= span(self.regret_ms))
