"""Columns that follow from words, batch by batch: each distinct word is asked once in the whole file, each combination
of words once in a batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from friction.ingest.words import Worded, has_one_word, of_combinations, read_by
from friction.sources.base import OfWords


class Growing:
    """What became of the words of one pool so far."""

    def __init__(self, source: OfWords, pool: pl.Categorical, dtype: pl.DataType) -> None:
        ((self._label, self._column),) = source.columns.items()
        self._source, self._pool, self._dtype = source, pool, dtype
        self._made = pl.Series([], dtype=dtype)

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column that follows from one of words of the pool."""
        numbers = frame[self._column].to_physical()
        last = numbers.max()
        if last is None:
            return pl.Series([None], dtype=self._dtype).new_from_index(0, frame.height)
        if (known := self._made.len()) <= int(str(last)):
            fresh = pl.int_range(known, int(str(last)) + 1, dtype=pl.UInt32, eager=True).cat.to(self._pool)
            words = fresh.cast(pl.String()).alias(self._label).to_frame()
            made = words.select(self._source.made.cast(self._dtype)).to_series()
            self._made = made if not known else pl.concat([self._made, made])
        return self._made.gather(numbers)


class Combined:
    """What follows from the words of several pools, asked anew in every batch."""

    def __init__(self, source: OfWords, dtype: pl.DataType) -> None:
        self._source, self._dtype = source, dtype

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column that follows."""
        return of_combinations(self._source, frame, self._dtype)


class Made:
    """One column of ours, of the first of its sources that says anything."""

    def __init__(self, one: Worded, pools: Mapping[str, pl.Categorical], dtype: pl.DataType) -> None:
        self.name = one.name
        self._sources = [_source(each, pools, dtype) for each in one.sources]

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column for a batch that holds the words as categories."""
        found = self._sources[0].of(frame)
        for source in self._sources[1:]:
            if found.null_count():
                found = found.zip_with(found.is_not_null(), source.of(frame))
        return found.alias(self.name)


def _source(source: OfWords, pools: Mapping[str, pl.Categorical], dtype: pl.DataType) -> Growing | Combined:
    if has_one_word(source, pools):
        return Growing(source, pools[next(iter(source.columns.values()))], dtype)
    return Combined(source, dtype)


def own_pools(columns: Sequence[Worded], types: Mapping[str, pl.DataType]) -> dict[str, pl.Categorical]:
    """A pool for every column of texts that is read; words that come as categories have theirs."""
    pools = {name: types[name] for name in read_by(columns)}
    return {
        name: dtype if isinstance(dtype, pl.Categorical) else pl.Categorical(pl.Categories.random())
        for name, dtype in pools.items()
        if isinstance(dtype, pl.Categorical) or dtype == pl.String()
    }
