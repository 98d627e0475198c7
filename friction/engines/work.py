"""The second pass over a shard: its events to the small tables, which alone leave the worker."""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path

import numpy as np
import polars as pl

from friction.engines.columns import whose
from friction.engines.job import GENERIC, Job
from friction.engines.known import Known
from friction.engines.shard import Held, Read, held, read
from friction.ingest import Ingested
from friction.ingest.books import Books
from friction.order import Ints
from friction.reduce import Tables, combined, reduce_part
from friction.report import FileBooks
from friction.scan.analysing import Asked, Heard, asked_of
from friction.scan.reading import wanted_for
from friction.sources.base import REJECT
from friction.values import dataclass


@dataclass(frozen=True)
class Shard:
    """What leaves a shard; sessions and people are numbered in it."""

    tables: Tables
    names: pl.Series
    """Of each session before cutting, by key, as it stands."""
    opened: pl.Series
    """Its first event."""
    people: dict[str, pl.Series]
    """The words of `visitor_id` and `user_id`, by code."""
    watched: Heard
    """What listened to the detectors (`friction.scan.analysing.Asked`)."""
    lengths: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """By session, its page views up to the conversion."""

    @property
    def name(self) -> str:
        """The same whoever reads the shard: no session is in two."""
        return str(self.names.min())


def reduced(path: Path, job: Job, known: Known) -> Shard | None:
    """The tables of a shard; null where none of its rows counts."""
    found = read(path, job)
    if not found.rows.height:
        return None
    mine = held(found, known, job)
    asked = _asked(found, mine, known, job)
    mine = replace(mine, events=asked.ingested.events)
    tables = combined([reduce_part(mine.part(where), asked.plan) for where in mine.events.slices])
    return Shard(tables, mine.events.names, mine.opened, mine.people, asked.heard)


def _asked(found: Read, mine: Held, known: Known, job: Job) -> Asked:
    """What the driver asks, of these events."""
    gathered = found.gathered
    file = FileBooks(job.name, job.source, "", gathered.total, gathered.accepted, gathered.rejects.height)
    books = Books([file], [], [], gathered.outside, REJECT.to_frame(), [])
    ingested = Ingested(mine.events, books, known.capabilities, known.at_hand)
    return asked_of(ingested, job.asked, job.chosen)


def looked(
    path: Path, job: Job, known: Known, names: frozenset[str], columns: tuple[str, ...]
) -> pl.DataFrame | None:
    """The rows of a few sessions, by name: `session` and these columns, words as their numbers among all shards.

    Null where the shard has none of them.
    """
    few = path.with_suffix(".few")
    some = pl.scan_parquet(path, glob=False).filter(_may_be(job, names)).collect()
    if not some.height:
        return None
    some.write_parquet(few)
    found = read(few, job)
    chosen = found.rows["session_id"].cast(pl.String()).is_in(pl.Series(sorted(names)).implode())
    rows = found.rows.filter(chosen)
    if not rows.height:
        return None
    if not job.has_rows:
        rows = rows.with_columns(row_no=_places(rows["row_no"], held(found, known, job)))
    told = [rows["session_id"].cast(pl.String()).alias("session")]
    return pl.DataFrame([*told, *(_numbered(rows[name], known) for name in columns)])


def _may_be(job: Job, names: frozenset[str]) -> pl.Expr:
    """Whether an event is of one of these sessions, or of one whose number means something for its visitor only."""
    every = {*names, *(part for name in names for part in _tails(name))} if job.source == GENERIC else names
    return whose(job).is_in(pl.Series(sorted(every)).implode())


def _tails(name: str) -> list[str]:
    """What stands behind the dots of a name."""
    return [name[at + 1 :] for at, sign in enumerate(name) if sign == "."]


def _places(row_no: pl.Series, mine: Held) -> pl.Series:
    """The place of rows in their sessions, as evidence names it, by their number in the file."""
    parts = [
        pl.DataFrame(
            {"place": mine.part(where).rows["row_no"], "row_no": mine.events.part(where).rows["row_no"]}
        )
        for where in mine.events.slices
    ]
    return row_no.to_frame().join(pl.concat(parts), on="row_no", how="left", maintain_order="left")["place"]


def paired(path: Path, job: Job, known: Known, column: str) -> pl.DataFrame:
    """Which words of a column each session has: `session, column`, once each."""
    found = read(path, job, wanted_for([], job.asked))
    pairs = found.rows.select("session_id", column).drop_nulls().unique()
    return pl.DataFrame(
        [pairs["session_id"].cast(pl.String()).alias("session"), _numbered(pairs[column], known)]
    )


def _numbered(column: pl.Series, known: Known) -> pl.Series:
    """Words by their numbers among all shards where these have such, else as they are."""
    if not isinstance(column.dtype, pl.Categorical):
        return column
    words = column.cast(pl.String())
    if column.name not in known.codes:
        return words
    every = known.codes[column.name]
    numbers = pl.int_range(every.len(), dtype=pl.UInt32, eager=True)
    return words.replace_strict(every, numbers, default=None, return_dtype=pl.UInt32()).alias(column.name)
