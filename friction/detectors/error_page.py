"""Error page: a page that says it is not there, or that it cannot be shown.

Finds     The view of a page that the server answered with a status of 400 or more,
          or whose own address is that of an error page (`/not-found`).
Matters   A link, an old campaign or a mistyped address leads into nothing; most who
          land there leave, and nobody complains.
Misleads  Programs try addresses at random: sessions of three different pages or more
          that are not there, and of nothing else, are taken for automated and left out
          altogether. A page that asks for a login (401) is no error. Sites that answer
          missing pages with 200 under the address asked for are not seen.
Defaults  Every such view is a dead end: there is nothing to set.
Sources   Status codes of HTTP (RFC 9110).
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.detectors.base import Detector, findings, no_target
from friction.detectors.look_alike import VIEWS, first_reason
from friction.values import dataclass

LOGIN = 401


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Detector):
    name: ClassVar[str] = "error_page"
    needs: ClassVar[frozenset[str]] = frozenset({"has_page_status"})
    columns: ClassVar[frozenset[str]] = frozenset({"http_status", "page_type"})
    at_opening: ClassVar[bool] = True

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Views of error pages, with their `status` (null where only the address says so)."""
        bad = (pl.col("http_status") >= 400) | (pl.col("page_type") == "error")
        errors = events.filter(pl.col("kind").is_in(VIEWS) & bad.fill_null(value=False))
        status = pl.col("http_status")
        return findings(
            errors.select(
                "session_id",
                "page",
                target=no_target(),
                start="ts",
                end="ts",
                events=pl.lit(1),
                rows=pl.concat_list("row"),
                trigger_row="row",
                severity=pl.when(status >= 500).then(0.9).otherwise(0.8),
                aside=first_reason({"login_form": status == LOGIN}),
                status=status,
            ),
            "status",
        )
