"""What is new at a source, brought to this machine as files to be read.

Rows of a query come beyond the watermark of the last time. Where that is a time, so many hours before it
(`late_hours` of the source) are asked for once more, since a row may be written later than what it tells; the lake
knows the rows that it has already.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.nightly.arrivals import Arrival, Found
from friction.nightly.days import moved
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Brought:
    """What is here now; `watermark`: where a query goes on once all of it is in the lake."""

    arrivals: list[Arrival]
    watermark: str | None = None


def brought(
    found: Found,
    spool: Path,
    settings: Settings,
    heard: Callable[[dict[str, Any]], None] | None,
    day: str | None = None,
) -> Brought:
    """Everything new of a source; of a query also what it has from this `day` on. Must be called inside
    `isolate.workspace()`; raises what fetching raises.
    """
    from friction import places

    if found.place is None:
        return Brought([_flat(each, number, spool, settings) for number, each in enumerate(found.fresh)])
    if not found.fresh:
        return Brought([])
    source = settings.sources[found.source]
    items = places.fetched(
        found.place,
        spool,
        settings,
        only=[arrival.name for arrival in found.fresh],
        since=from_day(earlier(found.watermark, source.late_hours), day),
        progress=heard,
    )
    marks = {arrival.name: arrival.mark for arrival in found.fresh}
    there = [
        Arrival(item.name, item.mark or marks.get(item.name, ""), item.size, item.path, item.lake)
        for item in items
        if item.rows != 0
    ]
    arrivals = [_flat(each, number, spool, settings) for number, each in enumerate(there)]
    return Brought(arrivals, next((item.watermark for item in items if item.watermark), None))


def _flat(arrival: Arrival, number: int, spool: Path, settings: Settings) -> Arrival:
    """A table of a lake as one file."""
    from friction import places

    if arrival.lake is None or arrival.path is None:
        return arrival
    path = spool / f"table-{number}.parquet"
    places.flattened(Path(arrival.path), arrival.lake, path, arrival.name, settings)
    return replace(arrival, path=str(path), lake=None)


def earlier(watermark: str | None, hours: float) -> str | None:
    """A watermark so many hours before, written as it was; the same where it is no time."""
    said = json.loads(watermark) if watermark else None
    if not isinstance(said, str):
        return watermark
    if _DAY.fullmatch(said):
        day = dt.date.fromisoformat(said) - dt.timedelta(days=math.ceil(hours / 24))
        return json.dumps(day.isoformat())
    if (parts := _TIME.fullmatch(said)) is None:
        return watermark
    moment = dt.datetime.fromisoformat(parts[1]) - dt.timedelta(hours=hours)
    return json.dumps(moment.isoformat(sep=said[10], timespec="seconds") + parts[2])


def from_day(watermark: str | None, day: str | None) -> str | None:
    """A watermark that lets everything of the day come again, in whatever zone it is counted; the same where it is no
    time, or an earlier one.
    """
    said = json.loads(watermark) if watermark else None
    if day is None or not isinstance(said, str) or _DAY.match(said) is None:
        return watermark
    before = moved(day, -1)
    return watermark if said[:10] <= before else json.dumps(before + said[10:])
