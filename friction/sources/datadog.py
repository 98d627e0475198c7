"""Datadog RUM: documents of views, actions, errors, resources and long tasks.

Exports   Answers of the API's search, lists and JSON lines of documents, the explorer's CSV (`@` paths).
Gives     Clicks with selector, place inside the element and the time until the page was quiet again; Datadog's own
          rage, dead and error verdicts in columns of their own; views with load times and vitals, errors, requests.
Misses    Where on the page a click was. Every duration is in nanoseconds. A view is written anew while it lasts: only
          its last version counts. Records of session replay are another export and not read.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from friction.errors import InputError
from friction.recordings.masking import masked, masked_href, masked_message
from friction.schema import KIND
from friction.sources.base import ALIKE, VERSION, InputFile, Options
from friction.sources.casts import alike, identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.generic import open_table
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.rrweb import is_foreign
from friction.sources.seen import Record, has, said, seen
from friction.tables.jsonl import looks_like_json, open_json
from friction.tables.table import Table
from friction.values import dataclass

TYPES = {
    **{"view": "page_view", "error": "error", "resource": "request", "long_task": "long_task"},
    **{"vital": "web_vital"},
}
ACTIONS = {"click": "click", "tap": "click", "scroll": "scroll", "swipe": "touch_end", "back": "route_change"}
NANOSECONDS = 1e-6
"""To milliseconds."""


def _names(*paths: str) -> tuple[str, ...]:
    """A path in documents, and the column the explorer makes of it."""
    return (*paths, *(f"@{path}" for path in paths))


def records(value: Any) -> list[Any] | None:
    """The documents of an answer, of a list, or the one document that a file holds."""
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value = value["data"]
    if isinstance(value, list):
        return [_document(one) for one in value]
    return [_document(value)] if isinstance(value, dict) and "type" in value else None


def _document(one: Any) -> Any:
    """What is inside `attributes.attributes`, as the API wraps it."""
    inner = one.get("attributes") if isinstance(one, dict) else None
    inside = inner.get("attributes") if isinstance(inner, dict) else None
    return inside if isinstance(inside, dict) and isinstance(inner, dict) else one


@dataclass(frozen=True, kw_only=True)
class Datadog(Preset):
    """Documents of Datadog Real User Monitoring."""

    name: ClassVar[str] = "datadog"
    fields: ClassVar[Names] = {
        "ts": ("date", "timestamp", "Date", "@date"),
        "type": _names("type", "event.type"),
        "session": _names("session.id"),
        "session_type": _names("session.type"),
        "user": _names("usr.id"),
        "anonymous": _names("usr.anonymous_id"),
        "view_id": _names("view.id"),
        "version": _names("_dd.document_version"),
        "url": _names("view.url", "view.url_path"),
        "title": _names("view.name"),
        "referrer": _names("view.referrer"),
        "loading": _names("view.loading_time"),
        "spent": _names("view.time_spent"),
        "load_event": _names("view.load_event"),
        "dcl": _names("view.dom_content_loaded"),
        "fcp": _names("view.first_contentful_paint"),
        "lcp": _names("view.largest_contentful_paint"),
        "inp": _names("view.interaction_to_next_paint"),
        "fid": _names("view.first_input_delay"),
        "ttfb": _names("view.first_byte"),
        "cls": _names("view.cumulative_layout_shift"),
        "action": _names("action.type"),
        "action_id": _names("action.id"),
        "target": _names("action.target.name"),
        "action_time": _names("action.loading_time"),
        "frustration": _names("action.frustration.type"),
        "selector": _names("_dd.action.target.selector"),
        "el_w": _names("_dd.action.target.width"),
        "el_h": _names("_dd.action.target.height"),
        "el_x": _names("_dd.action.position.x"),
        "el_y": _names("_dd.action.position.y"),
        "message": _names("error.message"),
        "error_id": _names("error.id"),
        "error_kind": _names("error.type"),
        "error_source": _names("error.source"),
        "req_url": _names("resource.url", "error.resource.url"),
        "req_kind": _names("resource.type"),
        "req_id": _names("resource.id"),
        "method": _names("resource.method", "error.resource.method"),
        "status": _names("resource.status_code", "error.resource.status_code"),
        "req_time": _names("resource.duration"),
        "task_time": _names("long_task.duration"),
        "viewport_w": _names("display.viewport.width"),
        "viewport_h": _names("display.viewport.height"),
        "device": _names("device.type"),
        "os": _names("os.name"),
        "browser": _names("browser.name"),
        "country": _names("geo.country"),
        "release": _names("version", "application.version"),
        "sample": _names("_dd.configuration.session_sample_rate"),
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("type",), ("session", "user", "anonymous"))
    sample: ClassVar[tuple[str, float]] = ("sample", 100.0)
    truisms: ClassVar[frozenset[str]] = frozenset({"type"})

    def sniff(self, file: InputFile) -> float:
        """Sure by the application, session or view of a document."""
        looked = seen(file)
        if looked.form == "json":
            return looked.surety(lambda record: is_ours(_document(record)) or is_replay(record))
        names = {name.lstrip("@") for name in looked.names}
        marks = {"session.id", "view.id", "view.url", "view.url_path", "action.type", "application.id"}
        return 0.96 if len(marks & names) > 2 else 0.0

    def table(self, file: InputFile, options: Options) -> Table:
        """The documents, out of their wrappers. Raises `InputError` for a replay."""
        if seen(file).surety(is_replay):
            raise InputError(
                "input.no_events",
                "this is a replay recorded by Datadog, whose records no one but Datadog can play",
                remedy="export the events of Real User Monitoring instead: views, actions, errors, resources",
            )
        if looks_like_json(file.head):
            return open_json(file, records)
        # Names that begin with `@` look like values; here they are known.
        return open_table(file, {"header": "1", **options.mapping})

    def marks(self, known: Fields, made: Columns) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """Of a view the document with the highest number counts; where there is none, that with the longest time."""
        is_view = pl.col("type") == "view"
        version = number(pl.col("version")).fill_null(0) * 1e6 + number(pl.col("spent")).fill_null(0) * 1e-12
        id_ = pl.when(is_view).then(made["pageview_id"]).otherwise(made["event_id"])
        return {ALIKE: alike(id_, pl.col("type")), VERSION: pl.when(is_view).then(version)}

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that a document tells."""
        type_ = pl.col("type")
        action = pl.col("action").replace_strict(ACTIONS, default="custom", return_dtype=KIND)
        kind = pl.coalesce(
            pl.when(type_ == "action").then(action),
            type_.replace_strict(TYPES, default="custom", return_dtype=KIND),
        )
        words = each(text(pl.col("target")), masked)
        selector = text(pl.col("selector"))

        def of(which: str, expr: pl.Expr) -> pl.Expr:
            return pl.when(type_ == which).then(expr)

        def ms(label: str) -> pl.Expr:
            return number(pl.col(label)) * NANOSECONDS

        is_click = (type_ == "action") & (kind == pl.lit("click", KIND))
        marks = text(pl.col("frustration"))
        return {
            "session_id": identity(pl.col("session")),
            "visitor_id": pl.coalesce(identity(pl.col("anonymous")), identity(pl.col("user"))),
            "user_id": identity(pl.col("user")),
            "pageview_id": identity(pl.col("view_id")),
            "event_id": pl.coalesce(of("action", pl.col("action_id")), of("error", pl.col("error_id")),
                                    of("resource", pl.col("req_id"))),
            "kind": kind,
            "name": pl.coalesce(of("action", pl.col("action")), type_),
            "url": text(pl.col("url")),
            "title": each(text(pl.col("title")), masked),
            "referrer": text(pl.col("referrer")),
            "nav_kind": pl.when(pl.col("action") == "back").then(pl.lit("back_forward")),
            "target": of("action", pl.coalesce(selector, words)),
            "el_text": of("action", words),
            "el_x": number(pl.col("el_x")),
            "el_y": number(pl.col("el_y")),
            "el_w": number(pl.col("el_w")),
            "el_h": number(pl.col("el_h")),
            "viewport_w": number(pl.col("viewport_w")),
            "viewport_h": number(pl.col("viewport_h")),
            "response_delay_ms": pl.when(is_click).then(ms("action_time")),
            "load_ms": of("view", pl.coalesce(ms("load_event"), ms("loading"))),
            "dcl_ms": of("view", ms("dcl")),
            "ttfb_ms": of("view", ms("ttfb")),
            "fcp_ms": of("view", ms("fcp")),
            "lcp_ms": of("view", ms("lcp")),
            "inp_ms": of("view", ms("inp")),
            "fid_ms": of("view", ms("fid")),
            "cls": of("view", number(pl.col("cls"))),
            "duration_ms": pl.coalesce(
                of("view", ms("spent")), of("resource", ms("req_time")), of("long_task", ms("task_time"))
            ),
            "http_method": text(pl.col("method")),
            "http_status": number(pl.col("status")).cast(pl.Int16(), strict=False),
            "req_url": each(text(pl.col("req_url")), masked_href),
            "req_kind": of("resource", text(pl.col("req_kind"))),
            "error_message": of("error", each(text(pl.col("message")), masked_message)),
            "error_kind": of("error", each(text(pl.col("error_kind")), masked)),
            "error_source": of("error", text(pl.col("error_source"))),
            "device": text(pl.col("device")).str.to_lowercase(),
            "os": text(pl.col("os")),
            "browser": text(pl.col("browser")),
            "country": text(pl.col("country")),
            "release": text(pl.col("release")),
            "is_bot": pl.col("session_type").is_in(["synthetics", "ci_test"]),
            "v_rage": _mark(is_click, marks, "rage_"),
            "v_dead": _mark(is_click, marks, "dead_"),
            "v_error": _mark(is_click, marks, "error_"),
        }  # fmt: skip


def _mark(is_click: pl.Expr, marks: pl.Expr, word: str) -> pl.Expr:
    """A verdict of Datadog on a click; without any mark it is false."""
    return pl.when(is_click).then(marks.str.contains(word, literal=True).fill_null(value=False))


def is_replay(record: Record) -> bool:
    """Whether a record is one of Datadog's replays, which look like those of rrweb from outside."""
    return isinstance(record.get("type"), int) and is_foreign(dict(record))


def is_ours(record: Record) -> bool:
    """Whether a record is a RUM document."""
    is_typed = said(record, "type") in {*TYPES, "action"}
    marks = ("application.id", "session.id", "view.id", "_dd.format_version")
    return is_typed and sum(has(record, name) for name in marks) > 1
