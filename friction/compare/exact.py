"""Are two reports the same, apart from what names a place in the input?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from friction.errors import InputError

POSITIONS = frozenset(
    {
        *("input.files", "input.rejects", "input.passed_over"),
        *(
            f"{points}[].evidence[].{name}"
            for points in ("points", "aside")
            for name in ("file", "rows", "more", "around[].row")
        ),
        *(f"{points}[].evidence[].line" for points in ("points", "aside")),
    }
)
"""What names a place in the input: the same events in other files or another order differ only there."""


def exact(old: bytes, new: bytes) -> list[str]:
    """Paths of the members that differ, in the order of the old report, without those of `POSITIONS`."""
    return list(_differing(_read(old), _read(new), "", ""))


def _read(report: bytes) -> Any:
    try:
        return orjson.loads(report)
    except orjson.JSONDecodeError:
        remedy = "give the JSON that friction analyze -o report.json writes"
        raise InputError("report.unreadable", "this is not a report of friction", remedy=remedy) from None


def _differing(old: Any, new: Any, path: str, kind: str) -> Iterator[str]:
    """Differing paths below `path`; `kind` is the path without the indices."""
    if kind in POSITIONS:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = (f"{path}.{key}".lstrip("."), f"{kind}.{key}".lstrip("."))
            if key in old and key in new:
                yield from _differing(old[key], new[key], *inner)
            elif inner[1] not in POSITIONS:
                yield inner[0]
    elif isinstance(old, list) and isinstance(new, list):
        for index, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from _differing(one, other, f"{path}[{index}]", f"{kind}[]")
        yield from (f"{path}[{index}]" for index in range(min(len(old), len(new)), max(len(old), len(new))))
    elif type(old) is not type(new) or old != new:
        yield path
