"""The two ways that rows go from files to parts: all of them in memory, or on disk (`friction.ingest.disk`).

Both give the same rows in the same order, so a result does not tell which was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import polars as pl

from friction.dictionaries import Dictionary
from friction.ingest import exclude, once
from friction.ingest.columns import Wanted
from friction.ingest.context import context
from friction.ingest.exclude import NOBODY, Exclusion
from friction.ingest.gather import Gathered, Pools, gather
from friction.ingest.store import InMemory, Store
from friction.report import Excluded
from friction.sources.base import Reading
from friction.threads import meanwhile

PART_ROWS, MOST_PART_ROWS, PARTS = 250_000, 750_000, 8
"""Rows of a part: a share of all that gives every thread `PARTS` of them, between these two. Every part costs
some 60 ms for what is done however few rows it has."""


class Way(Protocol):
    """What is done with rows before there are parts. `rows` are what `gather` of the same way gave."""

    def gather(
        self,
        reading: Reading,
        want: Wanted,
        pools: Pools,
        since: datetime | None,
        until: datetime | None,
        exclusion: Exclusion = NOBODY,
        *,
        is_only: bool = True,
    ) -> Gathered:
        """What is wanted of one file (`friction.ingest.gather`)."""

    def together(self, rows: Sequence[Any]) -> Any:
        """The rows of all files, numbered by file where there are several."""

    def once(self, rows: Any) -> tuple[Any, dict[int, int]]:
        """Each event once, and how many were left out by file (`friction.ingest.once`)."""

    def without(self, rows: Any, exclusion: Exclusion) -> tuple[Any, list[Excluded]]:
        """Without who does not count (`friction.ingest.exclude`)."""

    def pieces(self, rows: Any) -> Callable[[Sequence[str] | None], Iterable[pl.DataFrame]]:
        """A function that gives these columns (null: all) of all rows piece by piece; at least one piece."""

    def in_memory(self, rows: Any, columns: Sequence[str]) -> pl.DataFrame:
        """At least these of the columns that there are, as one frame."""

    def added(self, rows: Any, more: Sequence[pl.DataFrame]) -> Any:
        """The rows with more at their end."""

    def wordless(self, rows: Any, name: str) -> Any:
        """The rows with this column by number alone, where that frees what its pool takes: its words are known."""

    def placed(
        self,
        rows: Any,
        ranks: pl.Series,
        opened: pl.Series,
        dictionaries: Mapping[str, Dictionary],
        part_rows: int | None,
    ) -> tuple[Store, pl.DataFrame]:
        """The rows by part, and what is true of each session (`friction.ingest.context`).

        `ranks` give the key of a session by its number in the pool, `opened` its first event by key.
        """


class Memory:
    """All rows in one frame."""

    def gather(
        self,
        reading: Reading,
        want: Wanted,
        pools: Pools,
        since: datetime | None,
        until: datetime | None,
        exclusion: Exclusion = NOBODY,
        *,
        is_only: bool = True,
    ) -> Gathered:
        """What is wanted of one file."""
        return gather(reading, want, pools, since, until, exclusion, is_only=is_only)

    def together(self, rows: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """The rows of all files."""
        if len(rows) == 1:
            return rows[0]
        numbered = [
            frame.with_columns(file_id=pl.lit(number, pl.UInt32)) for number, frame in enumerate(rows)
        ]
        return pl.concat(numbered, how="diagonal")

    def once(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, int]]:
        """Each event once."""
        return once.once(rows)

    def without(self, rows: pl.DataFrame, exclusion: Exclusion) -> tuple[pl.DataFrame, list[Excluded]]:
        """Without who does not count."""
        return exclude.without(rows, exclusion)

    def pieces(self, rows: pl.DataFrame) -> Callable[[Sequence[str] | None], Iterable[pl.DataFrame]]:
        """All rows as one piece."""
        return lambda columns: [rows if columns is None else rows.select(columns)]

    def in_memory(self, rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """The rows as they are."""
        del columns
        return rows

    def added(self, rows: pl.DataFrame, more: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """The rows with more at their end."""
        return pl.concat([rows, *more], how="diagonal")

    def wordless(self, rows: pl.DataFrame, name: str) -> pl.DataFrame:
        """The rows as they are."""
        del name
        return rows

    def placed(
        self,
        rows: pl.DataFrame,
        ranks: pl.Series,
        opened: pl.Series,
        dictionaries: Mapping[str, Dictionary],
        part_rows: int | None,
    ) -> tuple[Store, pl.DataFrame]:
        """The rows by part, and what is true of each session."""
        key = ranks[rows["session_id"].to_physical()]
        store = InMemory(rows, key, part_rows or default_part_rows(key.len()))
        with meanwhile(pl.thread_pool_size()) as beside:
            slices = beside.start(lambda: store.slices)
            about = context(rows, key, opened, dictionaries)
            assert slices()
        return store, about


def default_part_rows(rows: int) -> int:
    """Rows of a part where nobody says otherwise."""
    return max(PART_ROWS, min(MOST_PART_ROWS, rows // (PARTS * pl.thread_pool_size())))


MEMORY = Memory()
