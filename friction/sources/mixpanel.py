"""Mixpanel: its raw export as JSON lines, and tables made of it.

Exports   The raw data export (JSON lines, also gz), a warehouse copy or the page's CSV, with or without `$` in names.
Gives     With autocapture page views and leaves, clicks, changes, forms and scrolls with element facts; Mixpanel's
          own rage and dead clicks as rows of their own kinds, never as clicks.
Misses    Sessions, unless session replay is on: then visits are cut at 30 minutes of silence. Projects created before
          2023 write times in the zone of the project and do not say which: say it with `--tz`.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources.base import ALIKE, InputFile
from friction.sources.casts import alike, identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, seen
from friction.sources.spoken import first_email
from friction.sources.words import kinds
from friction.values import dataclass

EVENTS = {
    **{"$mp_web_page_view": "page_view", "$mp_click": "click", "$mp_input_change": "change"},
    **{"$mp_submit": "submit", "$mp_scroll": "scroll", "$mp_rage_click": "rage_click"},
    **{"$mp_dead_click": "dead_click", "$mp_page_leave": "page_leave", "$identify": "identify"},
    **{"$create_alias": "identify", "$mp_session_record": "custom"},
    **{"[Auto] Page View": "page_view", "[Auto] Element Click": "click", "[Auto] Input Change": "change"},
    **{"[Auto] Form Submit": "submit", "[Auto] Page Scroll": "scroll", "[Auto] Rage Click": "rage_click"},
    **{"[Auto] Dead Click": "dead_click", "[Auto] Page Leave": "page_leave"},
}
TOLD = ("conversion", "add_to_cart", "search", "page_view")
"""Kinds that a site's own event names may stand for; others would count a gesture twice that is captured."""


def _names(*given: str) -> tuple[str, ...]:
    """A property in the export, in a copy with the properties as JSON text, and as a column without its `$`."""
    return (*(f"properties.{one}" for one in given), *given, *(one.lstrip("$") for one in given))


