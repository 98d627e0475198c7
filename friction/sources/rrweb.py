"""rrweb recordings: DOM snapshots, mutations and interactions, by the site's own recorder or a tool on top.

Exports   A JSON list of events, or any of the wrappers of `friction.recordings.containers`; JSON Lines; gz.
Gives     Page views; clicks with selector, element facts and the time until the page answered; inputs (how
          long, never what), focus, scrolls, media, selections; errors and requests where the console and
          network plug-ins ran.
Misses    Route changes of single-page sites, unless recorded as custom events; how high a page is; forms
          sent without a submit control (`friction.recordings.gestures` says how submits are seen).
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from typing import Any, ClassVar

import polars as pl

from friction.errors import InputError
from friction.recordings.cells import DEEP
from friction.recordings.packed import unpacked
from friction.recordings.stretches import Read
from friction.recordings.told import Ask
from friction.recordings.values import Torn, first_values
from friction.recordings.whole import Whole, whole
from friction.sources.base import REJECT, InputFile, Options, Reading, Source
from friction.sources.rrweb_dialects import dialect
from friction.tables.files import open_bytes, read_some, temporary
from friction.values import dataclass

ALWAYS = frozenset(
    {"has_events", "has_order", "has_page_views", "has_clicks", "has_coords", "has_inputs", "has_scroll"}
)
INCREMENTAL = frozenset({"adds", "removes", "texts", "attributes", "positions", "id", "ranges", "width"})
SNIFFED = 128 * 1024
SEEN = 200
"""Objects the sniffer looks at."""
MOST_WORKERS = 16
"""Processes that play recordings; beyond, the one that puts their rows together is what takes the time."""


@dataclass(frozen=True, kw_only=True)
class Rrweb(Source):
    """Recordings of rrweb and of what speaks its dialect."""

    name: ClassVar[str] = "rrweb"

    def sniff(self, file: InputFile) -> float:
        """Sure when an event in rrweb's own layout (meta, snapshot, incremental) is among the first."""
        head = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if head[:1] not in {b"[", b"{", b"/", b"c", b"l", b"v", b"e", b"m", b"w"}:
            return 0.0
        parts, found, spoken = _first(file.head[:SNIFFED])
        if spoken != self.name:
            return 0.0
        ours = [one for one in found if _is_ours(one)]
        timed = [one for one in ours if _is_timed(one)]
        if any(one["type"] == 4 for one in timed) or len(timed) > 1:
            return 0.97
        is_cut = any(isinstance(part, Torn) for part in parts)
        return 0.9 if is_cut and any(one["type"] == 2 and "timestamp" not in one for one in ours) else 0.0

    def read(self, file: InputFile, options: Options) -> Reading:
        """All recordings of the file. Raises `InputError` when it holds no event at all."""
        with unhurried():
            return self._read(file, options)

    def _read(self, file: InputFile, options: Options) -> Reading:
        is_deep = options.columns is None or bool(options.columns & DEEP)
        ask = Ask(file.limits.depth, options.kinds, options.columns, is_deep)
        found = whole(partial(_opened, file), ask, min(pl.thread_pool_size(), MOST_WORKERS), _waiting)
        if not found.recordings and any(reason == "too_deep" for _, _, reason in found.rejects):
            raise file.limits.refusal("depth", file=file.name)
        if not found.recordings:
            raise InputError(
                "input.no_events",
                f"{file.name} looks like a recording but holds no readable event",
                remedy="export the recording again as JSON, with the events and their timestamps",
                file=file.name,
            )
        return Reading(
            events=found.events,
            rejects=pl.DataFrame(_rejects(found), schema=REJECT, orient="row"),
            facts={
                **{"records": found.records, "recordings": found.recordings, **_told(found.facts)},
                **({} if found.share is None else {"sampled": found.share}),
            },
            streams=_streams(found.facts, found.kinds),
        )


