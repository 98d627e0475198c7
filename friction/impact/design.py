"""The columns of a page's models, kept so that sums over views cost little.

What is known when a page opens takes few different values: each view holds the number of its pattern, and a table
holds the columns of each pattern. Some of these columns together take fewer still: sums that go across tables are
counted by these. Which friction points a view met are columns of 0 and 1 with few ones, kept as
pairs. So a linear predictor is a few look-ups a view, and a sum is a few counts, whatever the number of columns.
Sums run in one fixed order, so that their bits depend on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.views import Codes
from friction.order import Ints, changed, ordered

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
        for end, column in enumerate(self.table.T):
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


@dataclass(frozen=True)
class Ones:
    """Columns of 0 and 1: the view and the column of each one, by column, then view, once each.

    The first `fitted` of the `columns` stand in the models, the others are looked at beside them.
    """

    row: Ints
    col: Ints
    columns: int
    fitted: int

    @classmethod
    def of(cls, rows: Sequence[Codes], fitted: int) -> Ones:
        """From the views of each column, rising."""
        col = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
        return cls(np.concatenate([np.empty(0, np.int64), *rows]), col, len(rows), fitted)

    @cached_property
    def inside(self) -> Ones:
        """Those of the models."""
        end = int(np.searchsorted(self.col, self.fitted))
        return Ones(self.row[:end], self.col[:end], self.fitted, self.fitted)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where the ones of each column begin and end."""
        return list(pairwise(np.searchsorted(self.col, np.arange(self.columns + 1)).tolist()))

    @cached_property
    def meeting(self) -> Meeting:
        """Each two ones of one view, at least one of them of the models."""
        order = ordered(self.row, self.col)
        row, col = self.row[order], self.col[order].astype(np.int32)
        ends = np.flatnonzero(np.append(changed(row)[1:], True)) + 1
        after = np.arange(1, len(row) + 1)
        further = np.repeat(ends, np.diff(ends, prepend=0)) - after
        further[col >= self.fitted] = 0
        # Those that follow a one are the next in its row.
        away = (after - np.cumsum(further) + further).astype(np.int32)
        second = np.arange(int(further.sum()), dtype=np.int32)
        second += np.repeat(away, further)
        cells = np.repeat(col * np.int32(self.columns), further)
        cells += col[second]
        return Meeting(order, further, second, cells)

    def among(self, single: Floats, both: Floats) -> tuple[Floats, Floats]:
        """`single` summed over the ones of each column, and `both` over two ones that meet; see `Squares`.

        The second is by column of the models and column.
        """
        m, every = self.fitted, self.columns
        own = totals(self.col, single, every)
        met = totals(self.meeting.cells, both, m * every).reshape(m, every)
        met[:, :m] += met[:, :m].T.copy()
        met[np.arange(m), np.arange(m)] = own[:m]
        return own, met


@dataclass(frozen=True)
class Meeting:
    """Two ones that meet, the smaller column first: by the place of the first in `order`, which is by row and column.

    `further`: by place how many others it meets; of each two the place of the second, and their columns as first ×
    columns + second.
    """

    order: Ints
    further: Ints
    second: NDArray[np.int32]
    cells: NDArray[np.int32]

    def firsts(self, values: Floats) -> Floats:
        """Of each two the value of the first; `values` by one."""
        return np.repeat(values[self.order], self.further)

    def products(self, values: Floats) -> Floats:
        """The product of each two."""
        mine = values[self.order]
        found: Floats = np.repeat(mine, self.further) * mine[self.second]
        return found


@dataclass(frozen=True)
class Squares:
    """Sums of products of columns: of each two in the models, of each of these with each beside, of each beside."""

    inside: Floats
    across: Floats
    own: Floats

    @classmethod
    def of(cls, dense: Floats, mixed: Floats, own: Floats, among: Floats) -> Squares:
        """From those of the columns before the ones, of ones with these, and of ones with ones."""
        m = len(among)
        across = np.concatenate([mixed.T, among])
        inside = np.concatenate([np.concatenate([dense, mixed[:m]]), across[:, :m]], axis=1)
        return cls(inside, across[:, m:], own[m:])

    def __add__(self, other: Squares) -> Squares:
        return Squares(self.inside + other.inside, self.across + other.across, self.own + other.own)


