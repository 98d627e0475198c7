"""FullStory: segment and data exports, one row an event with its page and visitor, and events of its second API.

Exports   CSV of either generation of headers, a list of JSON objects, NDJSON, also gz; v2 events as JSON.
Gives     Clicks with selector and FullStory's own verdicts (frustrated, dead, error) in columns of their own, page
          views, changes, abandoned forms, load times, requests, errors, layout shifts.
Misses    Where on the page a click was, what the page did after it. `seen` (an element came into view) is no act of a
          visitor. Times on a page repeat on every row of it and are not summed.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
from friction.recordings.selectors import LEVELS, is_stable, stable_classes
from friction.schema import KIND
from friction.sources.base import InputFile
from friction.sources.casts import identity, number, text, truth
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import Record, has, seen
from friction.sources.spoken import first_email
from friction.values import dataclass

EVENTS = {
    **{"navigate": "page_view", "load": "navigation_perf", "click": "click", "change": "change"},
    **{"abandon": "form_abandon", "request": "request", "exception": "error"},
    # An event of the site's own some of whose properties FullStory could not take: nobody on the page saw an error.
    "custom_error": "custom",
    **{"crashed": "error", "console_message": "console", "cumulative_layout_shift": "web_vital"},
    **{"first_input_delay": "web_vital", "copy": "copy", "paste": "paste", "highlight": "select"},
    **{
        "pinch_gesture": "touch_start",
        "backgrounded": "visibility",
        "custom": "custom",
        "form_abandon": "form_abandon",
    },
    **{"uservar": "identify", "identify": "identify", "page_view": "page_view", "input_change": "change"},
    **{"watched_element": "custom", "network_request": "request", "navigation": "page_view"},
}
MARKED = ("click",)
"""Kinds that carry FullStory's marks: written only when true, so absent they are false."""
NAVIGATIONS = {"navigate": "navigate", "reload": "reload", "back_forward": "back_forward"}
_TOKEN = re.compile(r"([.#=]?)(\S+)")


