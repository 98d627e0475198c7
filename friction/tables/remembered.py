"""What follows from texts that repeat, asked once of each distinct one although the engine hands them on in morsels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from threading import local

import polars as pl

from friction.tables.pools import distinct
from friction.values import dataclass

MOST = 20_000
"""So many distinct texts are remembered; then they are forgotten, and it begins anew."""
LOOKED_AT = 1_000
"""So many texts tell whether they repeat; fewer are not worth the question."""
HARDLY = 0.9
"""Where such a share of the texts looked at are different, none is remembered: telling them apart would cost more."""
Asked = Callable[[pl.Series], pl.DataFrame]


def of_distinct(texts: pl.Series, made: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What is `made` of these texts, each by itself: of the distinct ones alone where they repeat. Null gives null."""
    if texts.len() <= LOOKED_AT or _different(texts) > 1 / 2:
        return made(texts)
    return of_words(texts, made)


def of_words(texts: pl.Series, made: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Likewise, whether they repeat or not: for what takes far longer than telling texts apart."""
    if texts.null_count() == texts.len():
        nothing = made(texts.head(1))
        return nothing.new_from_index(0, texts.len()) if texts.len() else nothing
    words = texts.cast(pl.Categorical(pl.Categories.random()))
    return made(distinct(words)).gather(words.to_physical())


def _different(texts: pl.Series) -> float:
    """Share of different ones among the first texts."""
    return texts.head(LOOKED_AT).n_unique() / LOOKED_AT


class Remembered:
    """A function from texts to columns of these `types`, row by row; null gives nulls. Threads may share it.

    Each thread remembers for itself: of words that another one is adding to a pool, numbers are known before the words
    are. A lock would have to be held while the engine may give the thread that holds it other work of the same kind.
    """

    def __init__(self, asked: Asked, types: Mapping[str, pl.DataType]) -> None:
        self._asked, self._types = asked, dict(types)
        self._threads = local()

    def of(self, texts: pl.Series) -> pl.DataFrame:
        """The columns, a row a text."""
        if texts.len() > LOOKED_AT and _different(texts) > HARDLY:
            return self._of_each(texts)
        known: _Known = getattr(self._threads, "known", None) or _Known(self._none(0))
        words = texts.cast(known.pool)
        numbers = words.to_physical()
        if numbers.null_count() == numbers.len():
            return self._none(texts.len())
        made = known.made
        fresh = pl.int_range(made.height, int(str(numbers.max())) + 1, dtype=pl.UInt32, eager=True)
        if fresh.len():
            more = self._asked(fresh.cat.to(known.pool).cast(pl.String()))
            made = pl.concat([made, more], rechunk=True)
            self._threads.known = _Known(made, known.pool, words.head(1)) if made.height <= MOST else None
        return _at(made, numbers)

    def _of_each(self, texts: pl.Series) -> pl.DataFrame:
        """Asked of all texts as they stand."""
        if not texts.null_count():
            return self._asked(texts)
        there = texts.is_not_null()
        place = (there.cum_sum() - 1).zip_with(there, pl.Series([None], dtype=pl.UInt32()))
        return _at(self._asked(texts.filter(there)), place)

    def _none(self, rows: int) -> pl.DataFrame:
        return pl.DataFrame(schema=self._types).clear(rows)


def _at(made: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """These rows, of a null one nulls. Objects lack most of what is asked of them: such columns need no looking up."""
    there = [one.name for one in made.iter_columns() if one.null_count() < one.len()]
    found = made.select(there)[rows].get_columns() if there else []
    nothing = [one.new_from_index(0, rows.len()) for one in made.drop(there).iter_columns()]
    return pl.DataFrame([*found, *nothing]).select(made.columns)


@dataclass(frozen=True)
class _Known:
    """What was made of the words of a pool, by their numbers."""

    made: pl.DataFrame
    pool: pl.Categorical = field(default_factory=lambda: pl.Categorical(pl.Categories.random()))
    held: pl.Series | None = None
    """A pool forgets its numbers when nothing in memory uses it."""
