"""Quick back: a page that people leave within seconds, back to where they came from.

Finds     A visitor goes from page A to page B and back to A, with less than
          `max_dwell_ms` on B; B is the place of the finding. Views of one page that
          follow each other (reloads, tabs, filters, hashes) are one stay.
Matters   What the link to B promised was not there, or B was not ready.
Misleads  Someone who compares the entries of a list goes back from each: from
          `pogo_pages` different pages in a row on it is set aside (`rule`). So is a B
          where the visitor did what it is for (sent a form, put something into the
          cart, searched, downloaded). Pages of one template (product to product) do
          not count. Time in a hidden tab counts as time on B.
Defaults  Seven seconds. Less than half a second is a redirect.
Sources   Two tools publish the idea without a number; seven seconds is what a third
          is said to use. Return to the same address, where addresses are known.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, same, span
from friction.detectors.look_alike import first_reason
from friction.values import dataclass

DONE = ("submit", "add_to_cart", "search", "download", "conversion", "outlink")


@dataclass(frozen=True, kw_only=True)
class QuickBack(Detector):
    name: ClassVar[str] = "quick_back"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_views"})
    columns: ClassVar[frozenset[str]] = frozenset({"url"})
    coded: ClassVar[dict[str, str]] = {"from_page": "page"}
    outcome: ClassVar[bool] = True
    cost_follows: ClassVar[bool] = True

    min_dwell_ms: Annotated[int, Ge(0)] = 500
    """Shortest stay on the page (ms). Higher: more returns are taken for redirects."""
    max_dwell_ms: Annotated[int, Ge(1)] = 7_000
    """Longest stay on the page (ms). Higher: later returns are found as well."""
    pogo_pages: Annotated[int, Ge(2)] = 3
    """Pages in a row that are a comparison. Higher: fewer returns to a list are set aside."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Returns, with `from_page` (A) and `dwell_ms`; `rows` are the openings of B (the trigger) and A."""
        returns = _stays(events).with_row_index("at").filter(self._returns()).with_columns(chain=_chain())
        chained = pl.any_horizontal(_in_chain(by, self.pogo_pages) for by in range(self.pogo_pages))
        aside = first_reason({"rule": chained | (pl.col("done") > pl.col("done_b"))})
        dwell = (pl.col("ts") - pl.col("ts_b")).dt.total_milliseconds()
        found = returns.select(
            "session_id",
            page="page_b",
            target=pl.when(False).then("target"),
            start="ts_b",
            end="ts",
            events=pl.lit(2),
            rows=pl.concat_list("row_b", "row"),
            trigger_row="row_b",
            severity=1 - 0.7 * dwell / self.max_dwell_ms,
            aside=aside,
            from_page="page",
            dwell_ms=dwell,
        )
        return findings(found, "from_page", "dwell_ms")

    def _returns(self) -> pl.Expr:
        """This stay is on the page, and at the address, that the stay before the last was on."""
        dwell = pl.col("ts") - pl.col("ts_b")
        session = pl.col("session_id")
        back = same("page", by=2) & (session == session.shift()) & (session == session.shift(2))
        address = pl.col("url").eq(pl.col("left_url_b")).fill_null(value=True)
        in_time = (dwell >= span(self.min_dwell_ms)) & (dwell < span(self.max_dwell_ms))
        return (back & address & in_time).fill_null(value=False)


def _stays(events: pl.LazyFrame) -> pl.LazyFrame:
    """First rows of stays on a page; `_b` is the stay before, `left_url` the address left for this one."""
    opens = ~same("session_id", "view")
    rows = events.with_columns(opens=opens).filter(pl.col("opens") | pl.col("kind").is_in(DONE))
    views = rows.with_columns(done=pl.col("kind").is_in(DONE).cum_sum()).filter("opens")
    stays = views.with_columns(left_url=pl.col("url").shift()).filter(~same("session_id", "page"))
    names = ("ts", "row", "page", "url", "done", "left_url")
    return stays.with_columns(pl.col(name).shift().alias(f"{name}_b") for name in names)


@cache
def _chain() -> pl.Expr:
    """Numbers of the series of returns to one page, each time from another address than before."""
    goes_on = same("session_id", "page") & (pl.col("at") - pl.col("at").shift() == 2)
    return (~(goes_on & pl.col("url_b").ne_missing(pl.col("url_b").shift()))).cum_sum()


@cache
def _in_chain(by: int, pages: int) -> pl.Expr:
    return pl.col("chain").shift(-by).eq(pl.col("chain").shift(pages - 1 - by)).fill_null(value=False)
