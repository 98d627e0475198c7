"""Google Analytics 4: rows of its BigQuery export, one an event.

Exports   A dump of the tables `events_YYYYMMDD`: JSON lines or Parquet with the nested parameters, CSV with these as
          JSON text, or a table that somebody flattened.
Gives     Page views and screens, links that lead away, forms begun and sent, searches, downloads, videos, engaged
          time, orders; device, country, campaign.
Misses    Clicks on the site's own elements, where on a page something happened, errors unless somebody sends them;
          scrolls are told once, at 90 %. Visitors who refuse cookies have no id and cannot be put into sessions.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import KIND
from friction.sources.base import ALIKE, InputFile
from friction.sources.casts import alike, identity, number, text
from friction.sources.fields import Fields, Names, Opening
from friction.sources.ga4_params import ALL, PARAMETER, TYPE, all_picked, picked
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, said, seen
from friction.values import dataclass

EVENTS = {
    **{"page_view": "page_view", "screen_view": "page_view", "scroll": "scroll", "click": "outlink"},
    **{"form_start": "form_start", "form_submit": "submit", "user_engagement": "heartbeat"},
    **{"view_search_results": "search", "search": "search", "file_download": "download"},
    **{"video_start": "media", "video_progress": "media", "video_complete": "media"},
    **{"exception": "error", "app_exception": "error", "add_to_cart": "add_to_cart"},
    **{"purchase": "conversion", "ecommerce_purchase": "conversion", "in_app_purchase": "conversion"},
}
PARAMETERS = (
    *("ga_session_id", "page_location", "page_referrer", "page_title", "engagement_time_msec"),
    *("percent_scrolled", "link_url", "link_text", "link_id", "link_classes", "form_id", "form_name"),
    *("first_field_name", "first_field_id", "first_field_type", "description", "value", "currency"),
    *("source", "medium", "campaign", "firebase_screen", "firebase_screen_class"),
)


def param(name: str) -> pl.Expr:
    """A parameter as text."""
    return pl.col(PARAMETER + name)


def _flat(name: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{name}" for prefix in ("params_", "event_params_", "param_", ""))


@dataclass(frozen=True, kw_only=True)
class GoogleAnalytics(Preset):
    """Events of Google Analytics 4, from BigQuery."""

    name: ClassVar[str] = "ga4"
    fields: ClassVar[Names] = {
        "ts": ("event_timestamp",),
        "event": ("event_name",),
        "params": ("event_params",),
        "visitor": ("user_pseudo_id", "client_key"),
        "user": ("user_id",),
        "session": ("session_key",),
        **{
            f"flat.{name}": _flat(name)
            for name in PARAMETERS
            if name not in {"value", "source", "medium", "description"}
        },
        "bundle": ("batch_page_id",),
        "order": ("batch_ordering_id",),
        "index": ("batch_event_index",),
        "device": ("device.category", "device_category"),
        "browser": ("device.web_info.browser", "device.browser", "device_browser", "device_web_info_browser"),
        "os": ("device.operating_system", "device_operating_system"),
        "lang": ("device.language", "device_language"),
        "country": ("geo.country", "geo_country"),
        "source": (
            "collected_traffic_source.manual_source",
            "traffic_source.source",
            "traffic_source_source",
        ),
        "medium": (
            "collected_traffic_source.manual_medium",
            "traffic_source.medium",
            "traffic_source_medium",
        ),
        "campaign": (
            "collected_traffic_source.manual_campaign_name",
            "traffic_source.name",
            "traffic_source_name",
        ),
        "release": ("app_info.version", "app_info_version"),
        "revenue": ("ecommerce.purchase_revenue", "ecommerce_purchase_revenue"),
        "event_value": ("event_value", "event_value_in_usd"),
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",),)
    lists: ClassVar[dict[str, pl.DataType]] = {"params": TYPE}
    openings: ClassVar[tuple[Opening, ...]] = (
        Opening(
            ("params",),
            {ALL: pl.String(), **{PARAMETER + name: pl.String() for name in PARAMETERS}},
            picked,
            within=all_picked,
        ),
    )

    def sniff(self, file: InputFile) -> float:
        """Sure by time, name and parameters or pseudo id, unless the names are those of AWS Clickstream."""
        return seen(file).surety(is_ours)

    def marks(self, known: Fields, made: Columns) -> Columns:
        """GA4 gives no ids: rows are alike in visitor, time to the microsecond, name, order and all parameters."""
        told = [pl.col(label) for label in ("bundle", "order", "index") if known.knows(label)]
        told += [pl.col(ALL)] if known.knows("params") else []
        said = [] if known.knows("params") else [made["session_id"], made["url"], made["active_ms"]]
        return {ALIKE: alike(made["ts"], made["visitor_id"], pl.col("event"), *told, *said)}

    def columns(self, known: Fields) -> Columns:
        """All that GA4 tells."""
        kind = pl.col("event").replace_strict(EVENTS, default="custom", return_dtype=KIND)
        has_params = known.knows("params")

        def value(name: str) -> pl.Expr:
            flat = f"flat.{name}"
            both = [param(name)] if has_params else []
            both += [pl.col(flat)] if known.knows(flat) else []
            return text(pl.coalesce(both)) if both else param(name)

        def when(event: str, expr: pl.Expr) -> pl.Expr:
            return pl.when(pl.col("event") == event).then(expr)

        is_order = kind == pl.lit("conversion", KIND)
        worth = pl.coalesce(
            [number(one) for one in (param("value"), pl.col("revenue"), pl.col("event_value"))]
        )
        session = identity(value("ga_session_id"))
        screen = pl.coalesce(value("firebase_screen"), value("firebase_screen_class"))
        is_link = kind.is_in(["outlink", "download"])
        return {
            "seq": _order(known),
            "session_id": pl.coalesce(pl.col("visitor") + "." + session, identity(pl.col("session"))),
            "visitor_id": identity(pl.col("visitor")),
            "user_id": identity(pl.col("user")),
            "kind": kind,
            "name": text(pl.col("event")),
            "url": pl.coalesce(value("page_location"), "/" + screen),
            "title": each(value("page_title"), masked),
            "referrer": value("page_referrer"),
            "target": pl.when(is_link).then(_link(value("link_id"), value("link_url"))),
            "el_id": each(value("link_id"), masked),
            "el_text": each(value("link_text"), masked),
            "el_href": each(value("link_url"), masked_href),
            "scroll_pct": when("scroll", number(value("percent_scrolled")).fill_null(90)),
            "form": pl.coalesce(value("form_id"), value("form_name")),
            "field": pl.coalesce(value("first_field_name"), value("first_field_id")),
            "field_type": value("first_field_type"),
            "active_ms": number(value("engagement_time_msec")),
            "error_message": when("exception", each(param("description"), masked_message)),
            "device": text(pl.col("device")).str.to_lowercase(),
            "browser": text(pl.col("browser")),
            "os": text(pl.col("os")),
            "country": text(pl.col("country")),
            "lang": text(pl.col("lang")),
            "channel": text(pl.coalesce("source", param("source"))),
            "medium": text(pl.coalesce("medium", param("medium"))),
            "campaign": text(pl.coalesce(pl.col("campaign"), value("campaign"))),
            "release": text(pl.col("release")),
            "value": pl.when(is_order).then(worth),
            "currency": pl.when(is_order).then(value("currency")),
        }


def _link(id_: pl.Expr, url: pl.Expr) -> pl.Expr:
    """A link by its id, else by where it leads."""
    return pl.coalesce("a#" + id_, 'a[href="' + each(url, masked_href) + '"]')


def _order(known: Fields) -> pl.Expr:
    """The order inside a bundle, whose events may share their time; null where the export is older."""
    order = number(pl.col("order")).fill_null(0) * 1_000 + number(pl.col("index"))
    return order.cast(pl.Int32(), strict=False) if known.knows("index") else pl.col("index").cast(pl.Int32())


def is_ours(record: Record) -> bool:
    """Whether a record is a GA4 event."""
    if not (has(record, "event_timestamp") and has(record, "event_name")):
        return False
    if str(said(record, "event_name") or "").startswith("_") or has(record, "event_time_msec"):
        return False
    stamp = said(record, "event_timestamp")
    if stamp is not None and not (str(stamp).isdecimal() and len(str(stamp)) == 16):
        return False
    marks = ("event_params", "user_pseudo_id", "event_bundle_sequence_id", "client_key")
    return any(has(record, name) for name in marks)
