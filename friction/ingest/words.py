"""Columns that follow from words: read as they stand, and asked about their distinct words alone.

A column of ten million texts has a few thousand different ones. Turning it into numbers at once, and cleaning, judging
and renaming only those few, costs a fraction of doing so cell by cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from friction.sources.base import OfWord

Pool = Callable[[str], pl.Categorical]


@dataclass(frozen=True)
class Worded:
    """A column of ours that is made of words: the first of `sources` that says anything."""

    name: str
    sources: Sequence[OfWord]
    dtype: pl.DataType | None = None
    """What it becomes; null: codes in the pool of its name."""

    def made(self, frame: pl.DataFrame, pool: Pool, afresh: Pool) -> pl.Series:
        """The column, from a frame that holds the words as categories.

        `pool` gives the type with the pool for a name, `afresh` the same after that pool was emptied.
        """
        found = self._of(self.sources[0], frame, pool, afresh)
        for source in self.sources[1:]:
            if found.null_count():
                found = found.zip_with(found.is_not_null(), self._of(source, frame, pool, None))
        return found.alias(self.name)

    def _of(self, source: OfWord, frame: pl.DataFrame, pool: Pool, afresh: Pool | None) -> pl.Series:
        column = frame[source.column]
        known = distinct(column)
        made = known.to_frame().select(source.made).to_series()
        if self.dtype is not None:
            return _looked_up(made.cast(self.dtype), column)
        if column.dtype == pool(self.name):
            if made.equals(known):
                return column
            pool = afresh or pool
        return _looked_up(made.cast(pool(self.name)), column)


def words_of(
    columns: Sequence[Worded], pool: Pool, is_new: Callable[[str], bool]
) -> dict[str, pl.Categorical]:
    """Columns of the file to be read as categories. A pool that is new is filled directly; else they have their own."""
    found: dict[str, pl.Categorical] = {}
    for one in columns:
        first = one.sources[0].column
        if one.dtype is None and first not in found and is_new(one.name):
            found[first] = pool(one.name)
    for one in columns:
        for source in one.sources:
            found.setdefault(source.column, pl.Categorical(pl.Categories.random()))
    return found


def by_words(names: Mapping[str, Sequence[str]], known: Mapping[str, OfWord], have: set[str]) -> list[Worded]:
    """Those of the coded columns (name → what it is taken from) of which all that the file has are `known`."""
    there = {name: [source for source in sources if source in have] for name, sources in names.items()}
    return [
        Worded(name, [known[source] for source in sources])
        for name, sources in there.items()
        if sources and all(source in known for source in sources)
    ]


def pool_words(pool: pl.Categories) -> pl.Series:
    """All words of a pool, by their numbers. (`Categories.to_series` asks for one after the other, in Python.)"""
    total = bisect_left(range(1 << 32), True, key=lambda number: number not in pool)
    numbers = pl.int_range(total, dtype=pl.UInt32, eager=True)
    return numbers.cat.to(pl.Categorical(pool)).cast(pl.String).alias("word")


def distinct(column: pl.Series) -> pl.Series:
    """All words of a categorical column's pool up to the last one that the column has, in the order of its numbers."""
    last = column.to_physical().max()
    numbers = pl.int_range(0 if last is None else int(str(last)) + 1, dtype=pl.UInt32, eager=True)
    return numbers.cat.to(column.dtype).cast(pl.String).alias(column.name)


def _looked_up(made: pl.Series, column: pl.Series) -> pl.Series:
    if not made.len():
        return pl.repeat(None, column.len(), dtype=made.dtype, eager=True)
    return made.gather(column.to_physical())