@contextmanager
def _opened(file: InputFile) -> Iterator[Read]:
    with open_bytes(file) as stream:
        yield partial(read_some, file, stream)


def _waiting(frame: pl.DataFrame) -> pl.LazyFrame:
    path = temporary(())
    frame.write_parquet(path, compression="uncompressed", statistics=False)
    return pl.scan_parquet(path, glob=False)


@lru_cache(maxsize=2)
def _first(head: bytes) -> tuple[Sequence[Any], Sequence[dict[str, Any]], str | None]:
    """The values at the beginning, the objects in them, and whose dialect of rrweb they are; null: they are none."""
    parts = list(first_values(head))
    found = list(islice(_objects(parts), SEEN))
    return parts, found, None if any(is_foreign(one) for one in found) else dialect(parts, found)


@contextmanager
def unhurried() -> Iterator[None]:
    """No garbage collection meanwhile.

    A parsed recording is millions of objects and none of them garbage: looking through them again and again
    costs a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rejects(found: Whole) -> list[tuple[int, int | None, str | None, str]]:
    return [
        (row_no, line, None, reason) for row_no, line, reason in sorted(found.rejects, key=lambda one: one[0])
    ]


def _told(facts: Counter[str]) -> dict[str, Any]:
    return {
        "windows": facts["windows"],
        "clicks_unresolved": facts["unresolved"],
        "route_changes_recorded": facts["routes"] > 0,
    }


def _streams(facts: Counter[str], kinds: frozenset[str]) -> frozenset[str]:
    """What these recordings can tell. Errors and requests are there only where a plug-in reported some."""
    has = {
        "has_selector": facts["snapshots"] > 0,
        "has_dom_reaction": facts["snapshots"] > 0,
        "has_moves": facts["moves"] > 0,
        "has_form_submit": facts["submits"] > 0,
        "has_errors": bool(kinds & {"error", "console"}),
        "has_requests": "request" in kinds,
        "has_perf": "navigation_perf" in kinds,
    }
    return ALWAYS | {name for name, is_there in has.items() if is_there}


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """What may be events, inside lists and wrappers."""
    if isinstance(value, Torn):
        yield from _objects(value.value, depth)
    elif isinstance(value, list) and depth < 6:
        for part in value:
            yield from _objects(part, depth + 1)
    elif isinstance(value, dict) and type(value.get("type")) is int:
        yield value
    elif isinstance(value, dict) and depth < 6:
        for part in value.values():
            if isinstance(part, list | dict):
                yield from _objects(part, depth + 1)
    elif isinstance(value, str) and isinstance(packed := unpacked(value), dict):
        yield packed


def _is_timed(one: dict[str, Any]) -> bool:
    stamp = one.get("timestamp")
    return 0 <= one["type"] <= 7 and isinstance(stamp, int | float) and 1e12 <= stamp < 1e13


def _is_ours(one: dict[str, Any]) -> bool:
    """A meta, full snapshot or incremental event in the recorder's layout."""
    kind, data = one["type"], one.get("data")
    if not isinstance(data, dict):
        return kind in {2, 3} and "cv" in one
    node = data.get("node")
    return (
        (kind == 4 and isinstance(data.get("href"), str) and "width" in data)
        or (
            kind == 2
            and isinstance(node, dict)
            and node.get("type") == 0
            and isinstance(node.get("childNodes"), list)
        )
        or (kind == 3 and type(data.get("source")) is int and bool(data.keys() & INCREMENTAL))
    )


def is_foreign(one: dict[str, Any]) -> bool:
    """A record of Datadog's replay, which has the same outer shape.

    Its snapshots name a format, its focus records come as type 6, and its types go on to 8 and 9.
    """
    data = one.get("data")
    if not isinstance(data, dict) or "timestamp" not in one:
        return False
    return (
        (one["type"] == 2 and "format" in one)
        or "has_focus" in data
        or (one["type"] in {8, 9} and "source" not in data)
    )
