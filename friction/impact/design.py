"""The columns of a page's models, kept so that sums over views cost little.

What is known when a page opens takes few different values: each view holds the number of its pattern, and a table
holds the columns of each pattern. Which friction points a view met are columns of 0 and 1 with few ones, kept as
pairs. So a linear predictor is a few look-ups a view, and a sum is a few counts, whatever the number of columns.
Sums run in one fixed order, so that their bits depend on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.impact.views import Codes
from friction.order import Ints, ordered

Floats = NDArray[np.float64]
CROWDED = 4
"""Columns × patterns are counted in a table if it is at most this many times longer than the ones are many."""
MOSTLY = 0.5
"""A column that is not nought in more views than this share is summed over all of them."""


def totals(at: Codes, values: Floats, size: int) -> Floats:
    """Σ of the values at each place from 0 to `size` − 1."""
    # Of nothing, numpy counts in whole numbers whatever the values.
    return np.bincount(at, values, size).astype(np.float64, copy=False)


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

    def across(self, other: Patterns, w: Floats) -> Floats:
        """Σ of each column × each of the other's × w."""
        sums = np.empty((len(self.table), other.table.shape[1]))
        for column, at in enumerate(other.somewhere):
            value = other.table[:, column]
            if at is None:
                sums[:, column] = self.summed(w * value[other.code])
            else:
                mine = w[at] * value[other.code[at]]
                sums[:, column] = totals(self.code[at], mine, len(self.table))
        found: Floats = self.table.T @ sums
        return found

    @cached_property
    def somewhere(self) -> list[Ints | None]:
        """By column: the views in which it is not nought; null for those where that is most of them."""
        marks = self.table != 0
        share = np.bincount(self.code, minlength=len(self.table)) @ marks / max(len(self.code), 1)
        return [
            None if share[column] > MOSTLY else np.flatnonzero(marks[:, column][self.code])
            for column in range(self.table.shape[1])
        ]


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
        row, inside = self.row[order], self.col[order] < self.fitted
        at, lag = np.flatnonzero(inside), 1
        first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        while len(at := at[at + lag < len(row)]):
            at = at[row[at] == row[at + lag]]
            first.append(order[at])
            second.append(order[at + lag])
            lag += 1
        one, other = np.concatenate(first), np.concatenate(second)
        return Meeting(one, other, self.col[one] * self.columns + self.col[other])

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
    """Places of two ones that meet, the smaller column first, and their columns as first × columns + second."""

    first: Ints
    second: Ints
    cells: Ints


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
        mixed = self.mixed(inside, single[: len(inside.row), None])[0]
        own, among = self.ones.among(single, single[self.ones.meeting.first])
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
        single = np.stack([w[self.ones.row] for w in weights], axis=1)
        mixed = self.mixed(self.ones, single)
        both = single[self.ones.meeting.first]
        return [
            Squares.of(self.dense_gram(w), mixed[at], *self.ones.among(single[:, at], both[:, at]))
            for at, w in enumerate(weights)
        ]

    def dense_gram(self, w: Floats) -> Floats:
        """Σ of each two columns before the ones × w."""
        edges = np.cumsum([0, *(each.table.shape[1] for each in self.known)]).tolist()
        out = np.empty((edges[-1], edges[-1]))
        places = [slice(*each) for each in pairwise(edges)]
        for i, one in enumerate(self.known):
            out[places[i], places[i]] = one.gram(w)
            for j in range(i):
                out[places[j], places[i]] = self.known[j].across(one, w)
                out[places[i], places[j]] = out[places[j], places[i]].T
        return out

    def mixed(self, ones: Ones, weights: Floats) -> Floats:
        """By weight, column of ones and column before them: Σ of the latter × weight; `weights` by one."""
        out, at = np.empty((weights.shape[1], ones.columns, self.dense)), 0
        for each in self.known:
            width, code, size = each.table.shape[1], each.code[ones.row], len(each.table)
            if ones.columns * size <= CROWDED * len(code):
                cells = ones.col * size + code
                for number, weight in enumerate(weights.T):
                    counts = totals(cells, weight, ones.columns * size).reshape(ones.columns, size)
                    out[number, :, at : at + width] = counts @ each.table
            else:
                for column, (start, end) in enumerate(ones.spans):
                    out[:, column, at : at + width] = weights[start:end].T @ each.table[code[start:end]]
            at += width
        return out

    def rows(self, at: Ints) -> Floats:
        """The columns before the ones of some views."""
        return np.concatenate([each.table[each.code[at]] for each in self.known], axis=1)
