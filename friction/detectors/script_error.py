"""Script error: an error of the page's own code that no click set off.

Finds     An error of a script, once a page view for each message; what fails names
          the place. One that comes at most `click_ms` after a click is an error click
          (`same_click`).
Matters   Whatever the code was to do does not happen: a menu that does not open, a
          price that is not shown, a page that stays white.
Misleads  Many errors do no harm anybody sees: look at the moments before calling one
          a friction, the cost says whether people leave. Errors without a message
          from other sites, of browser extensions and of layout observers are set
          aside. Console messages are not taken for errors.
Defaults  Two seconds, as for error clicks.
Sources   Error rules of four open tools.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gathered
from friction.detectors.look_alike import blamed_on_click, first_reason
from friction.values import dataclass

KEPT = frozenset({"session_id", "ts", "page", "target", "row", "view"})


@dataclass(frozen=True, kw_only=True)
class ScriptError(Detector):
    name: ClassVar[str] = "script_error"
    needs: ClassVar[frozenset[str]] = frozenset({"has_errors"})
    columns: ClassVar[frozenset[str]] = frozenset({"error", "error_noise"})
    coded: ClassVar[dict[str, str]] = {"target": "error"}

    click_ms: Annotated[int, Ge(0)] = 2_000
    """Time after a click that is left to the error click (ms). Higher: more errors are set aside."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Different errors of a view; the target is the message, `times` how often it came."""
        found = gathered(
            blamed_on_click(events, pl.col("kind") == "error", KEPT | self.columns, self.click_ms),
            *("view", "error"),
            blamed=pl.col("blamed").first(),
            noise=pl.col("error_noise").first(),
        )
        aside = first_reason({"noise": pl.col("noise"), "same_click": pl.col("blamed")})
        severity = (0.4 + 0.05 * pl.col("events")).clip(upper_bound=0.7)
        found = found.with_columns(target="error", aside=aside, severity=severity)
        return findings(found.with_columns(times="events"), "times")
