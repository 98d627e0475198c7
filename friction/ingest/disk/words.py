"""Columns that follow from words, batch by batch: each distinct word is asked once in the whole file."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from friction.ingest.words import Worded
from friction.sources.base import OfWord


class Growing:
    """What became of the words of one pool so far."""

    def __init__(self, source: OfWord, pool: pl.Categorical, dtype: pl.DataType) -> None:
        self._source, self._pool, self._dtype = source, pool, dtype
        self._made = pl.Series([], dtype=dtype)

    def of(self, column: pl.Series) -> pl.Series:
        """The column that follows from one of words of the pool."""
        numbers = column.to_physical()
        last = numbers.max()
        if last is None:
            return pl.Series([None], dtype=self._dtype).new_from_index(0, column.len())
        if (known := self._made.len()) <= int(str(last)):
            fresh = pl.int_range(known, int(str(last)) + 1, dtype=pl.UInt32, eager=True).cat.to(self._pool)
            words = fresh.cast(pl.String()).alias(self._source.column).to_frame()
            made = words.select(self._source.made.cast(self._dtype)).to_series()
            self._made = made if not known else pl.concat([self._made, made])
        return self._made.gather(numbers)


class Made:
    """One column of ours, of the first of its sources that says anything."""

    def __init__(self, one: Worded, pools: dict[str, pl.Categorical], dtype: pl.DataType) -> None:
        self.name = one.name
        self._columns = [source.column for source in one.sources]
        self._growing = [Growing(source, pools[source.column], dtype) for source in one.sources]

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column for a batch that holds the words as categories."""
        found = self._growing[0].of(frame[self._columns[0]])
        for growing, column in zip(self._growing[1:], self._columns[1:], strict=True):
            if found.null_count():
                found = found.zip_with(found.is_not_null(), growing.of(frame[column]))
        return found.alias(self.name)


def own_pools(columns: Sequence[Worded]) -> dict[str, pl.Categorical]:
    """A pool for every column of words that is read."""
    return {
        source.column: pl.Categorical(pl.Categories.random()) for one in columns for source in one.sources
    }
