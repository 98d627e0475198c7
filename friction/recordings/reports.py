"""What plug-ins and the site itself put into a recording: console, network, custom events.

Custom payloads are free-form, so only an address is taken from them, and only where the tag is known to
announce a change of route. Nothing else of a payload leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import orjson

from friction.recordings import sentry
from friction.recordings.masking import masked, masked_href, masked_message, words
from friction.recordings.mirror import items

Cells = dict[str, Any]

ROUTES = frozenset(
    {
        *(
            "route",
            "routechange",
            "navigate",
            "navigation",
            "pushstate",
            "replacestate",
            "popstate",
            "history",
        ),
        *(
            "historychange",
            "pageview",
            "urlchange",
            "urlchanged",
            "locationchange",
            "hashchange",
            "pagechange",
        ),
    }
)
"""Tags, in lower case without punctuation, by which sites and their tools announce a change of route."""

VISIBILITY = frozenset({"windowhidden", "windowvisible", "visibilitychange"})
_ADDRESS_KEYS = ("href", "url", "to", "path", "pathname", "description")
_KIND = re.compile(r"(?:Uncaught\s+)?(?:\(in promise\)\s+)?([A-Z]\w*(?:Error|Exception))\b")


def console(payload: Any) -> Cells | None:
    """One entry of the console: `error` for level error or assert, else `console`; `name` has the level.

    The recorder's console plug-in also reports uncaught errors, as level error: they cannot be told apart.
    """
    if not isinstance(payload, dict) or not isinstance(payload.get("level"), str):
        return None
    parts = payload.get("payload")
    message = " ".join(_plain(part) for part in parts[:5]) if isinstance(parts, list) else words(parts)
    is_error = payload["level"] in {"error", "assert"}
    cells: Cells = {"kind": "error" if is_error else "console", "name": f"console.{payload['level'][:20]}"}
    kind = _KIND.match(message) if is_error else None
    return {
        **cells,
        "error_source": "console",
        "error_message": masked_message(message),
        "error_kind": kind.group(1) if kind else None,
    }


def requests(ts: float, payload: Any) -> Iterator[tuple[float, Cells]]:
    """Requests of one report, each with its start (ms); a page's own load becomes `navigation_perf`, at its report.

    Where the plug-in gives no wall clock, the latest end in a report is taken for the time of the report. A load
    begins before its page is recorded, on which it must be counted: hence its other time.
    """
    found = list(items(payload, "requests")) if isinstance(payload, dict) else []
    last = max((_end(one) or 0.0 for one in found), default=0.0)
    for one in found:
        start = _number(one.get("startTime"))
        yield (ts, _load(one, start)) if _is_load(one) else (_start(ts, one, start, last), _request(one))


def custom(data: Cells, href: str | None) -> tuple[Cells, str | None]:
    """The row of a custom event, and the new address where it announces one."""
    tag = masked(words(data.get("tag"))) or "custom"
    word = re.sub(r"[^a-z]", "", tag.lower())
    payload = data.get("payload")
    if tag in {"breadcrumb", "performanceSpan"} and (cells := sentry.reported(tag, payload)):
        return cells, None
    if word == "performancespan" and isinstance(payload, dict):
        word = "navigation" if words(payload.get("op")).startswith("navigation.push") else ""
    if word in VISIBILITY:
        return {"kind": "visibility", "name": tag}, None
    address = _address(payload) if word in ROUTES else None
    new = urljoin(href or "", address) if address else None
    if new is None or new == href:
        return {"kind": "custom", "name": tag}, None
    only_hash = new.partition("#")[0] == (href or "").partition("#")[0] and not new.partition("#")[
        2
    ].startswith("/")
    return {"kind": "hashchange" if only_hash else "route_change", "name": tag, "nav_kind": "push"}, new


def _address(payload: Any) -> str | None:
    if isinstance(payload, str):
        return payload[:2_000] or None
    if not isinstance(payload, dict):
        return None
    inner = payload.get("data")
    found = (words(payload.get(key)) for key in _ADDRESS_KEYS)
    return next((value[:2_000] for value in found if value), None) or (
        _address(inner) if isinstance(inner, dict) else None
    )


def _request(one: Cells) -> Cells:
    status = _number(one.get("status")) or _number(one.get("responseStatus"))
    duration = _number(one.get("duration"))
    start, end = _number(one.get("startTime")), _end(one)
    if duration is None and start is not None and end is not None:
        duration = end - start
    address = words(one.get("name")) or words(one.get("url"))
    return {
        "kind": "request",
        "http_method": words(one.get("method"))[:10].upper() or None,
        "http_status": int(status) if status is not None and 0 < status < 1_000 else None,
        "req_url": masked_href(address) or None,
        "req_kind": words(one.get("initiatorType"))[:30] or None,
        "duration_ms": duration if duration is not None and duration >= 0 else None,
    }


def _is_load(one: Cells) -> bool:
    """A finished load of the page itself. The recorder's own plug-in keeps only its `duration`, 0 until the end."""
    if "navigation" not in (one.get("initiatorType"), one.get("entryType")):
        return False
    whole = _number(one.get("duration")) or 0.0
    return "loadEventEnd" in one or (one.get("entryType") == "navigation" and whole > 0)


def _load(one: Cells, start: float | None) -> Cells:
    def since(key: str) -> float | None:
        value = _number(one.get(key))
        return value - (start or 0.0) if value is not None and value > (start or 0.0) else None

    load, dcl, first = since("loadEventEnd"), since("domContentLoadedEventEnd"), since("responseStart")
    if "loadEventEnd" not in one:
        load = _number(one.get("duration"))
    return {"kind": "navigation_perf", "load_ms": load, "dcl_ms": dcl, "ttfb_ms": first}


def _start(ts: float, one: Cells, start: float | None, last: float) -> float:
    origin, stamp = _number(one.get("timeOrigin")), _number(one.get("timestamp"))
    if stamp is not None and abs(stamp - ts) < 86_400_000:
        return stamp
    if start is None:
        return ts - (_number(one.get("duration")) or 0.0)
    return (
        origin + start
        if origin is not None and abs(origin - ts) < 86_400_000
        else ts - max(last - start, 0.0)
    )


def _end(one: Cells) -> float | None:
    for key in ("endTime", "responseEnd"):
        if (end := _number(one.get(key))) is not None:
            return end
    start, duration = _number(one.get("startTime")), _number(one.get("duration"))
    return None if start is None or duration is None else start + duration


def _number(value: Any) -> float | None:
    return float(value) if type(value) in {int, float} and abs(value) < 1e14 else None


def _plain(part: Any) -> str:
    """A console argument: the plug-in writes each as JSON."""
    text = words(part)
    if text.startswith('"'):
        try:
            return words(orjson.loads(text))
        except orjson.JSONDecodeError:
            return text.strip('"')
    return text
