"""Rows that agree in several columns of few different words get one number, so that what follows from those columns is
worked out once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
ROOM = 4
"""A table of all combinations may have so many places a row; beyond that they are sorted."""
LEAST_ROOM = 1 << 16
"""Up to so many places columns are put together before gaps between numbers are closed."""


def combined(columns: Sequence[pl.Series]) -> tuple[pl.Series, pl.Series]:
    """A row of every combination that there is, and for every row the number of its combination (UInt32).

    Columns are categories, words of a list, or truths; null agrees with null.
    """
    key, size = np.zeros(columns[0].len(), np.int64), 1
    for codes, count in map(_codes, columns):
        if size * count > LEAST_ROOM:
            rows, key = _numbered(key, size)
            size = len(rows)
        if count > 1:
            key *= count
            key += codes
            size *= count
    rows, number = _numbered(key, size)
    return pl.Series(rows), pl.Series(number.astype(np.uint32))


def _room(key: Numbers) -> int:
    return max(LEAST_ROOM, ROOM * len(key))


def _codes(column: pl.Series) -> tuple[NDArray[np.integer] | int, int]:
    """A number for every value, null too, and how many there may be."""
    plain = column.cast(pl.UInt8()) if column.dtype == pl.Boolean() else column.to_physical()
    last = plain.max()
    if last is None:
        return 0, 1
    count = int(str(last)) + 1
    if plain.null_count():
        plain, count = plain.cast(pl.UInt32()).fill_null(count), count + 1
    return plain.to_numpy(), count


def _numbered(key: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The same told apart by numbers without gaps, and the last row of each."""
    if size > _room(key):
        found, number = np.unique(key, return_inverse=True)
        rows = np.zeros(len(found), np.int64)
        rows[number] = np.arange(len(key))
        return rows, number
    rows = np.full(size, -1)
    rows[key] = np.arange(len(key))
    there = rows >= 0
    return rows[there], (np.cumsum(there) - 1)[key]
