"""The first time through all lots: who met which point, and what views are alike in page and state."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from friction.impact.asked import Counts
from friction.impact.lots.lot import Lot
from friction.order import Ints, changed, once


@dataclass
class Counted:
    """What the lots so far say of `points` points."""

    points: int
    here: dict[int, NDArray[np.uint32]] = field(default_factory=dict)
    """By page with models of its own, the points that were met there."""
    sizes: dict[int, int] = field(default_factory=dict)
    """By such a page, how many views it has."""
    _views: Ints = field(init=False)
    """By point all exposed views, their exits, and those on pages with models of their own."""
    _met: list[NDArray[np.uint32]] = field(default_factory=list)
    """Point and session, once a page."""

    def __post_init__(self) -> None:
        self._views = np.zeros((3, self.points), np.int64)

    def take(self, lot: Lot) -> None:
        """One more lot."""
        for page, (point, row) in zip(lot.pages, lot.met, strict=True):
            at, session = page.rows[row], lot.views.session[page.rows[row]]
            every = np.bincount(point, minlength=self.points)
            exits = np.bincount(point[lot.views.exit[at]], minlength=self.points)
            self._views += np.stack([every, exits, every if page.own else 0 * every])
            first = changed(point, session)
            self._met.append(np.stack([point[first], session[first]]))
            if page.own:
                self.here[page.code], self.sizes[page.code] = point[changed(point)], len(page.rows)

    @property
    def counts(self) -> Counts:
        """By point."""
        views, exits, modelled = self._views
        point, session = np.concatenate([np.zeros((2, 0), np.uint32), *self._met], axis=1)
        return Counts(views, exits, modelled, np.bincount(once(point, session)[0], minlength=self.points))
