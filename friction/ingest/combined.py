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


def combined(columns: Sequence[pl.Series]) -> tuple[pl.Series, pl.Series]:
    """A row of every combination that there is, and for every row the number of its combination (UInt32).

    Columns are categories, words of a list, or truths; null agrees with null.
    """
    key = np.zeros(columns[0].len(), np.int64)
    size = 1
    for column in columns:
        codes, most = _codes(column)
        if most > 1:
            key, size = _numbered(key * most + codes, size * most)
    rows = np.zeros(size, np.int64)
    rows[key] = np.arange(len(key))
    return pl.Series(rows[: size if len(key) else 0]), pl.Series(key.astype(np.uint32))


def _codes(column: pl.Series) -> tuple[Numbers, int]:
    """A number for every value, null too, and how many there may be."""
    plain = column.cast(pl.UInt8()) if column.dtype == pl.Boolean() else column.to_physical()
    last = plain.max()
    nothing = 0 if last is None else int(str(last)) + 1
    if plain.null_count() == plain.len():
        return np.zeros(plain.len(), np.int64), 1
    return plain.cast(pl.Int64()).fill_null(nothing).to_numpy(), nothing + (1 if plain.null_count() else 0)


def _numbered(key: Numbers, most: int) -> tuple[Numbers, int]:
    """The same told apart by numbers without gaps, and how many there are."""
    if most > max(LEAST_ROOM, ROOM * len(key)):
        found, number = np.unique(key, return_inverse=True)
        return number, len(found)
    there = np.zeros(most, np.bool_)
    there[key] = True
    places = np.cumsum(there) - 1
    return places[key], int(places[-1]) + 1
