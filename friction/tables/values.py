"""One JSON text as a value. What programs write and the standard forbids must not cost a whole file."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import orjson

from friction.limits import DEFAULT

PARSERS_DEPTH = 1_024
LONG, LONGEST = 1 << 12, 1 << 24
"""Bytes of texts that are held once more while they are parsed: of shorter ones brackets are soon counted."""
_SPARED = ("surrogate", "UTF-8", "infinity when parsed")
"""Words of the parser for half characters (a text cut in an emoji), foreign bytes, and numbers beyond counting."""
_NO_NUMBERS = (b"NaN", b"Infinity")
"""What Python and others write where a number is missing."""


def loaded(data: bytes, depth: int = DEFAULT.depth) -> Any:
    """The value, or null when this is no JSON or nested deeper than `depth`.

    Half characters become question marks, endless numbers texts; what is no number is null.
    """
    if LONG <= len(data) <= LONGEST and (found := _once(data, depth)) is not None:
        return found
    if is_deeper(data, depth):
        return None
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if not any(word in str(error) for word in _SPARED) and not any(word in data for word in _NO_NUMBERS):
            return None
    try:
        value = json.loads(
            data.decode("utf-8", "replace"), parse_constant=_nothing, parse_int=_whole, parse_float=_finite
        )
        return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def is_deeper(data: bytes, limit: int) -> bool:
    """Whether this text is nested deeper than `limit` levels; only one with many brackets takes engines to tell."""
    if data.count(b"{") + data.count(b"[") <= limit:
        return False
    from friction.tables.nesting import is_deeper as counted

    return counted(data, limit)


def _once(data: bytes, depth: int) -> Any:
    """The value where the parser itself can tell that it is no deeper, which saves counting; null where it cannot.

    Inside so many lists more it is refused from `depth` on. A list that has not exactly one member was not ours alone.
    """
    spare = _parsers_depth() - depth
    if spare < 1:
        return None
    try:
        value = orjson.loads(b"[" * spare + data + b"]" * spare)
    except orjson.JSONDecodeError:
        return None
    for _ in range(spare):
        if len(value) != 1:
            return None
        value = value[0]
    return value


@cache
def _parsers_depth() -> int:
    """How many levels the parser reads; 0 where it is not the number that is known."""
    try:
        orjson.loads(b"[" * PARSERS_DEPTH + b"]" * PARSERS_DEPTH)
        orjson.loads(b"[" * (PARSERS_DEPTH + 1) + b"]" * (PARSERS_DEPTH + 1))
    except orjson.JSONDecodeError as error:
        return PARSERS_DEPTH if "depth" in str(error) and error.pos > PARSERS_DEPTH else 0
    return 0


def dumped(value: Any) -> bytes | None:
    """The value as JSON on one line; null when it is nested deeper than can be written (254)."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return None


def _nothing(_: str) -> None:
    """For a word that stands for no number."""


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 else digits


def _finite(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits
