"""Dictionaries: what the integer codes of a coded column stand for.

Codes are ranks in the sorted list of distinct words, so they do not depend on the order in which rows arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from friction.values import dataclass


@dataclass(frozen=True)
class Dictionary:
    """Sorted distinct `words`, and for every pool number of a category its rank among them (null: not a word)."""

    words: pl.Series
    ranks: pl.Series

    def code(self, column: pl.Series) -> pl.Series:
        """Codes of a categorical column of the pool, null for null."""
        return looked_up(self.ranks, column.to_physical())


def looked_up(known: pl.Series, numbers: pl.Series) -> pl.Series:
    """What is `known` by number, of each of these; null for null. (To look up nulls as well takes several times as
    long as to put them back.)
    """
    if not numbers.null_count() or not known.len():
        return known[numbers]
    found = known[numbers.fill_null(0)].to_frame()
    return found.select(pl.when(numbers.is_not_null()).then(pl.first())).to_series()


def dictionary(raw: pl.Series) -> Dictionary:
    """A dictionary over a pool's words as they are: all different, so that their order is all there is to find."""
    order = raw.arg_sort()
    ranks = pl.repeat(0, raw.len(), dtype=pl.UInt32, eager=True)
    ranks = ranks.scatter(order, pl.int_range(raw.len(), dtype=pl.UInt32, eager=True))
    return Dictionary(raw.gather(order).alias("word"), ranks.alias("rank"))


def regrouped(mapped: pl.Series) -> Dictionary:
    """A dictionary over `mapped`, where `mapped[i]` is what the pool's word number i stands for."""
    words = mapped.unique().drop_nulls().sort()
    ranks = pl.DataFrame({"word": words, "rank": pl.int_range(words.len(), dtype=pl.UInt32, eager=True)})
    found = pl.DataFrame({"word": mapped}).join(ranks, on="word", how="left", maintain_order="left")
    return Dictionary(words.rename("word"), found["rank"])


@dataclass(frozen=True)
class Deferred(Mapping[str, pl.Series]):
    """Words by column: some `known`, others worked out when somebody first asks for them, or for some of them."""

    known: dict[str, pl.Series]
    later: Mapping[str, Callable[..., pl.Series]]

    def __getitem__(self, column: str) -> pl.Series:
        if column not in self.known:
            self.known[column] = self.later[column]()
        return self.known[column]

    def some(self, column: str, codes: pl.Series) -> pl.Series:
        """The words of these codes, and of no others where they are not known yet."""
        if column in self.known:
            return self.known[column].gather(codes)
        few = codes.unique().drop_nulls()
        return codes.replace_strict(few, self.later[column](few), default=None, return_dtype=pl.String())

    def __contains__(self, column: object) -> bool:
        return column in self.known or column in self.later

    def __iter__(self) -> Iterator[str]:
        return iter({**self.known, **self.later})

    def __len__(self) -> int:
        return len({**self.known, **self.later})


@dataclass(frozen=True)
class Words:
    """All dictionaries of one analysis, by column."""

    by_column: Mapping[str, pl.Series]

    def decode(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with its coded columns as text again."""
        coded = [name for name in frame.columns if name in self.by_column and frame[name].dtype.is_integer()]
        return frame.with_columns(self.by_column[name].gather(frame[name]).alias(name) for name in coded)

    def of(self, column: str, codes: pl.Series) -> pl.Series:
        """The words of these codes, null for null; names that are worked out for whoever asks, for these alone."""
        words = self.by_column
        return words.some(column, codes) if isinstance(words, Deferred) else words[column].gather(codes)

    def word(self, column: str, code: int | None) -> str | None:
        """One word."""
        return None if code is None else str(self.by_column[column][code])
