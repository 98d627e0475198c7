"""The cells of all lots as one: pages with models of their own as they are, the others of all lots together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.lots.kept import Lots
from friction.impact.lots.lot import Lot
from friction.impact.values import KINDS, Cells, Each
from friction.order import Ints


@dataclass
class Added:
    """Cells of the lots so far."""

    cell: NDArray[np.int32]
    """By number of a view, its cell among those of its lot; in the end among all (`together`)."""
    lot: NDArray[Any]
    """By number of a view."""
    mapped: Each
    _own: list[Cells] = field(default_factory=list)
    """By lot, of pages with models of their own."""
    _rest: list[Cells] = field(default_factory=list)
    """By lot, of all other pages."""

    @classmethod
    def of(cls, lots: Lots, mapped: Each) -> Added:
        """None yet."""
        return cls(np.zeros(len(lots.lot), np.int32), lots.lot, mapped)

    def take(self, lot: Lot) -> None:
        """One more lot."""
        found, self.cell[lot.views.number] = Cells.of(lot.views, lot.held, lot.pages, self.mapped)
        own = sum(page.own for page in lot.pages)
        self._own.append(_some(found, 0, own))
        self._rest.append(_some(found, own, found.pages))

    def together(self) -> Cells:
        """All of them."""
        firsts = np.cumsum([0, *(len(each.state) for each in self._own)])
        rest, places = _alike(self._rest)
        for number, (first, own, place) in enumerate(zip(firsts, self._own, places, strict=False)):
            among = np.concatenate([first + np.arange(len(own.state)), firsts[-1] + place])
            mine = self.lot == number
            self.cell[mine] = among[self.cell[mine]]
        every = [*self._own, rest]
        begins = [first + each.begins[:-1] for first, each in zip(firsts, every, strict=True)]
        total = firsts[-1:] + len(rest.state)
        return Cells(
            rest.states,
            np.concatenate([each.state for each in every]),
            np.concatenate([*begins, total]),
            np.concatenate([each.counts for each in every], axis=1),
        )


def _some(cells: Cells, start: int, end: int) -> Cells:
    """Those of some pages."""
    begins = cells.begins[start : end + 1]
    here = slice(int(begins[0]), int(begins[-1]))
    return Cells(cells.states, cells.state[here], begins - begins[0], cells.counts[:, here])


def _alike(parts: Sequence[Cells]) -> tuple[Cells, list[Ints]]:
    """The cells of several parts of a page as those of one, none where no part has any; by part, their places in it."""
    state = np.unique(np.concatenate([part.state for part in parts]))
    places = [np.searchsorted(state, part.state) for part in parts]
    counts = np.zeros((KINDS, len(state)), np.int64)
    for part, place in zip(parts, places, strict=True):
        counts[:, place] += part.counts
    begins = np.array([0, len(state)] if len(state) else [0])
    return Cells(parts[0].states, state, begins, counts), places
