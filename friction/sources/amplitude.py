"""Amplitude: what its export API packs into a ZIP, one gzipped file of JSON lines an hour; warehouse copies as CSV.

Exports   The ZIP as it comes, single files of it, and the table that connectors write to a warehouse, with the
          properties as JSON text.
Gives     With autocapture clicks, changes, forms, scrolls and downloads with element facts, requests; Amplitude's own
          rage, dead and error clicks and thrashed cursors as rows of their own kinds, never as clicks.
Misses    Without autocapture everything that the site does not send by itself. Events outside sessions (−1) are put
          into sessions by visitor and silence.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import KIND
from friction.sources.base import InputFile
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each, of_text
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, seen
from friction.sources.spoken import first_email
from friction.sources.words import kinds
from friction.values import dataclass

EVENTS = {
    **{"Page Viewed": "page_view", "Element Clicked": "click", "Element Changed": "change"},
    **{"Form Started": "form_start", "Form Submitted": "submit", "File Downloaded": "download"},
    **{"Page Scrolled": "scroll", "Rage Click": "rage_click", "Dead Click": "dead_click"},
    **{"Error Click": "error_click", "Thrashed Cursor": "thrash", "Main Thread Block": "long_task"},
    **{"Network Request": "request", "Error Logged": "error", "Web Vitals": "web_vital"},
    **{"Screen Viewed": "page_view"},
}
AUTO = "[Amplitude] "
"""Before the names of captured events and of their properties."""
PROPERTIES = (
    *("Page URL", "Page Path", "Page Title", "Page Location", "Element Tag", "Element ID", "Element Class"),
    *("Element Text", "Element Href", "Element Path", "Element Selector", "Element Aria Label"),
    *("Element Position Left", "Element Position Top", "X", "Y", "Viewport Width", "Viewport Height"),
    *("Duration", "Click Count", "Clicks", "Max Page Y", "URL", "Status Code", "Request Method", "Form ID"),
    *("Form Name", "Error Message", "Error Type", "Screen Name", "Page View ID"),
)
OWN = (
    *("revenue", "$revenue", "value", "amount", "price", "total", "currency"),
    *("page_url", "url", "page", "path", "referrer", "utm_source", "utm_campaign"),
)
TOLD = ("conversion", "add_to_cart", "search", "page_view")
"""Kinds that a site's own event names may stand for; others would count a gesture twice that is captured."""


def prop(name: str) -> pl.Expr:
    """A property of autocapture as text."""
    return text(pl.col(AUTO + name))