@dataclass(frozen=True, kw_only=True)
class Mixpanel(Preset):
    """Events of Mixpanel."""

    name: ClassVar[str] = "mixpanel"
    fields: ClassVar[Names] = {
        "event": ("event", "name", "event_name"),
        "ts": _names("time"),
        "upload_ts": _names("mp_processing_time_ms"),
        "distinct": _names("distinct_id", "$distinct_id"),
        "device_id": _names("$device_id"),
        "user": _names("$user_id", "$identified_id"),
        "anonymous": _names("$anon_id"),
        "email": _names("$email", "email"),
        "session": _names("mp_session_id", "$mp_replay_id"),
        "insert_id": _names("$insert_id"),
        "url": _names("$current_url", "current_page_url", "current_url"),
        "path": _names("current_url_path", "page"),
        "title": _names("current_page_title", "$title"),
        "referrer": _names("$referrer"),
        "tag": _names("$el_tag_name"),
        "el_id": _names("$el_id"),
        "classes": _names("$el_classes"),
        "text": _names("$el_text"),
        "href": _names("$el_attr__href"),
        "aria": _names("$el_attr__aria-label"),
        "field": _names("$el_attr__name"),
        "field_type": _names("$el_attr__type"),
        "scroll": _names("$scroll_percentage"),
        "max_scroll": _names("$max_scroll_percentage"),
        "x": _names("$clientX"),
        "y": _names("$clientY"),
        "browser": _names("$browser"),
        "os": _names("$os"),
        "device": _names("$device"),
        "country": _names("mp_country_code", "$country_code"),
        "channel": _names("utm_source"),
        "medium": _names("utm_medium"),
        "campaign": _names("utm_campaign"),
        "release": _names("$app_version_string", "app_version"),
        "revenue": _names("revenue", "Revenue", "amount", "total", "value", "price"),
        "currency": _names("currency", "Currency"),
    }
    times: ClassVar[tuple[str, ...]] = ("ts",)
    zone_is_unsure: ClassVar[bool] = True
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",), ("distinct", "device_id", "user"))

    def sniff(self, file: InputFile) -> float:
        """Sure by an event with Mixpanel's own properties."""
        return seen(file).surety(is_ours)

    def marks(self, known: Fields, made: Columns) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """An id counts for one visitor, event and time, as Mixpanel itself takes it."""
        return {ALIKE: alike(made["event_id"], made["visitor_id"], pl.col("event"), made["ts"])}

    def columns(self, known: Fields) -> Columns:
        """All that Mixpanel tells."""
        event = pl.col("event")
        kind = kind_of(known)
        is_order = kind == pl.lit("conversion", KIND)
        tag, id_ = text(pl.col("tag")).str.to_lowercase(), each(text(pl.col("el_id")), masked)
        words = each(text(pl.col("text")), masked)
        by_class = tag + "." + text(pl.col("classes")).str.extract(r"([\w-]+)")
        referrer = text(pl.col("referrer"))
        return {
            "session_id": identity(pl.col("session")),
            "visitor_id": pl.coalesce(
                identity(pl.col("anonymous")), identity(pl.col("distinct")), identity(pl.col("device_id"))
            ),
            "user_id": identity(pl.col("user")),
            "email_hash": first_email(pl.col("email")),
            "event_id": identity(pl.col("insert_id")),
            "kind": kind,
            "name": text(event),
            "url": text(pl.coalesce("url", "path")),
            "title": each(text(pl.col("title")), masked),
            "referrer": pl.when(referrer != "$direct").then(referrer),
            "target": pl.coalesce(pl.coalesce(tag, pl.lit("")) + "#" + id_, by_class, words, tag),
            "el_tag": tag,
            "el_id": id_,
            "el_text": words,
            "el_aria_label": each(text(pl.col("aria")), masked),
            "el_href": each(text(pl.col("href")), masked_href),
            "el_classes": text(pl.col("classes")).str.extract_all(r'[^\s\[\]",]+'),
            "field": pl.when(kind.is_in(["change", "input"])).then(
                pl.coalesce(each(text(pl.col("field")), masked), id_)
            ),
            "field_type": text(pl.col("field_type")),
            "x": number(pl.col("x")),
            "y": number(pl.col("y")),
            "scroll_pct": pl.coalesce(number(pl.col("max_scroll")), number(pl.col("scroll"))).clip(0, 100),
            "browser": text(pl.col("browser")),
            "os": text(pl.col("os")),
            "device": text(pl.col("device")).str.to_lowercase(),
            "country": text(pl.col("country")),
            "channel": text(pl.col("channel")),
            "medium": text(pl.col("medium")),
            "campaign": text(pl.col("campaign")),
            "release": text(pl.col("release")),
            "value": pl.when(is_order).then(number(pl.col("revenue"))),
            "currency": pl.when(is_order).then(text(pl.col("currency"))),
        }


def kind_of(known: Fields) -> pl.Expr:
    """The kind of every event: captured ones by their name, a site's own only where they say an outcome."""
    event = pl.col("event")
    auto = event.replace_strict(EVENTS, default=None, return_dtype=KIND)
    word = kinds(event, known.sampled("event"))
    own = pl.when(~event.str.starts_with("$") & word.cast(pl.String()).is_in(TOLD)).then(word)
    return pl.coalesce(auto, own).fill_null(pl.lit("custom", KIND))


def is_ours(record: Record) -> bool:
    """Whether a record is an event of Mixpanel, of the raw export or of a table made of it."""
    if has(record, "event") and has(record, "properties.time"):
        marks = ("mp_processing_time_ms", "$insert_id", "mp_lib", "$mp_api_endpoint", "mp_country_code")
        return any(has(record, f"properties.{name}") for name in marks)
    named = any(has(record, name) for name in ("event", "event_name", "name"))
    columns = ("mp_processing_time_ms", "insert_id", "$insert_id", "mp_lib", "mp_country_code", "distinct_id")
    return named and has(record, "time") and sum(has(record, name) for name in columns) > 1
