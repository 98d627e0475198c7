"""Where the rows of an analysis lie while parts are made of them: in memory, or on disk (`friction.ingest.disk`).

Whoever needs rows asks for them by part, by session, by position or one piece after the other; nobody else knows
where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.ingest.taken import taken
from friction.reduce.kept import Shelf
from friction.schema import TS
from friction.values import dataclass


@dataclass(frozen=True)
class Slice:
    """One part to be: the range of its keys, and where its rows lie (positions; its number, on disk)."""

    rows: pl.Series | int
    first: int
    last: int


class Store(Protocol):
    """All rows of an analysis. `key` is the session of a row before cutting, as `Events` numbers them."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns that rows have."""

    @property
    def height(self) -> int:
        """How many rows there are."""

    @property
    def slices(self) -> Sequence[Slice]:
        """Where the parts lie."""

    def part(
        self, where: Slice, columns: Sequence[str], chosen: NDArray[np.bool_] | None = None
    ) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of a slice and their keys, in the order of sessions; in that of the file within each; words as they
        are held or as their numbers. `chosen`: only those of the keys for which it holds, counted from the first of
        the slice.
        """

    def pieces(self, columns: Sequence[str]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        """All rows and their keys, a bounded number at a time."""

    def of_keys(self, chosen: NDArray[np.bool_], columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of the keys for which `chosen` holds, and their keys; those of a key in the order of the file."""

    def places(self, rows: pl.Series) -> pl.DataFrame:
        """`key, ts` of the rows at these positions in the order of the files; null for null."""

    @property
    def shelf(self) -> Shelf | None:
        """Where tables go that grow with the rows; null: they stay in memory like these."""


@dataclass(frozen=True)
class InMemory:
    """All rows in one frame, as they were read, narrow and unsorted."""

    rows: pl.DataFrame
    key: pl.Series
    part_rows: int

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns that rows have."""
        return self.rows.columns

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.rows.height

    @cached_property
    def slices(self) -> Sequence[Slice]:
        """Where the parts lie."""
        return _slices(self.key, self.part_rows)

    def part(
        self, where: Slice, columns: Sequence[str], chosen: NDArray[np.bool_] | None = None
    ) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of a slice and their keys."""
        assert isinstance(where.rows, pl.Series)
        rows, own = where.rows.to_numpy(), self.key[where.rows].to_numpy() - np.uint32(where.first)
        if chosen is not None:
            rows, own = rows[chosen[own]], own[chosen[own]]
        order = stable(own, where.last - where.first + 1)
        return taken(self.rows.select(columns), rows, order), pl.Series(own[order] + np.uint32(where.first))

    def pieces(self, columns: Sequence[str]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        """All rows at once."""
        yield self.rows.select(columns), self.key

    def of_keys(self, chosen: NDArray[np.bool_], columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of the keys for which `chosen` holds."""
        return self._at(pl.Series(np.flatnonzero(chosen[self.key.to_numpy()]).astype(np.uint32)), columns)

    def places(self, rows: pl.Series) -> pl.DataFrame:
        """`key, ts` of the rows at these positions."""
        if not self.rows.height:
            return pl.DataFrame(schema={"key": pl.UInt32(), "ts": TS}).clear(rows.len())
        return pl.DataFrame({"key": self.key.gather(rows), "ts": self.rows["ts"].gather(rows)})

    @property
    def shelf(self) -> None:
        """There is room."""

    def _at(self, places: pl.Series, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
        # As one frame: by itself, each column would look again whether the places are within it.
        return self.rows.select(columns)[places], self.key[places]


def ranges(sizes: NDArray[np.int64], part_rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last keys of the parts: runs of whole sessions of these sizes, about `part_rows` rows each."""
    part_of = (np.cumsum(sizes) - 1) // part_rows
    last = np.flatnonzero(np.diff(part_of, append=-1))
    return np.concatenate([[0], last + 1])[: len(last)], last  # where there is no session there is no part


def stable(numbers: NDArray[Any], below: int) -> NDArray[np.uint32]:
    """Positions in the order of `numbers`, all less than `below`; 8 and 16 bits are sorted by counting, far quicker."""
    return np.argsort(_narrow(numbers, below), kind="stable").astype(np.uint32)


def _narrow(numbers: NDArray[Any], below: int) -> NDArray[Any]:
    width = np.uint8 if below <= 1 << 8 else np.uint16 if below <= 1 << 16 else np.uint32
    return numbers.astype(width, copy=False)


def part_numbers(last: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Key → number of its part."""
    return np.repeat(np.arange(len(last), dtype=np.uint32), np.diff(last, prepend=-1))


BLOCK = 1 << 18
"""Rows looked at together: their numbers stay near, and what is worked out of them finds its memory warm."""
WIDE = 4
"""The rows of a block may be looked at so many times before sorting them is quicker."""


def _slices(key: pl.Series, part_rows: int) -> list[Slice]:
    keys = key.to_numpy()
    first, last = ranges(_sizes(keys), part_rows)
    rows = _rows_of(keys, _narrow(part_numbers(last), len(last)), len(last))
    return [
        Slice(pl.Series(own), int(begin), int(end)) for own, begin, end in zip(rows, first, last, strict=True)
    ]


def _sizes(keys: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many rows each key has."""
    sizes = np.zeros(int(keys.max(initial=0)) + 1, np.int64)
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        lowest = block.min()
        counts = np.bincount(block - lowest)
        sizes[lowest : int(lowest) + len(counts)] += counts
    return sizes


def _rows_of(keys: NDArray[np.uint32], part_of: NDArray[Any], parts: int) -> list[NDArray[np.uint32]]:
    """By part, the positions of its rows in their order.

    Parts follow time, and so do most files: the rows of a block belong to a few of them.
    """
    found: list[list[NDArray[np.uint32]]] = [[] for _ in range(parts)]
    for start in range(0, len(keys), BLOCK):
        part = part_of[keys[start : start + BLOCK]]
        lowest, highest = int(part.min()), int(part.max())
        if highest - lowest < WIDE:
            places = [np.flatnonzero(part == number) for number in range(lowest, highest + 1)]
        else:
            sizes = np.bincount(part - part.dtype.type(lowest))
            places = np.split(stable(part, parts), np.cumsum(sizes)[:-1])
        for number, own in enumerate(places, start=lowest):
            found[number].append((own + start).astype(np.uint32))
    return [np.concatenate(blocks) for blocks in found]
