"""OpenReplay: one session as its API gives it.

Exports   The JSON of a session, or a list of such.
Gives     Clicks with selector, inputs, page views with load times, requests, errors; OpenReplay's issues (rage and dead
          clicks, thrashing) as rows of their own kinds, never as clicks.
Misses    Where on the page a click was, what the page did after it; the fields of inputs have a label, no selector.
"""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl

from friction.recordings.masking import masked, masked_href, masked_message
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

TYPES = {
    **{"CLICK": "click", "TAP": "click", "INPUT": "input", "LOCATION": "page_view", "resource": "request"},
    **{"error": "error", "click_rage": "rage_click", "dead_click": "dead_click", "mouse_thrashing": "thrash"},
    **{"tap_rage": "rage_click", "VIEW": "page_view", "CLICKRAGE": "rage_click"},
}
SESSION = ("sessionId", "userId", "userAnonymousId", "userUuid", "userBrowser", "userOs", "userDeviceType",
           "userCountry", "revId", "utmSource", "utmCampaign")  # fmt: skip
EVENT = (
    *("type", "timestamp", "messageId", "label", "selector", "url", "path", "referrer", "loadTime"),
    *("domContentLoadedTime", "firstContentfulPaintTime", "firstPaintTime", "ttfb", "method", "status"),
    *("duration", "message", "name", "source"),
)
RELATIVE = 10**11
"""Times below are milliseconds since the session began."""


def sessions(value: Any) -> list[dict[str, Any]]:
    """The sessions in a document."""
    found = value.get("data", value) if isinstance(value, dict) else value
    every = found if isinstance(found, list) else [found]
    return [
        one
        for one in every
        if isinstance(one, dict) and "sessionId" in one and isinstance(one.get("events"), list)
    ]


def records(value: Any) -> list[Any] | None:
    """Events, resources, errors and issues of all sessions, each with what its session says."""
    found = [row for session in sessions(value) for row in _rows(session)]
    return found or None


def _rows(session: dict[str, Any]) -> list[Any]:
    about = {f"session_{key}": session.get(key) for key in SESSION}
    began = session.get("startTs")
    start = began if isinstance(began, int) else 0
    made: list[Any] = []
    lists = (("events", None), ("resources", "resource"), ("errors", "error"), ("issues", None))
    for name, type_ in lists:
        for one in session.get(name) or ():
            if not isinstance(one, dict):
                made.append(one)
                continue
            row = {key: one.get(key) for key in EVENT} | {"type": type_ or one.get("type")}
            if type(row["timestamp"]) is int and row["timestamp"] < RELATIVE:
                row["timestamp"] += start
            if name == "resources":
                row["req_url"] = row.pop("url")
            made.append({**about, **row})
    return made


@dataclass(frozen=True, kw_only=True)
class OpenReplay(Preset):
    """Sessions of OpenReplay."""

    name: ClassVar[str] = "openreplay"
    fields: ClassVar[Names] = {
        "ts": ("timestamp",),
        "req_url": ("req_url",),
        **{key: (key,) for key in EVENT if key != "timestamp"},
        **{f"session_{key}": (f"session_{key}",) for key in SESSION},
    }
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("session_sessionId",), ("type",))
    truisms: ClassVar[frozenset[str]] = frozenset({"type"})

    def sniff(self, file: InputFile) -> float:
        """Sure by a session with its events."""
        looked = seen(file)
        found = [session for value in looked.documents for session in sessions(value)]
        return SURE if any(_is_ours(session) for session in found) else 0.0

    def table(self, file: InputFile, options: Options) -> Table:  # noqa: ARG002 - JSON has no dialect
        """One record an event."""
        return open_json(file, records)

    def columns(self, known: Fields) -> Columns:  # noqa: ARG002 - what there is, is asked of every expression
        """All that a session tells."""
        kind = pl.col("type").replace_strict(TYPES, default="custom", return_dtype=KIND)
        words = each(text(pl.col("label")), masked)
        is_view = kind == pl.lit("page_view", KIND)

        def of(which: str, expr: pl.Expr) -> pl.Expr:
            return pl.when(kind == pl.lit(which, KIND)).then(expr)

        return {
            "session_id": identity(pl.col("session_sessionId")),
            "visitor_id": pl.coalesce(
                identity(pl.col("session_userAnonymousId")), identity(pl.col("session_userUuid")),
                identity(pl.col("session_userId")), identity(pl.col("session_sessionId")),
            ),
            "user_id": identity(pl.col("session_userId")),
            "seq": number(pl.col("messageId")).cast(pl.Int32(), strict=False),
            "kind": kind,
            "name": text(pl.col("type")),
            "url": pl.coalesce(text(pl.col("url")), text(pl.col("path"))),
            "referrer": pl.when(is_view).then(text(pl.col("referrer"))),
            "target": pl.when(~kind.is_in(["page_view", "request"])).then(
                pl.coalesce(text(pl.col("selector")), words)
            ),
            "el_text": of("click", words),
            "field": of("input", words),
            "load_ms": pl.when(is_view).then(number(pl.col("loadTime"))),
            "dcl_ms": pl.when(is_view).then(number(pl.col("domContentLoadedTime"))),
            "fcp_ms": pl.when(is_view).then(number(pl.col("firstContentfulPaintTime"))),
            "fp_ms": pl.when(is_view).then(number(pl.col("firstPaintTime"))),
            "ttfb_ms": pl.when(is_view).then(number(pl.col("ttfb"))),
            "duration_ms": of("request", number(pl.col("duration"))),
            "http_method": of("request", text(pl.col("method"))),
            "http_status": of("request", number(pl.col("status")).cast(pl.Int16(), strict=False)),
            "req_url": of("request", each(text(pl.col("req_url")), masked_href)),
            "error_message": of("error", each(text(pl.col("message")), masked_message)),
            "error_kind": of("error", each(text(pl.col("name")), masked)),
            "device": text(pl.col("session_userDeviceType")).str.to_lowercase(),
            "browser": text(pl.col("session_userBrowser")),
            "os": text(pl.col("session_userOs")),
            "country": text(pl.col("session_userCountry")),
            "release": text(pl.col("session_revId")),
            "channel": text(pl.col("session_utmSource")),
            "campaign": text(pl.col("session_utmCampaign")),
        }  # fmt: skip


def _is_ours(session: dict[str, Any]) -> bool:
    types = [one.get("type") for one in session["events"] if isinstance(one, dict)]
    return "startTs" in session or any(str(one) in {"CLICK", "INPUT", "LOCATION"} for one in types)
