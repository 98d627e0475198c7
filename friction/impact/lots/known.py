"""What all views together say of each: the value of what follows it, and the chance that its visitor comes back."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from friction.impact import values
from friction.impact.lots.cells import Added
from friction.impact.patterns import Floats
from friction.impact.values import Each, OfCells, Returning
from friction.impact.views import Codes, Views
from friction.values import dataclass


@dataclass(frozen=True)
class Known:
    """By cell, of the views of all lots; without a goal nothing follows and nobody comes back."""

    cell: NDArray[np.int32]
    """By number of a view."""
    worth: Floats | None
    after_exit: Floats
    otherwise: Floats
    comes_again: bool
    """Whether any view has a chance that a later session converts."""

    @classmethod
    def of(cls, added: Added | None, views: int, mapped: Each) -> Self:
        """`added`: the cells of all lots; null without a goal. `views`: one more than the last number of a view."""
        if added is None:
            return cls(np.broadcast_to(np.int32(0), views), None, np.zeros(1), np.zeros(1), comes_again=False)
        cells = added.together()
        again = values.returns(cells)
        return cls(added.cell, values.worth(cells, mapped), *again, cells.comes_again(*again))

    def following(self, views: Views) -> Following | None:
        """The value of what follows each of these views; null without a goal."""
        return None if self.worth is None else Following(views, OfCells(self.worth, self.cell))

    def returning(self, views: Views) -> Returning:
        """The chance that a later session of the visitor converts, of these views."""
        cell = self.cell[views.number]
        return Returning(views, OfCells(self.after_exit, cell), OfCells(self.otherwise, cell))


@dataclass(frozen=True)
class Following:
    """Value of the next state of each view, the next one by number: it may lie in another lot."""

    views: Views
    worth: OfCells
    """By number of a view."""

    def __getitem__(self, rows: Codes) -> Floats:
        after = self.views.number[rows].astype(np.int64) + 1
        following = np.where(self.views.exit[rows], 0.0, self.worth[after])
        found: Floats = np.where(self.views.converts[rows], 1.0, following)
        return found
