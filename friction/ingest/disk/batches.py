"""One file onto disk in batches: the same as `friction.ingest.gather`, which holds all rows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from friction.ingest.collect import words_as
from friction.ingest.columns import Wanted
from friction.ingest.disk.columns import Columns
from friction.ingest.disk.rows import DiskRows
from friction.ingest.disk.words import Made, own_pools
from friction.ingest.exclude import Exclusion
from friction.ingest.gather import (
    Gathered,
    Pools,
    Span,
    expressions,
    inside_period,
    reasons,
    span_of,
    widest,
    without_marks,
    worded_of,
)
from friction.ingest.words import read_by
from friction.sources.base import ALIKE, BATCHED, REJECT, Reading


@dataclass(frozen=True)
class Asked:
    """What is wanted of every file."""

    want: Wanted
    pools: Pools
    exclusion: Exclusion
    inside: pl.Expr | None
    """Whether a row lies in the period; null: all do."""
    batch_rows: int
    hears: Callable[[int], None]
    """Told how many rows a batch had."""


def gather(reading: Reading, asked: Asked, held: Columns, *, is_only: bool) -> Gathered:
    """Everything that is wanted of one file, at the end of what lies on disk already."""
    events = reading.events if reading.marked is None else reading.marked
    have = set(events.collect_schema())
    have -= {ALIKE} if reading.is_distinct and is_only else set()
    start, told = held.height, _Told()
    for frame in _batches(events, reading, have, asked):
        held.append(told.without_rejects(frame, asked))
        asked.hears(frame.height)
    rejects = pl.concat([reading.rejects, *told.unplaced])
    total = int(reading.facts.get("records", told.accepted + rejects.height))
    return Gathered(
        DiskRows(held, start, held.height),
        rejects,
        total,
        total - rejects.height,
        told.outside,
        None if held.height > start else told.span,
        reading.line_of,
        dict(told.unreadable),
        told.batched,
        "session_id" in have,
    )


@dataclass
class _Told:
    """What the batches so far said."""

    accepted: int = 0
    outside: int = 0
    span: Span | None = None
    """Of the batches of which nothing lies in the period."""
    batched: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    unplaced: list[pl.DataFrame] = field(default_factory=lambda: [REJECT.to_frame()])

    def without_rejects(self, frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
        """The rows of a batch that can be used and lie in the period."""
        usable = frame["ts"].is_not_null() & frame["session_id"].is_not_null()
        self.unplaced.append(reasons(frame.select("row_no", "ts").filter(~usable)))
        frame = frame.filter(usable)
        self.accepted += frame.height
        self.batched += int(frame[BATCHED].sum()) if BATCHED in frame.columns else 0
        frame, bad = without_marks(frame.drop(BATCHED, strict=False))
        self.unreadable.update(bad)
        kept = frame if asked.inside is None else frame.filter(asked.inside)
        self.outside += frame.height - kept.height
        self.span = self.span if kept.height else widest([self.span, span_of([frame])])
        return kept


def _batches(events: pl.LazyFrame, reading: Reading, have: set[str], asked: Asked) -> Iterator[pl.DataFrame]:
    """The narrow columns of so many rows at a time, in the order of the file."""
    worded = worded_of(reading, asked.want, have)
    own = own_pools(worded, events.collect_schema())
    columns = expressions(have, asked.want, asked.pools, {one.name for one in worded})
    columns += words_as(read_by(worded), own)
    columns += asked.exclusion.flags(have)
    made = [Made(one, own, asked.pools) for one in worded]
    anchors: list[pl.DataFrame] = []
    is_parquet = reading.facts.get("format") == "parquet"
    for frame in (_sliced if is_parquet else _streamed)(events, columns, asked.batch_rows):
        if frame.height:
            # A pool forgets its numbers when nothing in memory uses it.
            anchors = anchors or [frame.head(1)]
            yield frame.with_columns(one.of(frame) for one in made).drop(
                set(read_by(worded)) - {one.name for one in made}
            )


def _streamed(events: pl.LazyFrame, columns: list[pl.Expr], rows: int) -> Iterator[pl.DataFrame]:
    yield from events.select(columns).collect_batches(chunk_size=rows, maintain_order=True)


def _sliced(events: pl.LazyFrame, columns: list[pl.Expr], rows: int) -> Iterator[pl.DataFrame]:
    """Range by range: a stream of Parquet reads dozens of row groups ahead, and holds their texts."""
    total = events.select(pl.len()).collect().item()
    for start in range(0, total, rows):
        yield events.slice(start, rows).select(columns).collect()


def period(since: object, until: object) -> pl.Expr | None:
    """The period as a question to each row; null where there is none."""
    return inside_period(since, until) if since or until else None  # type: ignore[arg-type]
