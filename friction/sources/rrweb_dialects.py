"""Whose recorder wrote a recording: rrweb speaks for many, and some of them add something of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.recordings.values import Torn


def dialect(parts: Sequence[Any], events: Sequence[dict[str, Any]]) -> str:
    """`posthog_recording`, `sentry`, or plain `rrweb`, of the values of a file and its first events."""
    values = [part.value if isinstance(part, Torn) else part for part in parts]
    if any(_is_sentry_event(event) for event in events) or any(_is_segment(value) for value in values):
        return "sentry"
    if any("cv" in event or "windowId" in event for event in events) or any(map(_is_posthog, values)):
        return "posthog_recording"
    return "rrweb"


def _is_sentry_event(event: dict[str, Any]) -> bool:
    data = event.get("data")
    tag = data.get("tag") if event.get("type") == 5 and isinstance(data, dict) else None
    return isinstance(tag, str) and tag in {"breadcrumb", "performanceSpan"}


def _is_segment(value: Any) -> bool:
    """The header of a stored segment."""
    return isinstance(value, dict) and value.keys() == {"segment_id"}


def _is_posthog(value: Any) -> bool:
    """An export of the page (`version` and snapshots), or a line of its storage (`window_id` and events)."""
    if not isinstance(value, dict):
        return False
    data = value.get("data")
    is_export = "version" in value and isinstance(data, dict) and "snapshots" in data
    return is_export or (
        value.keys() <= {"window_id", "data"} and isinstance(data, list) and "window_id" in value
    )
