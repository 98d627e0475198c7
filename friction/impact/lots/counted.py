"""The first time through all lots: who met which point, and what views are alike in page and state."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from friction.impact.asked import Counts, sessions_of
from friction.impact.lots.lot import Lot
from friction.impact.views import Bools
from friction.order import Ints, changed, once


@dataclass
class Counted:
    """What the lots so far say of `points` points."""

    points: int
    several: Bools
    """By point, whether it was met in several lots."""
    here: dict[int, NDArray[np.uint32]] = field(default_factory=dict)
    """By page with models of its own, the points that were met there."""
    sizes: dict[int, int] = field(default_factory=dict)
    """By such a page, how many views it has."""
    _views: Ints = field(init=False)
    """By point all exposed views, their exits, and those on pages with models of their own."""
    _sessions: Ints = field(init=False)
    """By point that was met in one lot, how many sessions."""
    _met: list[Ints] = field(default_factory=list)
    """Of the other points, point and session once a lot."""

    def __post_init__(self) -> None:
        self._views = np.zeros((3, self.points), np.int64)
        self._sessions = np.zeros(self.points, np.int64)

    def take(self, lot: Lot) -> None:
        """One more lot."""
        met = [np.zeros((2, 0), np.uint32)]
        for page, (point, row) in zip(lot.pages, lot.met, strict=True):
            every = np.bincount(point, minlength=self.points)
            exits = np.bincount(point[lot.views.exit[page.rows[row]]], minlength=self.points)
            self._views += np.stack([every, exits, every if page.own else 0 * every])
            if page.own:
                self.here[page.code], self.sizes[page.code] = point[changed(point)], len(page.rows)
            again = self.several[point]
            met.append(np.stack([point[again], lot.views.session[page.rows[row[again]]]]))
        self._met.append(np.stack(once(*np.concatenate(met, axis=1))))
        self._sessions += sessions_of(lot.views, lot.pages, lot.met, self.points)

    @property
    def counts(self) -> Counts:
        """By point."""
        views, exits, modelled = self._views
        met = np.concatenate([np.zeros((2, 0), np.int64), *self._met], axis=1)
        sessions = np.bincount(once(*met)[0], minlength=self.points)
        return Counts(views, exits, modelled, np.where(self.several, sessions, self._sessions))
