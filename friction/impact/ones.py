"""Columns of 0 and 1 with few ones: which friction points a view met, as pairs, and the ones that meet in a view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.impact.patterns import Floats, totals
from friction.impact.views import Codes
from friction.order import Ints, changed, ordered
from friction.values import dataclass

PAIRS = 1 << 21
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
        return Meeting(order, further, col, self.columns)

    def among(self, single: Floats, both: Valued) -> tuple[Floats, Floats]:
        """`single` summed over the ones of each column, and `both` over two ones that meet; see `Squares`.

        The second is by column of the models and column.
        """
        m, every = self.fitted, self.columns
        own = totals(self.col, single, every)
        met = self.meeting.summed(both, m * every).reshape(m, every)
        met[:, :m] += met[:, :m].T.copy()
        met[np.arange(m), np.arange(m)] = own[:m]
        return own, met


Valued = Callable[[slice, NDArray[np.int32]], Floats]
"""Values of two ones that meet, from the places of the first and of the second."""


@dataclass(frozen=True)
class Meeting:
    """Two ones that meet, the smaller column first: by the place of the first in `order`, which is by row and column.

    `further`: by place how many others it meets, which are the next; `col`: its column, of so many `columns`.
    """

    order: Ints
    further: Ints
    col: NDArray[np.int32]
    columns: int

    def firsts(self, values: Floats) -> Valued:
        """Of each two the value of the first; `values` by one."""
        mine = values[self.order]
        return lambda places, _: np.repeat(mine[places], self.further[places])

    def products(self, values: Floats) -> Valued:
        """The product of each two."""
        mine = values[self.order]
        return lambda places, second: np.repeat(mine[places], self.further[places]) * mine[second]

    def summed(self, both: Valued, size: int) -> Floats:
        """Σ by the columns of each two, as first × columns + second, in one order however many are made at a time."""
        found: Floats | None = None
        for places, second, cells in self._pairs:
            values = both(places, second)
            if found is None:
                found = totals(cells, values, size)
            else:
                np.add.at(found, cells.astype(np.int64), values)
        return np.zeros(size) if found is None else found

    @property
    def _pairs(self) -> Iterable[Pairs]:
        """Stretch by stretch; those of several are made anew each time."""
        return [self._alone] if len(self._stretches) == 1 else map(self._made, self._stretches)

    @cached_property
    def _stretches(self) -> list[slice]:
        """Places at which about `PAIRS` pairs begin."""
        ends = np.cumsum(self.further)
        cuts = np.flatnonzero(np.diff(ends // PAIRS)) + 1
        return [slice(*each) for each in pairwise([0, *cuts.tolist(), len(ends)])]

    @cached_property
    def _alone(self) -> Pairs:
        return self._made(self._stretches[0])

    def _made(self, places: slice) -> Pairs:
        further, after = self.further[places], np.arange(places.start + 1, places.stop + 1)
        away = (after - np.cumsum(further) + further).astype(np.int32)
        second = np.arange(int(further.sum()), dtype=np.int32)
        second += np.repeat(away, further)
        cells = np.repeat(self.col[places] * np.int32(self.columns), further)
        cells += self.col[second]
        return places, second, cells


Pairs = tuple[slice, NDArray[np.int32], NDArray[np.int32]]
"""Places of ones, the places of those that they meet, one after the other, and by pair the columns of both."""
