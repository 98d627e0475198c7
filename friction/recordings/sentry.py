"""What Sentry's replay adds to a recording: breadcrumbs and performance spans, as custom events.

The recording around them counts milliseconds, times inside a payload are seconds. A `ui.click` repeats a click that
the recording has itself, so it is none; slow, dead and repeated clicks are Sentry's verdicts, rows of their own kinds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from friction.recordings.containers import Recording
from friction.recordings.masking import masked_href, masked_message, words

Cells = dict[str, Any]
VITALS = {
    "largest-contentful-paint": "lcp_ms",
    "cumulative-layout-shift": "cls",
    "interaction-to-next-paint": "inp_ms",
    "first-input-delay": "fid_ms",
}
DEAD = "timeout"
"""The reason with which Sentry ends its watch over a click that nothing answered."""


def reported(tag: str, payload: Any) -> Cells | None:
    """The row of a breadcrumb or span; null for what says nothing of its own."""
    if not isinstance(payload, dict):
        return None
    data = payload.get("data")
    inside: Cells = data if isinstance(data, dict) else {}
    return _breadcrumb(payload, inside) if tag == "breadcrumb" else _span(payload, inside)


def kept_share(recordings: Iterable[Recording]) -> float | None:
    """The smallest share of sessions (0–1) that Sentry says it was to record; null where none is said, or all.

    Its `options` event holds it. A share of 0 is that of a site which records only after an error.
    """
    told = (
        event.data["data"]["payload"].get("sessionSampleRate")
        for one in recordings
        for event in one.events
        if event.data["type"] == 5 and _tells_options(event.data.get("data"))
    )
    shares = [float(share) for share in told if isinstance(share, int | float) and 0 < share <= 1]
    least = min(shares, default=1.0)
    return least if least < 1 else None


def _tells_options(data: Any) -> bool:
    return isinstance(data, dict) and data.get("tag") == "options" and isinstance(data.get("payload"), dict)


def _breadcrumb(payload: Cells, inside: Cells) -> Cells | None:
    category = words(payload.get("category"))
    if category == "ui.slowClickDetected":
        kind = "dead_click" if inside.get("endReason") == DEAD else "slow_click"
        delay = _number(inside.get("timeAfterClickMs"))
        return {"kind": kind, "name": category, "count": _count(inside), "response_delay_ms": delay}
    if category == "ui.multiClick":
        return {"kind": "rage_click", "name": category, "count": _count(inside)}
    if category == "console" and payload.get("level") in {"error", "fatal"}:
        return {
            "kind": "error",
            "name": category,
            "error_message": masked_message(words(payload.get("message"))),
        }
    return None


def _span(payload: Cells, inside: Cells) -> Cells | None:
    op = words(payload.get("op"))
    if op in {"resource.fetch", "resource.xhr"}:
        status = _number(inside.get("statusCode"))
        start, end = _number(payload.get("startTimestamp")), _number(payload.get("endTimestamp"))
        took = (end - start) * 1_000 if start is not None and end is not None else None
        return {
            "kind": "request",
            "name": op,
            "http_method": words(inside.get("method"))[:10].upper() or None,
            "http_status": int(status) if status is not None and 0 < status < 1_000 else None,
            "req_url": masked_href(words(payload.get("description"))) or None,
            "req_kind": op.removeprefix("resource."),
            "duration_ms": took if took is not None and took >= 0 else None,
        }
    if op in VITALS and (value := _number(inside.get("value"))) is not None:
        return {"kind": "web_vital", "name": op, VITALS[op]: value}
    return None


def _count(inside: Cells) -> int | None:
    count = _number(inside.get("clickCount"))
    return int(count) if count is not None else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) in {int, float} and abs(value) < 1e15 else None