@dataclass(frozen=True, kw_only=True)
class Amplitude(Preset):
    """Events of Amplitude."""

    name: ClassVar[str] = "amplitude"
    fields: ClassVar[Names] = {
        "ts": ("event_time",),
        "client_ts": ("client_event_time",),
        "upload_ts": ("server_upload_time", "client_upload_time", "processed_time"),
        "event": ("event_type",),
        "session": ("session_id",),
        "device_id": ("device_id",),
        "amplitude_id": ("amplitude_id",),
        "user": ("user_id",),
        "email": ("user_properties.email", "user_properties.Email", "user_properties.$email"),
        "insert_id": ("$insert_id", "_insert_id", "insert_id", "uuid"),
        "seq": ("event_id", "id"),
        **{AUTO + name: (f"event_properties.{AUTO}{name}",) for name in PROPERTIES},
        **{f"own.{name}": (f"event_properties.{name}",) for name in OWN},
        "device": ("device_type", "device_family"),
        "platform": ("platform",),
        "os": ("os_name",),
        "country": ("country",),
        "lang": ("language",),
        "release": ("version_name",),
        "sample": ("sample_rate",),
    }
    sample: ClassVar[tuple[str, float]] = ("sample", 1.0)
    times: ClassVar[tuple[str, ...]] = ("ts", "client_ts", "upload_ts")
    is_utc: ClassVar[bool] = True
    batched: ClassVar[frozenset[str]] = frozenset({"upload_ts"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",), ("device_id", "amplitude_id", "user"))

    def sniff(self, file: InputFile) -> float:
        """Sure by the fields that only Amplitude gives every event."""
        return seen(file).surety(is_ours)

    def columns(self, known: Fields) -> Columns:
        """All that Amplitude tells."""
        event = pl.col("event")
        kind = kind_of(known)
        is_order = of_text("event", kind == pl.lit("conversion", KIND), pl.Boolean())
        session, visitor = (
            identity(pl.col("session")),
            pl.coalesce(
                identity(pl.col("device_id")), identity(pl.col("amplitude_id")), identity(pl.col("user"))
            ),
        )
        screen = "/" + prop("Screen Name")
        own = {name: text(pl.col(f"own.{name}")) for name in OWN}
        worth = [number(pl.col(f"own.{name}")) for name in OWN[:6]]
        return {
            "seq": number(pl.col("seq")).cast(pl.Int32(), strict=False),
            # A session is the time at which it began, so two visitors may have the same one.
            "session_id": pl.when(session.is_not_null() & (session != "-1")).then(visitor + "." + session),
            "visitor_id": visitor,
            "user_id": identity(pl.col("user")),
            "email_hash": first_email(pl.col("email")),
            "pageview_id": identity(pl.col(f"{AUTO}Page View ID")),
            "event_id": identity(pl.col("insert_id")),
            "kind": kind,
            "name": text(event),
            "url": pl.coalesce(
                prop("Page URL"), prop("Page Location"), prop("Page Path"), screen,
                own["page_url"], own["url"], own["path"], own["page"],
            ),
            "title": each(prop("Page Title"), masked),
            "referrer": own["referrer"],
            "target": target(),
            "el_tag": prop("Element Tag").str.to_lowercase(),
            "el_id": each(prop("Element ID"), masked),
            "el_text": each(prop("Element Text"), masked),
            "el_aria_label": each(prop("Element Aria Label"), masked),
            "el_href": each(prop("Element Href"), masked_href),
            "el_classes": prop("Element Class").str.extract_all(r'[^\s\[\]",]+'),
            "x": number(prop("X")),
            "y": number(prop("Y")),
            "viewport_w": number(prop("Viewport Width")),
            "viewport_h": number(prop("Viewport Height")),
            "scroll_y": number(prop("Max Page Y")),
            "form": pl.coalesce(prop("Form ID"), prop("Form Name")),
            "duration_ms": number(prop("Duration")),
            "http_method": prop("Request Method"),
            "http_status": number(prop("Status Code")).cast(pl.Int16(), strict=False),
            "req_url": each(prop("URL"), masked_href),
            "error_message": each(prop("Error Message"), masked_message),
            "error_kind": each(prop("Error Type"), masked),
            "device": text(pl.col("device")).str.to_lowercase(),
            "os": text(pl.col("os")),
            "country": text(pl.col("country")),
            "lang": text(pl.col("lang")),
            "channel": own["utm_source"],
            "campaign": own["utm_campaign"],
            "release": text(pl.col("release")),
            "value": pl.when(is_order).then(pl.coalesce(worth)),
            "currency": pl.when(is_order).then(own["currency"]),
            "count": _count(),
        }  # fmt: skip


def kind_of(known: Fields) -> pl.Expr:
    """The kind of every event: captured ones by their name, a site's own only where they say an outcome."""
    event = pl.col("event")
    auto = event.str.strip_prefix(AUTO).replace_strict(EVENTS, default=None, return_dtype=KIND)
    word = kinds(event, known.sampled("event"))
    is_auto = event.str.starts_with(AUTO)
    own = pl.when(~is_auto & word.cast(pl.String()).is_in(TOLD)).then(word)
    return pl.coalesce(pl.when(is_auto).then(auto), own).fill_null(pl.lit("custom", KIND))


def target() -> pl.Expr:
    """The element by its selector, else by tag and id, else by its text."""
    tag = prop("Element Tag").str.to_lowercase()
    by_id = pl.coalesce(tag, pl.lit("")) + "#" + each(prop("Element ID"), masked)
    return pl.coalesce(
        each(prop("Element Selector"), masked), by_id, each(prop("Element Path"), masked),
        each(prop("Element Text"), masked),
    )  # fmt: skip


def _count() -> pl.Expr:
    """How many clicks a verdict gathers: as a number, or by the list of them."""
    clicks = prop("Clicks")
    listed = pl.when(clicks.str.starts_with("[")).then(clicks.str.count_matches("{", literal=True))
    return pl.coalesce(number(prop("Click Count")), listed).cast(pl.Int32(), strict=False)


def is_ours(record: Record) -> bool:
    """Whether a record is an event of Amplitude, of the API or of a connector."""
    marks = ("$insert_id", "_insert_id", "server_upload_time", "client_event_time", "event_properties")
    return (
        has(record, "event_type")
        and sum(has(record, name) for name in marks) > 1
        and (has(record, "amplitude_id") or has(record, "device_id"))
    )
