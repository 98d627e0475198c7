"""The columns of one file as a frame: those of words as categories, and what is made of them by their distinct ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from friction.ingest.addresses import Masked
from friction.ingest.words import Pool, Worded, read_by
from friction.sources.base import WordsOf
from friction.tables.blocks import joined
from friction.tables.pools import distinct
from friction.threads import mapped
from friction.values import dataclass

ADDRESS = "url"
ORDERED = pl.QueryOptFlags(check_order_observe=False)
"""Polars 2.1 takes the order of rows for unobserved where a query has one column and chooses its values (`when`), and
then returns the row groups of Parquet in any order: beside other columns the values would stand in wrong rows.
"""


@dataclass(frozen=True)
class Collecting:
    """What is collected, and from what."""

    events: pl.LazyFrame
    columns: Sequence[pl.Expr]
    """Those that are asked of each cell."""
    worded: Sequence[Worded]
    """Those that are made of words."""
    categories: Mapping[str, pl.Categorical]
    """What texts that words are made of are read as."""
    pool: Pool
    afresh: Pool
    addresses: Masked
    words: WordsOf | None = None
    """A way to words that is quicker than reading texts, where the file has one."""

    def at_once(self, *, is_read: bool) -> pl.DataFrame:
        """Everything in one query; rows that are out of the file stay where they are."""
        asked = self.events.select(*self.columns, *words_as(read_by(self.worded), self.categories))
        # The streaming engine hands rows on in many pieces: whatever looks at all of them would join them anew.
        frame = asked.collect(engine="in-memory") if is_read else joined([asked.collect()])
        return self._with_made(frame, {})

    def one_by_one(self) -> pl.DataFrame:
        """Each column by itself, since threads that fill one pool get in each other's way; addresses come first, since
        these are worked on while the others are read. A column that may stand in for another is read when one is
        needed.
        """
        needed = {name for one in self.worded for name in one.first}
        names = [name for name in read_by(self.worded) if name in needed]
        columns = [*self.columns, *words_as(names, self.categories)]
        early = {name for one in self.worded if one.name == ADDRESS for name in one.first} or {ADDRESS}
        order = sorted(range(len(columns)), key=lambda at: columns[at].meta.output_name() not in early)
        asked = [columns[at] for at in order]
        read, made = dict[int, pl.DataFrame](), dict[str, pl.Series]()
        for at, column in zip(order, mapped(self._one, asked, pl.thread_pool_size()), strict=True):
            read[at] = column
            made |= self._address(column)
        frame = pl.concat([read[at] for at in range(len(columns))], how="horizontal")
        return self._with_made(frame, made)

    def _one(self, column: pl.Expr) -> pl.DataFrame:
        name = column.meta.output_name()
        if self.words is not None and name in self.categories:
            words = self.words(name, self.categories[name])
            if words is not None:
                return _one_piece(words)
        return _one_piece(self.events.select(column))

    def _address(self, column: pl.DataFrame) -> dict[str, pl.Series]:
        """The addresses, where this is the column that they are made of; masking them begins."""
        for one in self.worded:
            if one.name == ADDRESS and list(one.first) == column.columns:
                return {ADDRESS: self._made(one, column)}
        if column.columns == [ADDRESS] and isinstance(column.dtypes[0], pl.Categorical):
            self.addresses.begin(distinct(column[ADDRESS]))
        return {}

    def _with_made(self, frame: pl.DataFrame, known: Mapping[str, pl.Series]) -> pl.DataFrame:
        """The frame with the columns that are made of words, but for those `known`, and without the words."""

        def made_of(one: Worded) -> pl.Series:
            return known[one.name] if one.name in known else self._made(one, frame)

        # Each has a pool of its own, so that threads do not wait for each other.
        frame = frame.with_columns(mapped(made_of, self.worded, pl.thread_pool_size()))
        return frame.drop(set(read_by(self.worded)) - {one.name for one in self.worded}, strict=False)

    def _made(self, one: Worded, frame: pl.DataFrame) -> pl.Series:
        made = one.made(frame, self.pool, self.afresh, self._later)
        if one.name == ADDRESS:
            self.addresses.begin(distinct(made))
        return made

    def _later(self, names: Iterable[str]) -> pl.DataFrame:
        return _one_piece(self.events.select(words_as(sorted(names), self.categories)))


def words_as(names: Iterable[str], categories: Mapping[str, pl.Categorical]) -> list[pl.Expr]:
    """Columns that others are made of: texts as categories, the rest as they are."""
    return [pl.col(name).cast(categories[name]) if name in categories else pl.col(name) for name in names]


def _one_piece(query: pl.LazyFrame) -> pl.DataFrame:
    """Collected into one chunk: dozens of small ones would be joined again, as a copy, at the first filter."""
    return query.collect(optimizations=ORDERED).rechunk()
