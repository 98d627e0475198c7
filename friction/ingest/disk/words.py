"""Columns that follow from words, batch by batch: each distinct word is asked once in the whole file, each combination
of words once in a batch.

Most words come out as they are. As long as all of a column do, it is taken as it was read, and one pool serves both:
with millions of sessions a second one would be the largest thing in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from friction.ingest.gather import Pools
from friction.ingest.words import Worded, has_one_word, of_combinations, read_by
from friction.sources.base import OfWords


class Growing:
    """What became of the words of one pool so far; the first `known` of them come out as they are."""

    def __init__(self, source: OfWords, pool: pl.Categorical, dtype: pl.DataType, known: int = 0) -> None:
        ((self._label, self._column),) = source.columns.items()
        self._source, self._pool, self._dtype = source, pool, dtype
        self._made = _words(pool, 0, known).cast(dtype)

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column that follows from one of words of the pool."""
        numbers = frame[self._column].to_physical()
        last = numbers.max()
        if last is None:
            return pl.Series([None], dtype=self._dtype).new_from_index(0, frame.height)
        if (known := self._made.len()) <= int(str(last)):
            words = _words(self._pool, known, int(str(last)) + 1).alias(self._label).to_frame()
            made = words.select(self._source.made.cast(self._dtype)).to_series()
            self._made = made if not known else pl.concat([self._made, made])
        return self._made.gather(numbers)


class Same:
    """Words of one pool, as long as they come out as they are."""

    def __init__(self, source: OfWords, pool: pl.Categorical, *, is_only: bool) -> None:
        ((self._label, self._column),) = source.columns.items()
        self._source, self._pool, self._is_only = source, pool, is_only
        self.known = 0
        """Of so many words that is seen."""

    def of(self, frame: pl.DataFrame) -> pl.Series | None:
        """The column itself; null as soon as one of its words changes, or where another source could tell more."""
        column = frame[self._column]
        last = column.to_physical().max()
        if column.null_count() and not self._is_only:
            return None
        if last is not None and self.known <= (newest := int(str(last))):
            words = _words(self._pool, self.known, newest + 1).alias(self._label)
            if not words.to_frame().select(self._source.made.cast(pl.String())).to_series().equals(words):
                return None
            self.known = newest + 1
        return column


class Combined:
    """What follows from the words of several pools, asked anew in every batch."""

    def __init__(self, source: OfWords, dtype: pl.DataType) -> None:
        self._source, self._dtype = source, dtype

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column that follows."""
        return of_combinations(self._source, frame, self._dtype)


class Made:
    """One column of ours, of the first of its sources that says anything; of words in the pool of its name, which is
    that of the first source where the name has none yet.
    """

    def __init__(self, one: Worded, own: Mapping[str, pl.Categorical], pools: Pools) -> None:
        self.name = one.name
        self._one, self._own, self._pools = one, own, pools
        self._same = self._as_they_are()
        self._sources = [] if self._same else self._asked(one.dtype or pools.dtype(one.name))

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The column for a batch that holds the words as categories."""
        found = None if self._same is None else self._same.of(frame)
        return self._made(frame) if found is None else found.alias(self.name)

    def _made(self, frame: pl.DataFrame) -> pl.Series:
        if self._same is not None:
            # What was read so far keeps its numbers: the words known are the first of the new pool, in their order.
            self._sources = self._asked(self._pools.afresh(self.name), self._same.known)
            self._same = None
        found = self._sources[0].of(frame)
        for source in self._sources[1:]:
            if found.null_count():
                found = found.zip_with(found.is_not_null(), source.of(frame))
        return found.alias(self.name)

    def _as_they_are(self) -> Same | None:
        first, taken = self._one.sources[0], self._pools.pools
        if self._one.dtype is not None or self.name in taken or not has_one_word(first, self._own):
            return None
        pool = self._own[next(iter(first.columns.values()))]
        if pool.categories in taken.values():
            return None
        taken[self.name] = pool.categories
        return Same(first, pool, is_only=len(self._one.sources) == 1)

    def _asked(self, dtype: pl.DataType, known: int = 0) -> list[Growing | Combined]:
        first, *others = self._one.sources
        return [
            _source(first, self._own, dtype, known),
            *(_source(each, self._own, dtype) for each in others),
        ]


def _source(
    source: OfWords, pools: Mapping[str, pl.Categorical], dtype: pl.DataType, known: int = 0
) -> Growing | Combined:
    if has_one_word(source, pools):
        return Growing(source, pools[next(iter(source.columns.values()))], dtype, known)
    return Combined(source, dtype)


def _words(pool: pl.Categorical, start: int, stop: int) -> pl.Series:
    """Words of a pool by their numbers."""
    return pl.int_range(start, stop, dtype=pl.UInt32, eager=True).cat.to(pool).cast(pl.String())


def own_pools(columns: Sequence[Worded], types: Mapping[str, pl.DataType]) -> dict[str, pl.Categorical]:
    """A pool for every column of texts that is read; words that come as categories have theirs."""
    pools = {name: types[name] for name in read_by(columns)}
    return {
        name: dtype if isinstance(dtype, pl.Categorical) else pl.Categorical(pl.Categories.random())
        for name, dtype in pools.items()
        if isinstance(dtype, pl.Categorical) or dtype == pl.String()
    }
