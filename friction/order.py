"""Orders of long columns of small numbers: packed into one number each, they are sorted many times faster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.values import dataclass

Ints = NDArray[np.int64]
ROOM = 63
"""Bits of a packed number."""
BLOCK = 1 << 20
"""Rows counted at a time, at least."""
LOOSE = 4
"""What occurs is looked up in a table that is at most this many times longer than the columns."""


def ordered(*columns: NDArray[Any]) -> Ints:
    """Places by the first column, ties by the next, then by place; the numbers are not negative."""
    places = np.arange(len(columns[0]))
    widths = _widths(*columns, places)
    if sum(widths[:-1]) > ROOM:
        return np.lexsort(columns[::-1])
    if sum(widths) > ROOM:
        return np.argsort(_packed(columns, widths[:-1]), kind="stable")
    key = _packed([*columns, places], widths)
    key.sort()
    key &= (1 << widths[-1]) - 1
    return key


def in_turn(group: NDArray[Any], *then: NDArray[Any]) -> list[NDArray[np.uint32]]:
    """Places by group, ties by the columns that follow, then by place: some whole groups at a time, about `BLOCK`.

    What is worked out along such an order takes many times the room of what comes out of it.
    """
    order = np.lexsort((*then[::-1], group)).astype(np.uint32)
    sorted_ = group[order]
    begins = np.unique(np.searchsorted(sorted_, sorted_[::BLOCK]))
    return np.split(order, begins[1:])


def once(*columns: NDArray[Any]) -> list[Ints]:
    """The rows of the columns, sorted, each once; the numbers are not negative."""
    widths = _widths(*columns)
    if sum(widths) > ROOM:
        rows = np.unique(np.stack(columns, axis=1).astype(np.int64), axis=0)
        return [np.ascontiguousarray(column) for column in rows.T]
    key = _packed(columns, widths)
    key.sort()
    return _unpacked(key[np.diff(key, prepend=-1) != 0], widths)


def tally(*columns: NDArray[Any]) -> list[Ints]:
    """The rows of the columns, sorted, each once, and last how often; the numbers are not negative."""
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    if math.prod(sizes) <= LOOSE * len(columns[0]):
        counts = np.zeros(math.prod(sizes), np.int64)
        step = max(BLOCK, len(counts))
        for start in range(0, len(columns[0]), step):
            some = [column[start : start + step].astype(np.int64) for column in columns]
            counts += np.bincount(np.ravel_multi_index(some, sizes), minlength=len(counts))
        at = np.flatnonzero(counts)
        return [*np.unravel_index(at, sizes), counts[at]]
    rows = in_order(*columns)
    begins = np.flatnonzero(changed(*rows))
    return [*(column[begins] for column in rows), np.diff(begins, append=len(columns[0]))]


def in_order(*columns: NDArray[Any]) -> list[Ints]:
    """The rows of the columns, sorted; the numbers are not negative."""
    widths = _widths(*columns)
    if sum(widths) > ROOM:
        order = np.lexsort(columns[::-1])
        return [column[order].astype(np.int64) for column in columns]
    key = _packed(columns, widths)
    key.sort()
    return _unpacked(key, widths)


def _widths(*columns: NDArray[Any]) -> list[int]:
    return [int(column.max(initial=0)).bit_length() for column in columns]


def _packed(columns: Sequence[NDArray[Any]], widths: list[int]) -> Ints:
    key: Ints = columns[0].astype(np.int64)
    for column, width in zip(columns[1:], widths[1:], strict=True):
        key <<= width
        key |= column
    return key


def _unpacked(key: Ints, widths: list[int]) -> list[Ints]:
    found = []
    for width in widths[:0:-1]:
        found.append(key & ((1 << width) - 1))
        key = key >> width
    return [key, *found[::-1]]


def present(code: NDArray[np.integer[Any]], size: int) -> tuple[Ints, Ints]:
    """The numbers below `size` that occur, rising, and the place of each among them."""
    if size > LOOSE * len(code):
        return np.unique(code, return_inverse=True)
    seen = np.zeros(size, np.bool_)
    seen[code] = True
    return np.flatnonzero(seen), np.take(np.cumsum(seen) - 1, code)


def numbers(values: pl.Series) -> NDArray[Any]:
    """Values as numbers that are not negative and differ where they do: codes as they are, anything else by its rank.

    Where there are nulls, these are 0 and all others one more.
    """
    if values.dtype.is_integer():
        codes = values
    else:
        codes = values.to_physical() if values.dtype == pl.Enum else values.rank("dense")
    return (codes.cast(pl.Int64) + 1).fill_null(0).to_numpy() if codes.null_count() else codes.to_numpy()


@dataclass(frozen=True)
class Groups:
    """Rows of a frame, group after group, each in the order of the frame; `begins` are the places of first rows.

    To sort packed numbers and to cut is several times faster than to group by hashes.
    """

    rows: Ints
    begins: Ints

    @classmethod
    def of(cls, frame: pl.DataFrame, *by: str) -> Groups:
        """Rows that are equal in these columns, sorted by them (`numbers`)."""
        columns = [numbers(frame[name]) for name in by]
        rows = ordered(*columns)
        return cls(rows, np.flatnonzero(changed(*(column[rows] for column in columns))))

    @property
    def firsts(self) -> Ints:
        """The first row of each."""
        found: Ints = self.rows[self.begins]
        return found

    @property
    def lasts(self) -> Ints:
        """The last row of each."""
        found: Ints = self.rows[self.begins + self.sizes - 1]
        return found

    @property
    def sizes(self) -> Ints:
        return np.diff(self.begins, append=len(self.rows))

    def over(self, reduce: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """By group, the values of its rows put together by `np.minimum`, `np.add` …"""
        found: NDArray[Any] = (
            reduce.reduceat(values[self.rows], self.begins) if len(self.begins) else values[:0]
        )
        return found


def changed(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """True for the first row, and for each that differs from the one before in any column."""
    found = np.ones(len(columns[0]), np.bool_)
    if len(found):
        found[1:] = False
    for column in columns:
        found[1:] |= column[1:] != column[:-1]
    return found
