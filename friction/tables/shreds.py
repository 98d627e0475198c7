"""Lines of JSON objects with a list of objects, torn where an object ends and another value begins.

    {"at": 1, "list": [{"key": "x"}, {"key": "y"}], "in": {"a": 1}, "more": 2}

    head    {"at": 1          shreds    {"key": "x"    {"key": "y"}], "in": {"a": 1    "more": 2}

Heads differ from line to line, but most shreds are like those of other lines, and no parser needs to read them twice.
Where to tear is a guess, and so are the brackets that a shred opens and closes. Both are proved by what follows: with
what its kind adds before and after it, every shred is an object, so it leads from one place inside a line to another,
and where those of a line lead from the end of its head to its own, the line is an object.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from friction.tables.shred_kinds import FOLLOWS, HEAD_KIND, IS_LAST, KINDS, START, TO_LIST, UP
from friction.values import dataclass

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
HEAD = -1
"""Stands for what is before all shreds of a line that has no such list."""


@dataclass(frozen=True)
class Shreds:
    """The lines of one block, torn."""

    heads: pl.Series
    """What is before the list, or before the second shred where there is none, as an object."""
    words: pl.Series
    """The distinct shreds."""
    numbers: Numbers
    """Which of `words` each is, or HEAD; one line after the other."""
    counts: Numbers
    """How many each line has."""

    @cached_property
    def starts(self) -> Numbers:
        """The first of each line."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def rows(self) -> Numbers:
        """The line of each, from 0."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def brackets(self) -> pl.DataFrame:
        """How each of `words` begins, with a brace or a quote, and how many of `{}[]` it has."""
        word = self.words.alias("word").to_frame()
        counts = (pl.col("word").str.count_matches(one, literal=True).cast(pl.Int64()) for one in "{}[]")
        named = (count.alias(one) for one, count in zip("{}[]", counts, strict=True))
        return word.select(pl.col("word").str.slice(0, 1).alias("begins"), *named)

    @cached_property
    def kinds(self) -> Numbers | None:
        """The kind of each of `words`; null where one is of none."""
        opens_list = (self.brackets["begins"] == "{").to_numpy()
        opens_text = (self.brackets["begins"] == '"').to_numpy()
        counts = {one: self.brackets[one].to_numpy() for one in "{}[]"}
        braces, brackets = counts["{"] - counts["}"], counts["["] - counts["]"]
        found = np.full(len(braces), HEAD_KIND)
        for at, kind in enumerate(KINDS):
            begins = opens_list if kind.in_list else opens_text
            found[begins & (braces == kind.braces) & (brackets == kind.brackets)] = at
        return None if (found == HEAD_KIND).any() else found

    @cached_property
    def each(self) -> npt.NDArray[np.int8]:
        """The kind of each."""
        assert self.kinds is not None
        return np.append(self.kinds, HEAD_KIND).astype(np.int8)[self.numbers]

    @cached_property
    def levels(self) -> Numbers | None:
        """How many objects are open, besides that of the line, where each begins; null: none anywhere."""
        if self.kinds is None or not UP[self.kinds].any():
            return None
        steps = UP[self.each]
        total = np.cumsum(steps) - steps
        levels: Numbers = total - total[self.starts][self.rows]
        return levels

    def lead_on(self) -> bool:
        """Whether those of each line lead from its head to its end."""
        if self.kinds is None or not self.heads.str.starts_with('{"').all():
            return False
        before = np.empty_like(self.each)
        before[1:] = self.each[:-1]
        before[self.starts] = START
        ends = self.each[self.starts + self.counts - 1]
        if not (
            FOLLOWS[before * np.int8(START) + self.each].all() and (IS_LAST[ends] | (ends == HEAD_KIND)).all()
        ):
            return False
        after = None if self.levels is None else self.levels + UP[self.each]
        return after is None or bool((after >= 0).all() and not after[self.starts + self.counts - 1].any())

    @cached_property
    def entries(self) -> Numbers:
        """The places of those that belong to the list: what follows the head until one ends outside of it."""
        outside = np.flatnonzero(~TO_LIST[self.each])
        counts = (
            outside[np.searchsorted(outside, self.starts)] - self.starts + (self.numbers[self.starts] != HEAD)
        )
        places: Numbers = np.arange(counts.sum())
        places += np.repeat(self.starts - np.cumsum(counts) + counts, counts)
        return places

    def members(self, words: Flags) -> Numbers:
        """The places of these words where they have members of the line itself, if only after leaving an object."""
        found = np.append(words, False)[self.numbers]
        if self.levels is not None:
            found &= self.levels + np.minimum(UP[self.each], 0) == 0
        return np.flatnonzero(found)

    @cached_property
    def objects(self) -> pl.Series:
        """`words` as objects that have the members of their lines, if any."""
        assert self.kinds is not None
        before, after = (
            pl.lit(pl.Series([getattr(kind, side) for kind in KINDS])) for side in ("before", "after")
        )
        kind = pl.lit(pl.Series(self.kinds))
        return pl.select(before.gather(kind) + pl.lit(self.words) + after.gather(kind)).to_series()
