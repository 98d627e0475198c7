"""The second time through all lots: what is asked of each page, and how many of its visitors may be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from friction.impact.asked import Chosen, Exposures, enough, on_page
from friction.impact.design import Floats
from friction.impact.lots.lot import Lot
from friction.impact.pages import OnPage
from friction.impact.sample import Room, Sample, rarest
from friction.order import Ints
from friction.reduce.lots import Lotted


@dataclass(frozen=True)
class Questions:
    """What is asked of pages, by their code, and whom to draw; null: everybody."""

    on: dict[int, OnPage]
    sample: Sample | None


@dataclass(frozen=True)
class Asking:
    """Asks lots what `chosen` points, by code of their page, are compared with."""

    exposures: Exposures
    uses: Lotted
    """`point, view` of uses without trouble."""
    chosen: Mapping[int, Chosen]
    sizes: Mapping[int, int]
    """By page, how many views it has."""
    sessions: Ints
    """By point, how many met it."""
    on: dict[int, OnPage] = field(default_factory=dict)
    rare: list[pl.DataFrame] = field(default_factory=list)
    """Of each page `fewest, load`: views of visitors of whom the rarest point was met by so many."""

    @property
    def views(self) -> int:
        """Of all pages that are asked about."""
        return sum(self.sizes[code] for code in self.chosen)

    def ask(self, number: int, lot: Lot) -> None:
        """One more lot."""
        mine = {at: self.chosen[page.code] for at, page in enumerate(lot.pages) if page.code in self.chosen}
        of_lot = replace(self.exposures, uses=self.uses.of(number))
        used = lot.places.used(of_lot, mine, len(lot.pages))
        for at, points in mine.items():
            page = lot.pages[at]
            found = enough(*on_page(self.exposures.targets, lot.met[at], used[at], *points))
            self.on[page.code] = found
            self.rare.append(_loads(*rarest(lot.views, page, found, self.sessions, len(page.rows))))

    def questions(self, room: Room) -> Questions:
        """What all lots are asked."""
        if self.views <= room.views:
            return Questions(self.on, None)
        fewest, load = (pl.concat(self.rare)[name].to_numpy() for name in ("fewest", "load"))
        return Questions(self.on, Sample.among(fewest, load, self.views, room))


def _loads(fewest: Floats, load: Ints) -> pl.DataFrame:
    """How many views those visitors have that are alike in how rare is what they met."""
    values, which = np.unique(fewest, return_inverse=True)
    return pl.DataFrame({"fewest": values, "load": np.bincount(which, load).astype(np.int64)})
