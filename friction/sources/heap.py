"""Heap Connect, and Contentsquare's Data Connect: their tables `events` and `pageviews` in a warehouse.

Exports   CSV, JSON lines or Parquet of these tables, which have the same columns in both (documentation of
          Contentsquare, "Data Schema"); in a bucket their times count milliseconds since 1970.
Gives     Page views, clicks, changes and submits that Heap captured, and the events that somebody named.
Misses    Clicks have no selector in these tables; their text or name stands for it. Time of the page, errors.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources.base import InputFile
from friction.sources.casts import identity, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, seen
from friction.sources.words import kinds
from friction.values import dataclass

TYPES = {
    **{
        "click": "click",
        "change": "change",
        "submit": "submit",
        "pageview": "page_view",
        "view": "page_view",
    },
    **{"touch": "click", "custom": "custom"},
}


@dataclass(frozen=True, kw_only=True)
class Heap(Preset):
    """Tables of Heap Connect."""

    name: ClassVar[str] = "heap"
    fields: ClassVar[Names] = {
        "ts": ("time",),
        "event_id": ("event_id",),
        "session": ("session_id",),
        "user": ("user_id",),
        "type": ("type",),
        "event": ("event_name", "event_table_name"),
        "path": ("path",),
        "domain": ("domain",),
        "title": ("title",),
        "referrer": ("referrer",),
        "text": ("target_text",),
        "href": ("href",),
        "tag": ("target_tag",),
        "el_id": ("target_id",),
        "device": ("device_type",),
        "browser": ("browser",),
        "os": ("platform",),
        "country": ("country",),
        "channel": ("utm_source",),
        "campaign": ("utm_campaign",),
        "release": ("app_version",),
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("session", "user"),)
    truisms: ClassVar[frozenset[str]] = frozenset({"type", "event"})

    def sniff(self, file: InputFile) -> float:
        """Sure by Heap's ids with a path and a domain."""
        return seen(file).surety(is_ours)

    def columns(self, known: Fields) -> Columns:
        """All that a row tells."""
        event = pl.coalesce(text(pl.col("event")), text(pl.col("type")))
        by_type = pl.col("type").str.to_lowercase().replace_strict(TYPES, default=None, return_dtype=KIND)
        kind = pl.coalesce(by_type, kinds(pl.col("event"), known.sampled("event")))
        kind = kind.fill_null(
            pl.lit("custom" if known.knows("event") or known.knows("type") else "page_view", KIND)
        )
        words = each(text(pl.col("text")), masked)
        tag = text(pl.col("tag")).str.to_lowercase()
        address = pl.coalesce(
            "https://" + text(pl.col("domain")) + text(pl.col("path")), text(pl.col("path"))
        )
        is_gesture = kind.is_in(["click", "change", "submit"])
        return {
            "session_id": identity(pl.col("session")),
            "visitor_id": identity(pl.col("user")),
            "event_id": identity(pl.col("event_id")),
            "kind": kind,
            "name": event,
            "url": address,
            "title": each(text(pl.col("title")), masked),
            "referrer": text(pl.col("referrer")),
            "target": pl.when(is_gesture).then(
                pl.coalesce(pl.coalesce(tag, pl.lit("")) + "#" + each(text(pl.col("el_id")), masked), words,
                            text(pl.col("event")))
            ),
            "el_tag": tag,
            "el_text": words,
            "el_href": each(text(pl.col("href")), masked_href),
            "device": text(pl.col("device")).str.to_lowercase(),
            "browser": text(pl.col("browser")),
            "os": text(pl.col("os")),
            "country": text(pl.col("country")),
            "channel": text(pl.col("channel")),
            "campaign": text(pl.col("campaign")),
            "release": text(pl.col("release")),
        }  # fmt: skip


def is_ours(record: Record) -> bool:
    """Whether a record is a row of Heap's tables."""
    needed = ("event_id", "session_id", "user_id", "time")
    marks = ("domain", "path", "event_table_name", "landing_page", "platform", "device_type")
    return all(has(record, name) for name in needed) and sum(has(record, name) for name in marks) > 2
