"""Columns of 0 and 1 with few ones: which friction points a view met, as pairs, and the ones that meet in a view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.impact.patterns import Floats, totals
from friction.impact.views import Codes
from friction.order import Ints, changed, ordered
from friction.values import dataclass

PAIRS = 1 << 20
"""Ones that meet another that are looked at together, about: on a large page there are many times more than views."""


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

    def among(self, single: Floats, both: Iterable[Floats]) -> tuple[Floats, Floats]:
        """`single` summed over the ones of each column, and `both` over two ones that meet; see `Squares`.

        The second is by column of the models and column.
        """
        m, every = self.fitted, self.columns
        own = totals(self.col, single, every)
        met = self.meeting.summed(both, m * every).reshape(m, every)
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

    @cached_property
    def stretches(self) -> list[tuple[slice, slice]]:
        """Places, and the pairs that begin there: about `PAIRS` of these at a time."""
        ends = np.cumsum(self.further)
        cuts = np.flatnonzero(np.diff(ends // PAIRS)) + 1
        places = [0, *cuts.tolist(), len(ends)]
        pairs = [0, *ends[cuts - 1].tolist(), len(self.second)]
        return [(slice(*a), slice(*b)) for a, b in zip(pairwise(places), pairwise(pairs), strict=True)]

    def firsts(self, values: Floats) -> Iterator[Floats]:
        """Of each two the value of the first, stretch by stretch; `values` by one."""
        mine = values[self.order]
        for places, _ in self.stretches:
            yield np.repeat(mine[places], self.further[places])

    def products(self, values: Floats) -> Iterator[Floats]:
        """The product of each two, likewise."""
        mine = values[self.order]
        for places, pairs in self.stretches:
            found = np.repeat(mine[places], self.further[places])
            found *= mine[self.second[pairs]]
            yield found

    def summed(self, both: Iterable[Floats], size: int) -> Floats:
        """Σ by the columns of each two, in their order however many there are at a time."""
        found = np.zeros(0)
        for (_, pairs), values in zip(self.stretches, both, strict=True):
            if pairs.start:
                np.add.at(found, self.cells[pairs].astype(np.int64), values)
            else:
                found = totals(self.cells[pairs], values, size)
        return found
