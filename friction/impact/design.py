"""The columns of a page's models, kept so that sums over views cost little.

What is known when a page opens takes few different values: each view holds the number of its pattern, and a table
holds the columns of each pattern. Some of these columns together take fewer still: sums that go across tables are
counted by these. Which friction points a view met are columns of 0 and 1 with few ones, kept as
pairs. So a linear predictor is a few look-ups a view, and a sum is a few counts, whatever the number of columns.
Sums run in one fixed order, so that their bits depend on nothing else.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.impact.ones import Ones
from friction.impact.patterns import Crossing, Facet, Floats, Patterns, totals
from friction.order import Ints
from friction.values import dataclass


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
