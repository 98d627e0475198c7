"""One JSON text as a value. What programs write and the standard forbids must not cost a whole file."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from friction.limits import DEFAULT
from friction.tables.nesting import is_deeper

_SPARED = ("surrogate", "UTF-8", "infinity when parsed")
"""Words of the parser for half characters (a text cut in an emoji), foreign bytes, and numbers beyond counting."""


def loaded(data: bytes, depth: int = DEFAULT.depth) -> Any:
    """The value, or null when this is no JSON or nested deeper than `depth`.

    Half characters become question marks, endless numbers texts.
    """
    if is_deeper(data, depth):
        return None
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if not any(word in str(error) for word in _SPARED):
            return None
    try:
        value = json.loads(
            data.decode("utf-8", "replace"), parse_constant=_refused, parse_int=_whole, parse_float=_finite
        )
        return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def dumped(value: Any) -> bytes | None:
    """The value as JSON on one line; null when it is nested deeper than can be written (254)."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return None


def _refused(word: str) -> None:
    raise ValueError(word)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 else digits


def _finite(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits
