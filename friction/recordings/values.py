"""Bytes → JSON values: a whole text, one in a script, one a line, and what is left of one that was torn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from friction.limits import DEFAULT
from friction.tables.values import is_deeper, loaded

LOOKED = 1_000
"""Bytes after the first line in which another one is looked for."""
_PREFIX = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*"
    rb"(?:(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*(?::[^=\n]+)?=\s*|export\s+default\s+|[\w.$]{1,80}\s*=\s*)?(?=[\[{])",
    re.DOTALL,
)
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A string, also one that never ends: looking for its end from each of its quotes anew would take for ever."""
_CLOSING = {b"[": b"]", b"{": b"}"}


class Torn(NamedTuple):
    """A value that could not be read to its end: its line, what of it could be saved, and why."""

    line: int
    value: Any = None
    reason: str = "torn_json"


def values(data: bytes, depth: int = DEFAULT.depth) -> Iterator[Any]:
    """The JSON values of a file, one after the other; what is torn or nested deeper than `depth` comes as `Torn`."""
    if are_lines(data, depth):
        yield from lines(data, depth)
        return
    start = _PREFIX.match(data)
    body = data[start.end() :] if start else data
    whole = loaded(body, depth)
    if whole is not None:
        yield whole
    elif (first := _first(body, depth)) is not None:
        yield first
    elif any(loaded(line, depth) for line in body.lstrip().split(b"\n", 5)[:5] if line[:1] in {b"{", b"["}):
        yield from lines(data, depth)
    else:
        yield _saved(body, data.count(b"\n") + 1, depth)


@lru_cache(maxsize=2)
def first_values(head: bytes) -> tuple[Any, ...]:
    """The JSON values at the beginning of a file, for whoever asks what it is: they look at them and change nothing."""
    return tuple(values(head))


def completed(head: bytes) -> bytes:
    """JSON cut off somewhere, closed again after its last whole member; empty when there is none."""
    cut = max((end for end, _ in _commas(head)), default=0)
    # What is open goes on changing beyond the cut, so it is found anew; copying it at every comma takes for ever.
    open_then = next((stack for end, stack in _commas(head) if end == cut), [])
    return head[:cut] + b"".join(reversed(open_then)) if cut else b""


def _commas(head: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Where members end, each with the brackets that are open there; ends at a bracket that fits none."""
    stack: list[bytes] = []
    for found in _TOKEN.finditer(head):
        token = found.group()
        if token in _CLOSING:
            stack.append(_CLOSING[token])
        elif token in {b"]", b"}"}:
            if not stack or stack.pop() != token:
                return
        elif token == b"," and stack:
            yield found.start(), stack


def are_lines(data: bytes, depth: int) -> bool:
    """The first line is a whole value and another one follows, so that all together is none."""
    start = _PREFIX.match(data)
    first = start.end() if start else 0
    end = data.find(b"\n", first)
    is_first = (
        end > first and data[first : first + 1] in {b"{", b"["} and data[end : end + LOOKED].strip() != b""
    )
    return is_first and loaded(data[first:end], depth) is not None


def shows_first_line(head: bytes) -> bool:
    """Whether this much of a file is enough for `are_lines`."""
    start = _PREFIX.match(head)
    end = head.find(b"\n", start.end()) if start else -1
    return end >= 0 and len(head) >= end + LOOKED


def lines(data: bytes, depth: int, first: int = 1) -> Iterator[Any]:
    """The value of each line; `first`: the number of the first one in the file."""
    for number, line in enumerate(data.split(b"\n"), start=first):
        if line.strip():
            value = loaded(line, depth)
            yield _saved(line, number, depth) if value is None else value


def _saved(data: bytes, line: int, depth: int) -> Torn:
    if is_deeper(data, depth):
        return Torn(line, None, "too_deep")
    whole = completed(data)
    return Torn(line, loaded(whole, depth) if whole else None)


def _first(body: bytes, depth: int) -> Any:
    """The first value where a script goes on after it, or null."""
    end = body.rstrip().rstrip(b";").rstrip()
    if end != body and (value := loaded(end, depth)) is not None:
        return value
    at = max(body.rfind(b"];"), body.rfind(b"};"))
    return loaded(body[: at + 1], depth) if at > 0 else None
