"""AWS Clickstream Analytics: the table `event_v2`, one row an event.

Exports   JSON lines, CSV or Parquet of the table; in some of them the text `NULL` stands for nothing.
Gives     Page and screen views, clicks on links, scrolls, searches, engaged time, whatever a site sends by its own
          names; device, country, source.
Misses    Clicks on the site's own elements, errors, load times. It shares most columns with Google Analytics; only the
          names of its events, which begin with `_`, tell the two apart.
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
from friction.sources.words import kinds
from friction.values import dataclass

EVENTS = {
    **{"_page_view": "page_view", "_screen_view": "page_view", "_click": "outlink", "_scroll": "scroll"},
    **{"_user_engagement": "heartbeat", "_search": "search", "_session_start": "custom"},
    **{"_app_exception": "error", "_file_download": "download", "_profile_set": "identify"},
}


@dataclass(frozen=True, kw_only=True)
class AwsClickstream(Preset):
    """Events of AWS Clickstream Analytics."""

    name: ClassVar[str] = "aws_clickstream"
    fields: ClassVar[Names] = {
        "ts_ms": ("event_time_msec",),
        "ts": ("event_timestamp",),
        "event": ("event_name",),
        "event_id": ("event_id",),
        "visitor": ("user_pseudo_id",),
        "user": ("user_id",),
        "session": ("session_id",),
        "url": ("page_view_page_url",),
        "path": ("page_view_page_url_path",),
        "title": ("page_view_page_title",),
        "referrer": ("page_view_latest_referrer", "page_view_page_referrer"),
        "screen": ("screen_view_screen_name",),
        "depth": ("scroll_engagement_time_percentage", "scroll_percent", "page_view_scroll_percent"),
        "active": ("user_engagement_time_msec", "page_view_engagement_time_msec"),
        "link_url": ("click_link_url", "outbound_link_url"),
        "link_id": ("click_link_id",),
        "device": ("device_device_category", "device_category"),
        "os": ("device_operating_system",),
        "browser": ("device_ua_browser", "device_browser"),
        "lang": ("device_system_language",),
        "country": ("geo_country",),
        "channel": ("traffic_source_source",),
        "campaign": ("traffic_source_campaign",),
        "release": ("app_version", "app_info_version"),
        "value": ("event_value",),
        "currency": ("event_value_currency",),
    }
    times: ClassVar[tuple[str, ...]] = ("ts_ms", "ts")
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",), ("visitor", "session", "user"))

    def sniff(self, file: InputFile) -> float:
        """Sure by the columns it shares with Google Analytics and names with a leading `_`."""
        return seen(file).surety(is_ours)

    def columns(self, known: Fields) -> Columns:
        """All that a row tells."""
        event = pl.col("event")
        own = event.replace_strict(EVENTS, default=None, return_dtype=KIND)
        word = kinds(event, known.sampled("event"))
        named = pl.when(~event.str.starts_with("_")).then(word)
        kind = pl.coalesce(own, named).fill_null(pl.lit("custom", KIND))
        visitor, link = said_in("visitor"), each(said_in("link_url"), masked_href)
        is_link = kind == pl.lit("outlink", KIND)
        return {
            "session_id": pl.coalesce(visitor, pl.lit("")) + "." + said_in("session"),
            "visitor_id": visitor,
            "user_id": identity(said_in("user")),
            "event_id": said_in("event_id"),
            "kind": kind,
            "name": text(event),
            "url": pl.coalesce(said_in("url"), said_in("path"), "/" + said_in("screen")),
            "title": each(said_in("title"), masked),
            "referrer": said_in("referrer"),
            "target": pl.when(is_link).then(
                pl.coalesce("a#" + each(said_in("link_id"), masked), 'a[href="' + link + '"]')
            ),
            "el_href": link,
            "scroll_pct": pl.when(kind == pl.lit("scroll", KIND)).then(
                number(said_in("depth")).fill_null(90)
            ),
            "active_ms": number(said_in("active")),
            "device": said_in("device").str.to_lowercase(),
            "os": said_in("os"),
            "browser": said_in("browser"),
            "lang": said_in("lang"),
            "country": said_in("country"),
            "channel": said_in("channel"),
            "campaign": said_in("campaign"),
            "release": said_in("release"),
            "value": pl.when(kind == pl.lit("conversion", KIND)).then(number(said_in("value"))),
            "currency": said_in("currency"),
        }


def said_in(label: str) -> pl.Expr:
    """A field as text; the word `NULL` says nothing."""
    column = text(pl.col(label))
    return pl.when(column != "NULL").then(column)


def is_ours(record: Record) -> bool:
    """Whether a record is a row of `event_v2`."""
    if not (has(record, "event_timestamp") and has(record, "event_name") and has(record, "user_pseudo_id")):
        return False
    marks = ("event_time_msec", "page_view_page_url", "screen_view_screen_name", "event_id")
    is_named = str(said(record, "event_name") or "").startswith("_")
    return (
        not has(record, "event_params")
        and (is_named or has(record, "event_time_msec"))
        and any(has(record, name) for name in marks)
    )
