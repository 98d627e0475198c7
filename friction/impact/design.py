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

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOSTLY = 0.5
"""A column that is not nought in more views than this share is summed over all of them."""


def totals(at: Ints, values: Floats, size: int) -> Floats:
    """Σ of the values at each place from 0 to `size` − 1."""
    return np.bincount(at, values, size)  # type: ignore[return-value]


@dataclass(frozen=True)
class Patterns:
    """Columns of which many views have equal values: `table` (patterns × columns), and the pattern of each view."""

    table: Floats
    code: Ints

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
    def of(cls, rows: Sequence[Ints], fitted: int) -> Ones:
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
    def meeting(self) -> tuple[Ints, Ints]:
        """Places of each two ones of one view, at least one of them of the models; the smaller column first."""
        order = np.argsort(self.row * self.columns + self.col)
        row, inside = self.row[order], self.col[order] < self.fitted
        at, lag = np.flatnonzero(inside), 1
        first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        while len(at := at[at + lag < len(row)]):
            at = at[row[at] == row[at + lag]]
            first.append(order[at])
            second.append(order[at + lag])
            lag += 1
        return np.concatenate(first), np.concatenate(second)

    @cached_property
    def cells(self) -> Ints:
        """Of each two ones that meet: their columns, as first × `columns` + second."""
        first, second = self.meeting
        found: Ints = self.col[first] * self.columns + self.col[second]
        return found

    def among(self, own: Floats, both: Floats) -> Floats:
        """By column of the models and column: `own` of a column, or `both` summed over two ones that meet."""
        m, every = self.fitted, self.columns
        out: Floats = totals(self.cells, both, m * every).reshape(m, every)
        out[:, :m] += out[:, :m].T.copy()
        out[np.arange(m), np.arange(m)] = own[:m]
        return out


@dataclass(frozen=True)
class Squares:
    """Sums of products of columns: of each two in the models, of each of these with each beside, of each beside."""

    inside: Floats
    across: Floats
    own: Floats

    @classmethod
    def of(cls, dense: Floats, mixed: Floats, among: Floats, own: Floats) -> Squares:
        """From those of the columns before the ones, of ones with these, and of ones with ones."""
        m = len(among)
        across = np.concatenate([mixed.T, among])
        inside = np.concatenate([np.concatenate([dense, mixed[:m]]), across[:, :m]], axis=1)
        return cls(inside, across[:, m:], own[m:])


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
        inside = self.ones.inside
        weight = w[self.ones.row]
        mixed = self.mixed(inside, weight[: len(inside.row), None])[0]
        own = totals(self.ones.col, weight, self.ones.columns)
        among = self.ones.among(own, weight[self.ones.meeting[0]])[:, : self.ones.fitted]
        return Squares.of(self.dense_gram(w), mixed, among, own[: self.ones.fitted]).inside

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
            width, code = each.table.shape[1], each.code[ones.row]
            for column, (start, end) in enumerate(ones.spans):
                out[:, column, at : at + width] = weights[start:end].T @ each.table[code[start:end]]
            at += width
        return out

    def rows(self, at: Ints) -> Floats:
        """The columns before the ones of some views."""
        return np.concatenate([each.table[each.code[at]] for each in self.known], axis=1)
