"""Failed request: a call of the page to its server that fails without a click before it.

Finds     A request with a status of 400 or more, or 0 (no answer), once a page view
          for each address and status. The request of the page itself is an error
          page; one that starts at most `click_ms` after a click is an error click
          (`same_click`).
Matters   A part of the page stays empty: prices, stock, suggestions, the cart.
Misleads  Some pages ask for what need not be there (a picture, a saved cart), and the
          answer 404 is as good as any. A request for a login (401) is an answer.
          Trackers are blocked by browsers, which looks like no answer.
Defaults  One second, as for error clicks.
Sources   Error rules of four open tools count any status from 400 on.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, gathered, no_target
from friction.detectors.look_alike import blamed_on_click, failed_request, first_reason
from friction.values import dataclass

LOGIN = 401
KEPT = frozenset({"session_id", "ts", "page", "target", "row", "view"})


@dataclass(frozen=True, kw_only=True)
class FailedRequest(Detector):
    name: ClassVar[str] = "failed_request"
    needs: ClassVar[frozenset[str]] = frozenset({"has_requests"})
    filled: ClassVar[frozenset[str]] = frozenset({"http_status"})
    columns: ClassVar[frozenset[str]] = frozenset({"http_status", "error", "error_noise", "req_kind"})

    click_ms: Annotated[int, Ge(0)] = 1_000
    """Time after a click that is left to the error click (ms). Higher: more requests are set aside."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Different failures of a view, with `status` and `error` (what was asked for)."""
        failed = failed_request() & (pl.col("req_kind") != "document").fill_null(value=True)
        found = gathered(
            blamed_on_click(events, failed, KEPT | self.columns, self.click_ms),
            *("view", "error", "http_status"),
            blamed=pl.col("blamed").first(),
            noise=pl.col("error_noise").first(),
        )
        status = pl.col("http_status")
        aside = first_reason(
            {"noise": pl.col("noise"), "login_form": status == LOGIN, "same_click": pl.col("blamed")}
        )
        severity = pl.when((status >= 500) | (status == 0)).then(0.6).otherwise(0.4)
        return findings(
            found.with_columns(target=no_target(), aside=aside, severity=severity, status=status),
            *("status", "error"),
        )
