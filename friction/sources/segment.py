"""Segment and RudderStack: messages of their common specification, one a line, and the tables of a warehouse.

Exports   Archives of JSON lines (gz parts an hour), lists of messages, warehouse tables with names in snake case.
Gives     Page and screen views always; whatever a tracking plan sends besides, by the usual names of events
          (Product Added, Checkout Started, Order Completed, Form Submitted …).
Misses    Sessions in Segment, which are cut by silence; everything a plan does not name. `group` and `alias` messages
          are no events and are left out.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources.base import InputFile
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, said, seen
from friction.sources.spoken import first_email
from friction.sources.words import kinds
from friction.values import dataclass

CALLS = {"page": "page_view", "screen": "page_view", "identify": "identify"}
NO_EVENTS = ("group", "alias")
TRACKED = {
    **{"Product Added": "add_to_cart", "product_added": "add_to_cart", "Order Completed": "conversion"},
    **{"order_completed": "conversion", "Products Searched": "search", "products_searched": "search"},
    **{"Signed Up": "conversion", "signed_up": "conversion", "Product Viewed": "custom"},
    **{"product_viewed": "custom", "Product Clicked": "click", "product_clicked": "click"},
    **{"Form Submitted": "submit", "form_submitted": "submit", "Checkout Started": "custom"},
}
"""Names of the ecommerce specification where the rules of words would say something else."""


def _names(*paths: str) -> tuple[str, ...]:
    """A path in messages, and the column a warehouse makes of it."""
    return (*paths, *(path.replace(".", "_") for path in paths))


@dataclass(frozen=True, kw_only=True)
class Segment(Preset):
    """Messages of Segment and RudderStack."""

    name: ClassVar[str] = "segment"
    fields: ClassVar[Names] = {
        "ts": ("timestamp",),
        "original_ts": ("originalTimestamp", "original_timestamp"),
        "upload_ts": ("receivedAt", "received_at", "sentAt", "sent_at"),
        "type": ("type",),
        "event": ("event", "event_name"),
        "page_name": ("name",),
        "visitor": ("anonymousId", "anonymous_id"),
        "user": ("userId", "user_id"),
        "email": (
            *_names("traits.email"),
            *_names("context.traits.email"),
            *_names("properties.email"),
            "email",
        ),
        "id": ("messageId", "message_id", "id"),
        "session": (*_names("context.sessionId"), "context_session_id", "session_id"),
        "url": (*_names("context.page.url"), *_names("properties.url"), "url"),
        "path": (*_names("context.page.path"), *_names("properties.path"), "path"),
        "title": (*_names("context.page.title"), *_names("properties.title"), "title"),
        "referrer": (*_names("context.page.referrer"), *_names("properties.referrer"), "referrer"),
        "lang": _names("context.locale"),
        "os": _names("context.os.name"),
        "device": _names("context.device.type"),
        "channel": _names("context.campaign.source"),
        "medium": _names("context.campaign.medium"),
        "campaign": _names("context.campaign.name"),
        "release": _names("context.app.version"),
        "text": (*_names("properties.text"), *_names("properties.label")),
        "href": _names("properties.href"),
        "element": (*_names("properties.selector"), *_names("properties.element_id")),
        "form": (*_names("properties.form_id"), *_names("properties.form_name"), *_names("properties.form")),
        "revenue": (*_names("properties.revenue"), "revenue"),
        "total": (*_names("properties.total"), "total"),
        "value": (*_names("properties.value"), "value"),
        "currency": (*_names("properties.currency"), "currency"),
        "message": (*_names("properties.error_message"), *_names("properties.message")),
    }
    times: ClassVar[tuple[str, ...]] = ("ts", "original_ts", "upload_ts")
    batched: ClassVar[frozenset[str]] = frozenset({"upload_ts"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("visitor", "user", "session"),)
    truisms: ClassVar[frozenset[str]] = frozenset({"event", "type"})
    also: ClassVar[frozenset[str]] = frozenset({"type"})

    def sniff(self, file: InputFile) -> float:
        """Sure by the kind of a message together with its id."""
        return seen(file).surety(is_ours)

    def kept(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Without messages that are no events."""
        return events.filter(~pl.col("type").is_in(NO_EVENTS).fill_null(value=False))

    def columns(self, known: Fields) -> Columns:
        """All that a message tells."""
        kind = kind_of(known)
        is_order = kind == pl.lit("conversion", KIND)
        words = each(text(pl.col("text")), masked)
        worth = [number(pl.col(one)) for one in ("revenue", "total", "value")]
        return {
            "session_id": identity(pl.col("session")),
            "visitor_id": pl.coalesce(identity(pl.col("visitor")), identity(pl.col("user"))),
            "user_id": identity(pl.col("user")),
            "email_hash": first_email(pl.col("email")),
            "event_id": identity(pl.col("id")),
            "kind": kind,
            "name": pl.coalesce(text(pl.col("event")), text(pl.col("page_name")), text(pl.col("type"))),
            "url": pl.coalesce(text(pl.col("url")), text(pl.col("path")), "/" + _screen(known)),
            "title": each(text(pl.col("title")), masked),
            "referrer": text(pl.col("referrer")),
            "target": pl.coalesce(each(text(pl.col("element")), masked), words),
            "el_text": words,
            "el_href": each(text(pl.col("href")), masked_href),
            "form": each(text(pl.col("form")), masked),
            "error_message": pl.when(kind == pl.lit("error", KIND)).then(
                each(text(pl.col("message")), masked)
            ),
            "device": text(pl.col("device")).str.to_lowercase(),
            "os": text(pl.col("os")),
            "lang": text(pl.col("lang")),
            "channel": text(pl.col("channel")),
            "medium": text(pl.col("medium")),
            "campaign": text(pl.col("campaign")),
            "release": text(pl.col("release")),
            "value": pl.when(is_order).then(pl.coalesce(worth)),
            "currency": pl.when(is_order).then(text(pl.col("currency"))),
        }


def _screen(known: Fields) -> pl.Expr:
    """The name of a screen; that of a page is no address."""
    is_screen = pl.col("type") == "screen" if known.knows("type") else pl.lit(value=True)
    return pl.when(is_screen).then(text(pl.col("page_name")))


def kind_of(known: Fields) -> pl.Expr:
    """The kind of a message: by its call, of `track` by the name of the event; a table of pages has neither."""
    if not known.knows("type") and not known.knows("event"):
        return pl.lit("page_view", KIND)
    call = pl.col("type").replace_strict(CALLS, default=None, return_dtype=KIND)
    event = pl.col("event")
    tracked = event.replace_strict(TRACKED, default=None, return_dtype=KIND)
    return pl.coalesce(call, tracked, kinds(event, known.sampled("event"))).fill_null(pl.lit("custom", KIND))


def is_ours(record: Record) -> bool:
    """Whether a record is a message, or a row of a table of messages."""
    call = said(record, "type")
    if call is not None and call not in {"track", "page", "screen", "identify", "group", "alias"}:
        return False
    if has(record, "messageId") or has(record, "originalTimestamp"):
        return has(record, "type") or has(record, "anonymousId")
    marks = ("context_page_url", "context_library_name", "original_timestamp", "received_at", "sent_at")
    return has(record, "anonymous_id") and sum(has(record, name) for name in marks) > 1
