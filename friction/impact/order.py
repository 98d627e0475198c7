"""Orders of long columns of small numbers: packed into one number each, they are sorted many times faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ROOM = 63
"""Bits of a packed number."""


def ordered(*columns: NDArray[Any]) -> Ints:
    """Places by the first column, ties by the next, then by place; the numbers are not negative."""
    places = np.arange(len(columns[0]))
    widths = _widths(*columns, places)
    if sum(widths) > ROOM:
        return np.lexsort(columns[::-1])
    key = _packed([*columns, places], widths)
    key.sort()
    key &= (1 << widths[-1]) - 1
    return key


def once(*columns: NDArray[Any]) -> list[Ints]:
    """The rows of the columns, sorted, each once; the numbers are not negative."""
    widths = _widths(*columns)
    if sum(widths) > ROOM:
        rows = np.unique(np.stack(columns, axis=1).astype(np.int64), axis=0)
        return [np.ascontiguousarray(column) for column in rows.T]
    key = _packed(columns, widths)
    key.sort()
    return _unpacked(key[np.diff(key, prepend=-1) != 0], widths)


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
