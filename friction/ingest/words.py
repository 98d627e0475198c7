"""Columns that follow from words: read as they stand, and asked about their distinct words alone.

A column of ten million texts has a few thousand different ones. Turning it into numbers at once, and cleaning, judging
and renaming only those few, costs a fraction of doing so cell by cell. What follows from several columns is asked
about their distinct combinations (`friction.ingest.combined`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from friction.ingest.combined import combined
from friction.sources.base import OfWords
from friction.tables.pools import distinct
from friction.values import dataclass

Pool = Callable[[str], pl.Categorical]
Later = Callable[[Iterable[str]], pl.DataFrame]
"""Columns that were not read at once, since nobody may need them."""


@dataclass(frozen=True)
class Worded:
    """A column of ours that is made of words: the first of `sources` that says anything."""

    name: str
    sources: Sequence[OfWords]
    dtype: pl.DataType | None = None
    """What it becomes; null: codes in the pool of its name."""

    @property
    def of_one(self) -> Sequence[str]:
        """The columns that sources read which read only one."""
        return [next(iter(source.columns.values())) for source in self.sources if len(source.columns) == 1]

    @property
    def first(self) -> Sequence[str]:
        """The columns that are read in any case."""
        return list(self.sources[0].columns.values())

    def made(self, frame: pl.DataFrame, pool: Pool, afresh: Pool, later: Later | None = None) -> pl.Series:
        """The column, from a frame that holds the words as categories, those of later sources perhaps not.

        `pool` gives the type with the pool for a name, `afresh` the same after that pool was emptied.
        """
        found = self._of(self.sources[0], frame, pool, afresh)
        for source in self.sources[1:]:
            if found.null_count():
                lacking = set(source.columns.values()) - set(frame.columns)
                frame = frame.hstack(later(lacking)) if later is not None and lacking else frame
                found = found.zip_with(found.is_not_null(), self._of(source, frame, pool, None))
        return found.alias(self.name)

    def _of(self, source: OfWords, frame: pl.DataFrame, pool: Pool, afresh: Pool | None) -> pl.Series:
        if not has_one_word(source, frame.schema):
            return of_combinations(source, frame, self.dtype or pool(self.name))
        label, name = next(iter(source.columns.items()))
        column = frame[name]
        known = distinct(column).alias(label)
        made = known.to_frame().select(source.made).to_series()
        if self.dtype is not None:
            return _looked_up(made.cast(self.dtype), column)
        if column.dtype == pool(self.name):
            if made.equals(known):
                return column
            pool = afresh or pool
        return _looked_up(made.cast(pool(self.name)), column)


def has_one_word(source: OfWords, types: Mapping[str, pl.DataType]) -> bool:
    """Whether it follows from a single column of categories."""
    names = list(source.columns.values())
    return len(names) == 1 and isinstance(types.get(names[0]), pl.Categorical)


def of_combinations(source: OfWords, frame: pl.DataFrame, dtype: pl.DataType) -> pl.Series:
    """What follows from several columns, worked out once for every combination that there is."""
    columns = [frame[name] for name in source.columns.values()]
    rows, number = combined(columns)
    known = pl.DataFrame(
        [
            (few.cast(pl.String()) if isinstance(few.dtype, pl.Categorical) else few).alias(label)
            for label, few in zip(source.columns, (column.gather(rows) for column in columns), strict=True)
        ]
    )
    return known.select(source.made.cast(dtype)).to_series().gather(number)


def words_of(
    columns: Sequence[Worded], types: Mapping[str, pl.DataType], pools: dict[str, pl.Categories]
) -> dict[str, pl.Categorical]:
    """Columns of texts to be read as categories. A pool that is not among `pools` yet is filled directly, or is that of
    words which come as categories; other words have their own.
    """
    found: dict[str, pl.Categorical] = {}
    for one in columns:
        name, *others = one.first
        is_new = one.dtype is None and one.name not in pools and name not in found
        if is_new and not others and _is_of_words(types[name]):
            found[name] = _as_words(types[name])
            pools[one.name] = found[name].categories
    texts = [name for name in read_by(columns) if types[name] == pl.String()]
    return {name: found.get(name) or _as_words(types[name]) for name in texts}


def _is_of_words(dtype: pl.DataType) -> bool:
    return dtype == pl.String() or isinstance(dtype, pl.Categorical)


def _as_words(dtype: pl.DataType) -> pl.Categorical:
    """Itself where it is of words by number already."""
    return dtype if isinstance(dtype, pl.Categorical) else pl.Categorical(pl.Categories.random())


def read_by(columns: Iterable[Worded]) -> list[str]:
    """All columns that these are made of."""
    return list(
        dict.fromkeys(name for one in columns for source in one.sources for name in source.columns.values())
    )


def by_words(
    names: Mapping[str, Sequence[str]], known: Mapping[str, OfWords], have: set[str]
) -> list[Worded]:
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


def _looked_up(made: pl.Series, column: pl.Series) -> pl.Series:
    if not made.len():
        return pl.repeat(None, column.len(), dtype=made.dtype, eager=True)
    return made.gather(column.to_physical())
