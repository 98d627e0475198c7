"""Error click: a click after which the page runs into an error.

Finds     An error at most `error_ms` after a click in the same page view, or a
          request that fails (status 400 or more, or 0: no answer) and started at
          most `request_ms` after it. Only the latest click is held to account;
          equal errors count once a click, all of them are one finding.
Matters   The visitor did something and the page broke: the order that was not
          placed, the filter that hangs.
Misleads  Errors that come all the time also come after clicks: compare the share
          among clicks with the page's error rate. Errors without any message, of
          browser extensions and of layout observers say nothing and are set aside.
          Console messages are not taken for errors.
Defaults  Two seconds for errors, one for the start of a request: an answer may take
          its time, what was started by the click starts soon.
Sources   Compared rules of four open tools (0.1 to 10 s; first or latest click).
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

import polars as pl
from annotated_types import Ge

from friction.detectors.base import Detector, findings, span
from friction.detectors.look_alike import first_reason, has
from friction.elements import Flag
from friction.values import dataclass

FINGERPRINT = ("kind", "error", "http_status")


@dataclass(frozen=True, kw_only=True)
class ErrorClick(Detector):
    name: ClassVar[str] = "error_click"
    needs: ClassVar[frozenset[str]] = frozenset({"has_clicks", "has_selector"})
    needs_one_of: ClassVar[frozenset[str]] = frozenset({"has_errors", "has_requests"})
    columns: ClassVar[frozenset[str]] = frozenset(
        {"el_flags", "pointer", "is_trusted", "error", "error_noise", "http_status"}
    )

    error_ms: Annotated[int, Ge(1)] = 2_000
    """Longest time from a click to an error (ms). Higher: more errors are put down to clicks."""
    request_ms: Annotated[int, Ge(1)] = 1_000
    """Longest time from a click to the start of a failed request (ms). Higher: more failed requests are put
    down to clicks."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks with their errors; `errors` and `requests` count the different ones."""
        rows = _told(self._attributed(events))
        found = rows.group_by("click").agg(
            pl.col("session_id", "page", "target").first(),
            start=pl.col("ts").first(),
            end=pl.col("ts").last(),
            events=pl.len(),
            rows=pl.col("row"),
            trigger_row=pl.col("row").get(1),
            aside=_aside(),
            errors=(pl.col("kind") == "error").sum().cast(pl.UInt32),
            requests=(pl.col("kind") == "request").sum().cast(pl.UInt32),
        )
        severity = (0.5 + 0.1 * (pl.col("errors") + pl.col("requests"))).clip(upper_bound=1.0)
        return findings(found.sort("click").with_columns(severity=severity), "errors", "requests")

    def _attributed(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Clicks that have trouble, each followed by its different errors; `click` numbers them."""
        status = pl.col("http_status")
        failed = (pl.col("kind") == "request") & ((status >= 400) | (status == 0)).fill_null(value=False)
        rows = events.with_columns(trouble=(pl.col("kind") == "error") | failed)
        rows = rows.filter(pl.col("trouble") | (pl.col("kind") == "click"))
        rows = rows.filter(pl.col("trouble") | pl.col("trouble").shift(-1, fill_value=False))
        of_click = {f"click_{name}": _filled(name) for name in ("session_id", "page", "view", "ts")}
        rows = rows.with_columns(**of_click, click=(~pl.col("trouble")).cum_sum())
        counted = rows.filter(~pl.col("trouble") | self._belongs())
        first = counted.unique(["click", *FINGERPRINT], keep="first", maintain_order=True)
        return first.with_columns(noise=pl.col("error_noise").fill_null(value=False)).filter(
            pl.col("trouble") | pl.col("trouble").shift(-1, fill_value=False)
        )

    def _belongs(self) -> pl.Expr:
        delay = pl.col("ts") - pl.col("click_ts")
        limit = pl.when(pl.col("kind") == "error").then(span(self.error_ms)).otherwise(span(self.request_ms))
        here = (pl.col(name).eq_missing(pl.col(f"click_{name}")) for name in ("session_id", "page", "view"))
        return (pl.all_horizontal(here) & (delay <= limit)).fill_null(value=False)


@cache
def _filled(name: str) -> pl.Expr:
    """The value of the latest click."""
    return pl.when(~pl.col("trouble")).then(name).forward_fill()


def _told(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Clicks with the errors that their finding tells of: those that say something, else all of them (`noise`)."""
    real = pl.col("trouble") & ~pl.col("noise")
    rows = rows.with_columns(real=real, noise=~pl.col("click").is_in(pl.col("click").filter(real).implode()))
    return rows.filter(~pl.col("trouble") | pl.col("real") | pl.col("noise"))


@cache
def _aside() -> pl.Expr:
    """As the click says, which is the first row."""
    untrue = ~pl.col("is_trusted") | (pl.col("pointer") == "synthetic")
    claims = {"opt_out": has(Flag.OPT_OUT), "synthetic": untrue, "noise": pl.col("noise")}
    return first_reason(claims).first()
