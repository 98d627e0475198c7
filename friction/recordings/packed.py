"""What recorders compress: single events as strings, and parts of events."""

from __future__ import annotations

import zlib
from typing import Any

import orjson

from friction.limits import DEFAULT
from friction.tables.values import is_deeper

MOST_INFLATED = 64 * 1024 * 1024


def unpacked(text: str) -> Any:
    """A packed event: zlib bytes held in a string, one character a byte; null when it is something else."""
    found = _inflate(text, zlib.MAX_WBITS)
    return found if isinstance(found, dict) else None


def inflated(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its compressed parts (`data`, or the lists of a mutation) opened."""
    data = event.get("data")
    if isinstance(data, str):
        return {**event, "data": _inflate(data, 16 + zlib.MAX_WBITS)}
    if isinstance(data, dict):
        opened = {key: _inflate(part, 16 + zlib.MAX_WBITS) for key, part in data.items() if _is_packed(part)}
        return {**event, "data": {**data, **opened}}
    return event


def _is_packed(part: Any) -> bool:
    return isinstance(part, str) and part.startswith("\x1f\x8b")


def _inflate(text: str, window: int) -> Any:
    try:
        opener = zlib.decompressobj(window)
        data = opener.decompress(text.encode("latin-1"), MOST_INFLATED)
        return orjson.loads(data) if opener.eof and not is_deeper(data, DEFAULT.depth) else None
    except (zlib.error, UnicodeEncodeError, orjson.JSONDecodeError):
        return None
