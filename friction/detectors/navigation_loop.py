"""Navigation loop: going round the same few pages.

Finds     A visitor who goes to and fro between two addresses, or round three, with at
          most `max_stay_ms` on each, until `min_returns` pages in a row are ones they
          came from: A, B, A, B, A, B.
Matters   What they look for is on neither page, though each seems to promise it; or a
          redirect sends them back.
Misleads  Whoever compares goes back to a list from one thing after the other: those
          addresses differ, so it is no loop. Where something was done on the way (sent,
          put into the cart, searched, downloaded) the round served a purpose.
Defaults  Four returns, a minute on each page.
Sources   Own rule; every catalogue of frustrations names it, none gives a number.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import (
    REASON,
    Detector,
    findings,
    gap,
    gathered,
    long_runs,
    no_target,
    same,
    span,
)
from friction.detectors.look_alike import DONE, counted
from friction.values import dataclass

PLACE = ("page", "url")


@dataclass(frozen=True, kw_only=True)
class NavigationLoop(Detector):
    name: ClassVar[str] = "navigation_loop"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"url"})
    cost_follows: ClassVar[bool] = True

    min_returns: Annotated[int, Ge(2)] = 4
    """Minimum returns in a row. Higher: only longer loops are found."""
    max_stay_ms: Annotated[int, Ge(1)] = 60_000
    """Longest stay on each page (ms). Higher: slower loops are found as well."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Loops, with how many `pages` are in the circle; `rows` are the openings that were returns."""
        stays = _stays(events).with_columns(of_two=self._returns(2), of_three=self._returns(3))
        returned = pl.col("of_two") | pl.col("of_three")
        loops = stays.with_columns(run=(~returned).cum_sum()).filter(returned)
        meets = pl.int_range(pl.len()) >= self.min_returns - 1
        found = gathered(
            loops.filter(long_runs("run", self.min_returns)),
            "run",
            page=pl.col("page").filter(meets).first(),
            trigger_row=pl.col("row").filter(meets).first(),
            pages=pl.when(pl.col("of_two").all()).then(2).otherwise(3),
        )
        enough = found.filter(pl.col("events") >= self.min_returns)
        severity = (0.3 + 0.05 * pl.col("events")).clip(upper_bound=0.8)
        aside = pl.lit(None, REASON)
        return findings(enough.with_columns(target=no_target(), severity=severity, aside=aside), "pages")

    def _returns(self, by: int) -> pl.Expr:
        """This stay is where the one `by` stays before was, with nothing done since, soon after the one before."""
        here = same("session_id", *PLACE, "done", by=by) & (gap() <= span(self.max_stay_ms))
        return here.fill_null(value=False)


def _stays(events: pl.LazyFrame) -> pl.LazyFrame:
    """First rows of stays at one address, with a running count of what was done."""
    opens = pl.col("view").ne_missing(pl.col("view").shift())
    views = events.with_columns(done=counted(pl.col("kind").is_in(DONE))).filter(opens)
    return views.filter(~same("session_id", *PLACE))