@dataclass(frozen=True)
class Design:
    """Columns of a page's models: those of `known`, the first of them 1, then `ones`."""

    known: tuple[Patterns, ...]
    ones: Ones

    @property
    def dense(self) -> int:
        """How many columns come before the ones."""
        return sum(each.table.shape[1] for each in self.known)

    def times(self, b: Floats) -> Floats:
        """The linear predictor of each view."""
        inside, at = self.ones.inside, 0
        found = np.zeros(len(self.known[0].code))
        for each in self.known:
            width = each.table.shape[1]
            found += each.times(b[at : at + width])
            at += width
        if len(inside.row):
            found += totals(inside.row, b[at:][inside.col], len(found))
        return found

    def sums(self, r: Floats) -> Floats:
        """Σ of each column of the models × r."""
        inside = self.ones.inside
        dense = [each.table.T @ each.summed(r) for each in self.known]
        return np.concatenate([*dense, totals(inside.col, r[inside.row], inside.columns)])

    def gram(self, w: Floats) -> Floats:
        """Σ of each two columns of the models × w."""
        single = w[self.ones.row]
        inside = self.ones.inside
        mixed = self.mixed(inside, single[: len(inside.row)])
        own, among = self.ones.among(single, self.ones.meeting.firsts(single))
        return Squares.of(self.dense_gram(w), mixed, own, among[:, : inside.columns]).inside

    def apart(self, w: Floats) -> Floats:
        """A first idea of it for little, without products of ones with others: rather too large than too small.

        Ones that meet are each taken for all of them, so that a step does not go their way several times.
        """
        inside, at = self.ones.inside, 0
        crowd = np.bincount(inside.row, minlength=len(w))
        own = totals(inside.col, (w * crowd)[inside.row], inside.columns)
        out = np.diag(np.concatenate([np.zeros(self.dense), own]))
        for each in self.known:
            place = slice(at, at + each.table.shape[1])
            out[place, place] = each.gram(w)
            at = place.stop
        return out

    def squares(self, *weights: Floats) -> list[Squares]:
        """For each weight, Σ of products of columns × it."""
        return [self._square(w, w[self.ones.row]) for w in weights]

    def _square(self, w: Floats, single: Floats) -> Squares:
        """With the weight of each one."""
        among = self.ones.among(single, self.ones.meeting.firsts(single))
        return Squares.of(self.dense_gram(w), self.mixed(self.ones, single), *among)

    def dense_gram(self, w: Floats) -> Floats:
        """Σ of each two columns before the ones × w."""
        edges = np.cumsum([0, *(each.table.shape[1] for each in self.known)]).tolist()
        out = np.empty((edges[-1], edges[-1]))
        places = [slice(*each) for each in pairwise(edges)]
        for i, one in enumerate(self.known):
            out[places[i], places[i]] = one.gram(w)
            for j in range(i):
                out[places[j], places[i]] = self._crossings[j, i].gram(w)
                out[places[i], places[j]] = out[places[j], places[i]].T
        return out

    @cached_property
    def _crossings(self) -> dict[tuple[int, int], Crossing]:
        """Of each two of `known`."""
        return {
            (j, i): Crossing(other, one)
            for i, one in enumerate(self.known)
            for j, other in enumerate(self.known[:i])
        }

    def mixed(self, ones: Ones, weights: Floats) -> Floats:
        """By column of these ones, the first there are, and column before them: Σ of the latter × weight of the one."""
        found = []
        for facet, cells in self._of_ones:
            size = len(facet.table)
            counts = totals(cells[: len(ones.row)], weights, ones.columns * size)
            found.append(counts.reshape(ones.columns, size) @ facet.table)
        return np.concatenate(found, axis=1)

    @cached_property
    def _of_ones(self) -> list[tuple[Facet, NDArray[np.int32]]]:
        """The facets of the columns before the ones, and of each one its column × values of the facet + which."""
        row, col = self.ones.row, self.ones.col.astype(np.int32)
        return [
            (facet, col * np.int32(len(facet.table)) + facet.code[row])
            for each in self.known
            for facet in each.facets
        ]

    def rows(self, at: Ints) -> Floats:
        """The columns before the ones of some views."""
        # Whole rows are taken several times faster than they are indexed.
        return np.concatenate([np.take(each.table, each.code[at], axis=0) for each in self.known], axis=1)
