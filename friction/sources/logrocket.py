"""LogRocket: the table of its streaming data export, one row an event.

Exports   JSON lines, CSV or Parquet of the table.
Gives     Clicks, navigations, changes, exceptions and answers of the network; LogRocket's own dead clicks as rows of
          their own kind, never as clicks.
Misses    Where on the page a click was, what the page did after it.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import KIND
from friction.sources.base import InputFile
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, said, seen
from friction.values import dataclass

EVENTS = {
    **{"click": "click", "deadClick": "dead_click", "navigation": "page_view", "exception": "error"},
    **{"networkResponse": "request", "inputChange": "change", "user": "identify", "customEvent": "custom"},
    **{"rageClick": "rage_click", "errorMessage": "error", "session": "custom", "reduxAction": "custom"},
    **{"utmParams": "custom"},
}


@dataclass(frozen=True, kw_only=True)
class LogRocket(Preset):
    """Events of LogRocket's export."""

    name: ClassVar[str] = "logrocket"
    fields: ClassVar[Names] = {
        "ts": ("time", "timestamp", "event_time"),
        "upload_ts": ("updated_at",),
        "event": ("event_type",),
        "seq": ("seq_id",),
        "session": ("session_id",),
        "tab": ("tab_id",),
        "user": ("user_id",),
        "visitor": ("anonymous_id", "device_id"),
        "custom": ("custom_event_name",),
        "revenue": ("custom_event_revenue",),
        "url": ("url", "href", "navigation_href"),
        "text": ("text", "click_text", "inner_text"),
        "selector": ("selector", "click_selector", "node_path"),
        "message": ("message", "exception_message"),
        "error_kind": ("exception_type", "error_type"),
        "status": ("status", "network_status"),
        "method": ("method", "network_method"),
        "req_url": ("request_url", "network_url"),
        "took": ("duration", "network_duration"),
        "device": ("device", "device_type"),
        "browser": ("browser",),
        "os": ("operating_system", "os"),
        "country": ("country",),
        "channel": ("utm_source",),
        "campaign": ("utm_campaign",),
    }
    times: ClassVar[tuple[str, ...]] = ("ts", "upload_ts")
    batched: ClassVar[frozenset[str]] = frozenset({"upload_ts"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",), ("session", "user", "visitor"))

    def sniff(self, file: InputFile) -> float:
        """Sure by LogRocket's words for events with its ids."""
        return seen(file).surety(is_ours)

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that a row tells."""
        kind = pl.col("event").replace_strict(EVENTS, default="custom", return_dtype=KIND)
        words = each(text(pl.col("text")), masked)
        is_field = kind == pl.lit("change", KIND)

        def of(which: str, expr: pl.Expr) -> pl.Expr:
            return pl.when(kind == pl.lit(which, KIND)).then(expr)

        return {
            "seq": number(pl.col("seq")).cast(pl.Int32(), strict=False),
            "session_id": identity(pl.col("session")),
            "visitor_id": pl.coalesce(identity(pl.col("visitor")), identity(pl.col("user"))),
            "user_id": identity(pl.col("user")),
            "tab_id": identity(pl.col("tab")),
            "kind": kind,
            "name": pl.coalesce(text(pl.col("custom")), text(pl.col("event"))),
            "url": text(pl.col("url")),
            "target": pl.coalesce(text(pl.col("selector")), pl.when(~is_field).then(words)),
            "el_text": pl.when(~is_field).then(words),
            "field": pl.when(is_field).then(text(pl.col("selector"))),
            "duration_ms": of("request", number(pl.col("took"))),
            "http_method": of("request", text(pl.col("method"))),
            "http_status": of("request", number(pl.col("status")).cast(pl.Int16(), strict=False)),
            "req_url": of("request", each(text(pl.col("req_url")), masked_href)),
            "error_message": of("error", each(text(pl.col("message")), masked_message)),
            "error_kind": of("error", each(text(pl.col("error_kind")), masked)),
            "device": text(pl.col("device")).str.to_lowercase(),
            "browser": text(pl.col("browser")),
            "os": text(pl.col("os")),
            "country": text(pl.col("country")),
            "channel": text(pl.col("channel")),
            "campaign": text(pl.col("campaign")),
            "value": number(pl.col("revenue")),
        }


def is_ours(record: Record) -> bool:
    """Whether a record is a row of LogRocket's export."""
    if not (has(record, "event_type") and has(record, "session_id") and has(record, "app_id")):
        return False
    word = said(record, "event_type")
    return (word is None or word in EVENTS) and (has(record, "seq_id") or has(record, "tab_id"))
