"""What follows from texts that repeat, asked once of each distinct one although the engine hands them on in morsels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import polars as pl

from friction.tables.pools import distinct

MOST = 20_000
"""So many distinct texts are remembered; then they are forgotten, and it begins anew."""
LOOKED_AT = 1_000
"""So many texts tell whether they repeat; fewer are not worth the question."""
Asked = Callable[[pl.Series], pl.DataFrame]


def of_distinct(texts: pl.Series, made: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What is `made` of these texts, each by itself: of the distinct ones alone where they repeat. Null gives null."""
    if texts.len() <= LOOKED_AT or texts.head(LOOKED_AT).n_unique() * 2 > LOOKED_AT:
        return made(texts)
    return of_words(texts, made)


def of_words(texts: pl.Series, made: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Likewise, whether they repeat or not: for what takes far longer than telling texts apart."""
    if texts.null_count() == texts.len():
        nothing = made(texts.head(1))
        return nothing.new_from_index(0, texts.len()) if texts.len() else nothing
    words = texts.cast(pl.Categorical(pl.Categories.random()))
    return made(distinct(words)).gather(words.to_physical())


class Remembered:
    """A function from texts to columns of texts, `names`, row by row; null gives nulls. Threads may share it."""

    def __init__(self, asked: Asked, names: Sequence[str]) -> None:
        self._asked, self._names = asked, list(names)
        self._known = _Known(self._none(0))

    def of(self, texts: pl.Series) -> pl.DataFrame:
        """The columns, a row a text."""
        known = self._known
        words = texts.cast(known.pool)
        numbers = words.to_physical()
        if numbers.null_count() == numbers.len():
            return self._none(texts.len())
        made = known.grown(words.head(1), numbers, self._asked)
        if made.height > MOST:
            self._known = _Known(self._none(0))
        return made.select(pl.all().gather(numbers))

    def _none(self, rows: int) -> pl.DataFrame:
        return pl.DataFrame(schema=dict.fromkeys(self._names, pl.String())).clear(rows)


@dataclass
class _Known:
    """What was made of the words of a pool, by their numbers."""

    made: pl.DataFrame
    pool: pl.Categorical = field(default_factory=lambda: pl.Categorical(pl.Categories.random()))
    held: list[pl.Series] = field(default_factory=list)
    """A pool forgets its numbers when nothing in memory uses it."""
    lock: Lock = field(default_factory=Lock)

    def grown(self, first: pl.Series, numbers: pl.Series, asked: Asked) -> pl.DataFrame:
        """With all words of the pool up to the last of these numbers."""
        last = int(str(numbers.max()))
        with self.lock:
            self.held = self.held or [first]
            if last >= self.made.height:
                fresh = pl.int_range(self.made.height, last + 1, dtype=pl.UInt32, eager=True).cat.to(
                    self.pool
                )
                self.made = pl.concat([self.made, asked(fresh.cast(pl.String()))], rechunk=True)
            return self.made
