"""A batch of live events as a small analysis has them: in memory, with nothing of what a file needs.

Values are read as they are from a file of JSON lines (`friction.sources.generic`): an empty text is null, so is an id
that says "nobody", and the kind of an event is told by its word. But nothing has to be recognised: the door has
checked names and types of every event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from friction.counting.tables import Counted
from friction.ingest import Everything, Ingested, Request, finished
from friction.ingest.books import Books
from friction.ingest.columns import Wanted
from friction.ingest.gather import Pools, gather
from friction.pages import PageRules
from friction.schema import EVENT, TS
from friction.sources.base import REJECT, Options, Reading
from friction.sources.casts import NOBODY
from friction.sources.words import kind_of, nav_kind_of
from friction.voices.tables import Voices

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
IDENTITIES = ("session_id", "visitor_id")
NO_REJECTS = pl.DataFrame(schema=REJECT)
NO_BOOKS = Books([], [], [], 0, NO_REJECTS, [])
NO_COUNTS, NO_VOICES = Counted.of(), Voices.of()
REQUEST = Request([], [], Options(), stitch=False)

Record = Mapping[str, Any]


def ingested(events: Sequence[Record], want: Wanted, rules: PageRules) -> Ingested:
    """The events ready to be reduced; those without a session are left out."""
    pools = Pools()
    reading = Reading(table(events, want).lazy(), NO_REJECTS, facts={"format": "memory"})
    rows = gather(reading, want, pools).rows
    found = Everything(rows, pools, NO_BOOKS, frozenset(), NO_COUNTS, NO_VOICES)
    return finished(found, REQUEST, want, rules, ())


def table(events: Sequence[Record], want: Wanted) -> pl.DataFrame:
    """Columns of the event table that the events have and the detectors want."""
    given = dict.fromkeys(name for event in events for name in event)
    columns = {
        "ts": pl.Series("ts", [_moment(event["ts"]) for event in events], pl.Int64()).cast(TS),
        **_words(events, next((name for name in ("kind", "name") if name in given), None)),
    }
    for name in given:
        if name in want.raw and name not in {"ts", "kind"}:
            columns[name] = _column(name, [event.get(name) for event in events])
    return pl.DataFrame({**columns, "row_no": pl.Series(range(1, len(events) + 1), dtype=EVENT["row_no"])})


def _words(events: Sequence[Record], source: str | None) -> dict[str, pl.Series]:
    """What each event is by its kind, or where no event has one by its name; without either it is a page's opening."""
    if source is None:
        return {"kind": pl.repeat("page_view", len(events), dtype=EVENT["kind"], eager=True)}
    words = [event.get(source) for event in events]
    made = {
        "kind": _told(words, kind_of, EVENT["kind"]),
        "name": _column("name", words),
        "nav_kind": _told(words, nav_kind_of, EVENT["nav_kind"]),
    }
    return {name: column for name, column in made.items() if column.null_count() < column.len()}


def _told(words: Iterable[str | None], rule: Any, dtype: pl.DataType) -> pl.Series:
    return pl.Series([None if word is None else rule(word) for word in words], dtype=dtype)


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    """One column in our type; what does not fit is null."""
    dtype = EVENT[name]
    if dtype == pl.String():
        nothing = NOBODY if name in IDENTITIES else ("",)
        return pl.Series(name, [None if value in nothing else value for value in values], dtype=dtype)
    if isinstance(dtype, pl.Enum):
        values = [None if value is None else value.lower() for value in values]
    return pl.Series(name, values, strict=False).cast(dtype, strict=False)


def _moment(said: str) -> int:
    """Microseconds since 1970."""
    return (datetime.fromisoformat(said) - EPOCH) // MICROSECOND
