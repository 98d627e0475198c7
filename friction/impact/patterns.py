"""Columns of which many views have equal values: sums over views are counts of few patterns."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.views import Codes
from friction.order import Ints
from friction.values import dataclass

Floats = NDArray[np.float64]
FEW = 256
"""Columns of patterns are taken together as long as they take no more different values: one byte says which."""


def totals(at: Codes, values: Floats, size: int) -> Floats:
    """Σ of the values at each place from 0 to `size` − 1."""
    # Of nothing, numpy counts in whole numbers whatever the values.
    return np.bincount(at, values, size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Facet:
    """Neighbouring columns of patterns by the values that they take together: `table` (values × columns), and which of
    these each view has.
    """

    table: Floats
    code: NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Patterns:
    """Columns of which many views have equal values: `table` (patterns × columns), and the pattern of each view."""

    table: Floats
    code: Codes

    def times(self, b: Floats) -> Floats:
        """By view: Σ of its columns × b."""
        found: Floats = (self.table @ b)[self.code]
        return found

    def summed(self, r: Floats) -> Floats:
        """By pattern: Σ of r."""
        return totals(self.code, r, len(self.table))

    def gram(self, w: Floats) -> Floats:
        """Σ of each two columns × w."""
        found: Floats = (self.table * self.summed(w)[:, None]).T @ self.table
        return found

    @cached_property
    def facets(self) -> list[Facet]:
        """All columns, as few facets as there may be of `FEW` values; each column has few."""
        found, begin, end = [], 0, 0
        code, size = np.zeros(len(self.table), np.int64), 1
        for end, column in enumerate(np.ascontiguousarray(self.table.T)):
            mine, values = _ranked(column)
            both, many = mine, FEW + 1
            if max(size, values) <= FEW:
                both, many = _renumbered(code * values + mine, size * values)
            if many > FEW:
                found += [self._facet(begin, end, code, size)] if end > begin else []
                begin, both, many = end, mine, values
            code, size = both, many
        return [*found, self._facet(begin, self.table.shape[1], code, size)]

    def _facet(self, begin: int, end: int, code: Ints, size: int) -> Facet:
        """The columns from `begin` to `end`, with the number of each pattern's values."""
        first = np.zeros(size, np.int64)
        first[code] = np.arange(len(code))
        return Facet(self.table[first, begin:end], code.astype(np.min_scalar_type(size - 1))[self.code])


@dataclass(frozen=True)
class Crossing:
    """Two sets of patterns of the same views."""

    one: Patterns
    other: Patterns

    def gram(self, w: Floats) -> Floats:
        """Σ of each column of the one × each of the other's × w."""
        return np.concatenate(
            [
                np.concatenate(
                    [
                        mine.table.T @ self._joint(i, j, w) @ each.table
                        for j, each in enumerate(self.other.facets)
                    ],
                    axis=1,
                )
                for i, mine in enumerate(self.one.facets)
            ]
        )

    def _joint(self, i: int, j: int, w: Floats) -> Floats:
        """Σ of w by the values of a facet of each."""
        shape = len(self.one.facets[i].table), len(self.other.facets[j].table)
        return totals(self._cells[i][j], w, shape[0] * shape[1]).reshape(shape)

    @cached_property
    def _cells(self) -> list[list[NDArray[np.unsignedinteger[Any]]]]:
        """By facet of the one and of the other, the values of both that each view has, as one number."""
        return [[_both(mine, each) for each in self.other.facets] for mine in self.one.facets]


def _both(one: Facet, other: Facet) -> NDArray[np.unsignedinteger[Any]]:
    size = len(other.table)
    cells = one.code.astype(np.min_scalar_type(len(one.table) * size - 1))
    cells *= cells.dtype.type(size)
    cells += other.code
    return cells


def _ranked(column: Floats) -> tuple[Ints, int]:
    """The place of each value among those that occur, rising, and how many these are."""
    small = column.astype(np.uint8)
    if np.array_equal(small, column):
        return _renumbered(small, 256)
    values, place = np.unique(column, return_inverse=True)
    return place, len(values)


def _renumbered(code: NDArray[np.integer[Any]], size: int) -> tuple[Ints, int]:
    """The numbers below `size` that occur, counted from 0, and how many."""
    seen = np.zeros(size, np.int64)
    seen[code] = 1
    number = np.cumsum(seen)
    return (number - 1)[code], int(number[-1])