@dataclass(frozen=True, kw_only=True)
class FullStory(Preset):
    """Events of FullStory."""

    name: ClassVar[str] = "fullstory"
    fields: ClassVar[Names] = {
        "ts": ("EventStart", "event_time"),
        "event": ("EventType", "event_type"),
        "sub": ("EventSubType", "event_properties.sub_type"),
        "custom": ("EventCustomName", "event_properties.event_name"),
        "user_key": ("UserId", "IndvId"),
        "session": ("SessionId", "session_id"),
        "device_id": ("device_id",),
        "page_id": ("PageId", "view_id"),
        "event_id": ("event_id",),
        "user": ("UserAppKey", "source_properties.user_id"),
        "email": ("UserEmail", "source_properties.user_email"),
        "url": ("PageUrl", "source_properties.url.full_url", "source_properties.url"),
        "title": ("PageName", "source_properties.title"),
        "referrer": ("PageRefererUrl", "PageReferrerUrl", "source_properties.initial_referrer"),
        "text": ("EventTargetText", "event_properties.target.text", "event_properties.target_text"),
        "tokens": ("EventTargetSelectorTok",),
        "selector": (
            "EventTargetSelector",
            "event_properties.target.raw_selector",
            "event_properties.target_raw_selector",
        ),
        "frustrated": ("EventModFrustrated", "event_properties.fs_rage_count"),
        "dead": ("EventModDead", "event_properties.fs_dead_count"),
        "error": ("EventModError", "event_properties.fs_error_count"),
        "error_kind": ("EventVarErrorKind", "event_properties.error_kind", "event_properties.name"),
        "error_source": ("EventWebSourceFileUrl",),
        "fid": ("EventFirstInputDelay",),
        "cls": ("EventCumulativeLayoutShift",),
        "dcl": ("LoadDomContentTime", "event_properties.dom_content_time"),
        "load": ("LoadEventTime", "event_properties.load_time"),
        "paint": ("LoadFirstPaintTime", "event_properties.first_paint_time"),
        "lcp": ("LoadLargestPaintTime", "event_properties.largest_paint_time"),
        "req_url": ("ReqUrl", "event_properties.url"),
        "req_method": ("ReqMethod", "event_properties.method"),
        "req_status": ("ReqStatus", "event_properties.status_code"),
        "active": ("PageActiveDuration",),
        "duration": ("PageDuration",),
        "scroll": ("PageMaxScrollDepthPercent",),
        "viewport_w": ("PageViewportWidth", "source_properties.viewport_width"),
        "viewport_h": ("PageViewportHeight", "source_properties.viewport_height"),
        "device": ("PageDevice", "source_properties.device"),
        "browser": ("PageBrowser", "source_properties.browser"),
        "os": ("PageOperatingSystem", "source_properties.operating_system"),
        "country": ("source_properties.location.country",),
        "revenue": ("evt_revenue_real", "evt_total_real", "evt_value_real"),
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("event",), ("session", "user_key", "device_id"))

    def sniff(self, file: InputFile) -> float:
        """Sure by FullStory's own names of an event, its time and session."""
        return seen(file).surety(is_ours)

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that FullStory tells."""
        event = pl.col("event").str.to_lowercase()
        kind = event.replace_strict(EVENTS, default="custom", return_dtype=KIND)
        words = each(text(pl.col("text")), masked)
        named = pl.coalesce(
            each(text(pl.col("tokens")), of_tokens), each(text(pl.col("selector")), of_selector)
        )
        user = pl.coalesce(identity(pl.col("user_key")), identity(pl.col("device_id")))

        def when(which: str, expr: pl.Expr) -> pl.Expr:
            return pl.when(kind == pl.lit(which, KIND)).then(expr)

        # The text of a changed field is what a visitor typed.
        is_field = kind.is_in(["change", "form_abandon", "input", "paste", "copy"])
        is_error = kind.is_in(["error", "console"])
        return {
            "session_id": user + ":" + identity(pl.col("session")),
            "visitor_id": user,
            "user_id": identity(pl.col("user")),
            "email_hash": first_email(pl.col("email")),
            "pageview_id": identity(pl.col("page_id")),
            "event_id": identity(pl.col("event_id")),
            "kind": kind,
            "name": pl.coalesce(text(pl.col("custom")), text(pl.col("event"))),
            "nav_kind": when("page_view", pl.col("sub").replace_strict(NAVIGATIONS, default=None)),
            "url": text(pl.col("url")),
            "title": each(text(pl.col("title")), masked),
            "referrer": text(pl.col("referrer")),
            "target": pl.coalesce(named, pl.when(~is_field).then(words)),
            "el_tag": named.str.extract(r"(?:^|> )([\w-]+)[^>]*$"),
            "el_text": pl.when(~is_field).then(words),
            "field": pl.when(is_field).then(named),
            "viewport_w": number(pl.col("viewport_w")),
            "viewport_h": number(pl.col("viewport_h")),
            "scroll_pct": when("page_view", number(pl.col("scroll"))),
            "duration_ms": when("page_view", number(pl.col("duration"))),
            "active_ms": when("page_view", number(pl.col("active"))),
            "dcl_ms": when("navigation_perf", number(pl.col("dcl"))),
            "load_ms": when("navigation_perf", number(pl.col("load"))),
            "fp_ms": when("navigation_perf", number(pl.col("paint"))),
            "lcp_ms": when("navigation_perf", number(pl.col("lcp"))),
            "fid_ms": number(pl.col("fid")),
            "cls": number(pl.col("cls")),
            "http_method": when("request", text(pl.col("req_method"))),
            "http_status": when("request", number(pl.col("req_status")).cast(pl.Int16(), strict=False)),
            "req_url": when("request", each(text(pl.col("req_url")), masked_href)),
            "error_message": pl.when(is_error).then(_message()),
            "error_kind": pl.when(is_error).then(each(text(pl.col("error_kind")), masked)),
            "error_source": pl.when(is_error).then(each(text(pl.col("error_source")), masked_href)),
            "device": text(pl.col("device")).str.to_lowercase(),
            "browser": text(pl.col("browser")),
            "os": text(pl.col("os")),
            "country": text(pl.col("country")),
            "v_frustrated": _mark(kind, "frustrated"),
            "v_dead": _mark(kind, "dead"),
            "v_error": _mark(kind, "error"),
            "value": number(pl.col("revenue")),
        }


def _message() -> pl.Expr:
    return each(pl.coalesce(text(pl.col("custom")), text(pl.col("text"))), masked_message)


def _mark(kind: pl.Expr, label: str) -> pl.Expr:
    """A mark of FullStory: absent on a click it is false, elsewhere unknown."""
    column = pl.col(label)
    is_marked = pl.coalesce(truth(column), number(column) > 0)
    return pl.when(kind.cast(pl.String()).is_in(MARKED)).then(is_marked.fill_null(value=False))


def of_tokens(tokens: str) -> str | None:
    """The stable selector of a target from its tokens, from `html` down; they are percent-encoded even for hyphens.

    A bare token is a tag, one with a dot a class, with `#` an id, with `=` an attribute and its value.
    """
    levels: list[list[str]] = []
    for mark, word in _TOKEN.findall(tokens):
        if not mark:
            levels.append([unquote(word), "", ""])
        elif levels and mark == ".":
            levels[-1][2] += f" {unquote(word)}"
        elif levels and mark == "#":
            levels[-1][1] = unquote(word)
    return _joined(levels)


def of_selector(selector: str) -> str | None:
    """The stable form of a selector as FullStory writes it."""
    levels = []
    for step in re.split(r"\s*>\s*|\s+", selector.strip()):
        tag = re.match(r"[\w-]+", step)
        id_ = re.search(r"#([\w-]+)", step)
        classes = re.findall(r"\.([\w-]+)", re.sub(r"\[[^\]]*\]?", "", step))
        levels.append([tag[0] if tag else "*", id_[1] if id_ else "", " ".join(classes)])
    return _joined(levels)


def _joined(levels: list[list[str]]) -> str | None:
    """At most five levels, from the nearest stable id on."""
    found: list[str] = []
    for tag, id_, classes in reversed(levels[-LEVELS:]):
        if is_stable(id_):
            found.append(f"{tag.lower()}#{id_}")
            break
        found.append(tag.lower() + stable_classes(classes))
    return " > ".join(reversed(found)) or None


def is_ours(record: Record) -> bool:
    """Whether a record is an event of FullStory, of the exports or of the second API."""
    if has(record, "EventType") and has(record, "EventStart"):
        return has(record, "SessionId") or has(record, "UserId")
    return all(has(record, name) for name in ("event_type", "event_time", "source_properties"))
