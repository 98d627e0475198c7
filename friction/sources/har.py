"""HAR: what a browser's developer tools or a robot wrote down of the loading of pages.

Exports   The JSON of a capture, of one page or several.
Gives     Pages with their load times, every request with status and duration.
Misses    Everything people do. A capture is one session; a load time of −1 or none means that the page was not
          finished, and is none.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href
from friction.schema import KIND
from friction.sources.base import InputFile, Options
from friction.sources.casts import identity, number, text
from friction.sources.fields import Fields, Names
from friction.sources.posthog_texts import each
from friction.sources.preset import Columns, Preset
from friction.sources.seen import SURE, seen
from friction.tables.jsonl import open_json
from friction.tables.table import Table
from friction.values import dataclass

_FIELDS = ("kind", "time", "session", "page_id", "url", "title", "load", "dcl", "method", "status", "req_url", "took",
           "req_kind")  # fmt: skip


def records(value: Any) -> list[Any] | None:
    """Views of pages and requests of a capture; null for another document."""
    log = value.get("log") if isinstance(value, dict) else None
    if not isinstance(log, dict) or not isinstance(log.get("entries"), list):
        return None
    entries = [_entry(one) if isinstance(one, dict) else one for one in log["entries"]]
    known = [one for one in entries if isinstance(one, dict)]
    pages = [one for one in log.get("pages") or () if isinstance(one, dict)]
    views = [_page(page, known) for page in pages] or _documents(known)
    times = [str(one["time"]) for one in (*views, *known) if one.get("time")]
    urls = {view["page_id"]: view["url"] for view in views}
    for one in known:
        one["url"] = urls.get(one["page_id"])
    session = {"session": f"har-{min(times, default='')}"}
    return [{**one, **session} if isinstance(one, dict) else one for one in (*views, *entries)]


def _inside(value: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside; an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    request, response = _inside(entry, "request"), _inside(entry, "response")
    is_page = "html" in str(_inside(response, "content").get("mimeType") or "")
    return {
        "kind": "request",
        "time": entry.get("startedDateTime"),
        "page_id": entry.get("pageref"),
        "method": request.get("method"),
        "status": response.get("status"),
        "req_url": request.get("url"),
        "took": entry.get("time"),
        "req_kind": "document" if is_page else str(entry.get("_resourceType") or "other"),
    }


def _page(page: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    own = [one for one in entries if one["page_id"] == page.get("id")]
    best = [one for one in own if one["req_kind"] == "document" and one["status"] == 200] or own
    timings = _inside(page, "pageTimings")
    return {
        "kind": "page_view",
        "time": page.get("startedDateTime"),
        "page_id": page.get("id"),
        "url": best[0]["req_url"] if best else None,
        "title": page.get("title"),
        "load": timings.get("onLoad"),
        "dcl": timings.get("onContentLoad"),
    }


def _documents(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The views of a capture without pages: its documents, or what was asked for first."""
    found = [one for one in entries if one["req_kind"] == "document" and one["status"] == 200] or entries[:1]
    return [
        {"kind": "page_view", "time": one["time"], "page_id": f"page {at}", "url": one["req_url"]}
        for at, one in enumerate(found)
    ]


@dataclass(frozen=True, kw_only=True)
class Har(Preset):
    """Captures of the network by a browser."""

    name: ClassVar[str] = "har"
    fields: ClassVar[Names] = {"ts": ("time",), **{name: (name,) for name in _FIELDS if name != "time"}}
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("kind",), ("session",))
    truisms: ClassVar[frozenset[str]] = frozenset({"kind"})

    def sniff(self, file: InputFile) -> float:
        """Sure by the log of a capture with its entries."""
        logs = [value.get("log") for value in seen(file).documents if isinstance(value, dict)]
        marks = {"creator", "entries", "pages", "version"}
        return SURE if any(isinstance(log, dict) and len(marks & log.keys()) > 1 for log in logs) else 0.0

    def table(self, file: InputFile, options: Options) -> Table:  # noqa: ARG002 - JSON has no dialect
        """One record a view or request."""
        return open_json(file, records)

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that a capture tells."""

        def positive(label: str) -> pl.Expr:
            value = number(pl.col(label))
            return pl.when(value > 0).then(value)

        return {
            "session_id": identity(pl.col("session")),
            "visitor_id": identity(pl.col("session")),
            "pageview_id": identity(pl.col("page_id")),
            "kind": pl.col("kind").cast(KIND),
            "name": text(pl.col("kind")),
            "url": text(pl.col("url")),
            "title": each(text(pl.col("title")), masked),
            "load_ms": positive("load"),
            "dcl_ms": positive("dcl"),
            "http_method": text(pl.col("method")),
            "http_status": positive("status").cast(pl.Int16(), strict=False),
            "req_url": each(text(pl.col("req_url")), masked_href),
            "req_kind": text(pl.col("req_kind")),
            "duration_ms": positive("took"),
        }
