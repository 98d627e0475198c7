"""What is asked of each page of the lots, and how many of its visitors may be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from friction.impact.asked import Chosen, Exposures, enough, on_page, rows_of
from friction.impact.lots.kept import Lots
from friction.impact.lots.lot import Lot, each
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats
from friction.impact.sample import Room, Sample, loads, rarest
from friction.impact.values import Page
from friction.order import Ints
from friction.reduce.lots import Lotted
from friction.values import dataclass


@dataclass(frozen=True)
class Asking:
    """What is asked of each page: the `chosen` points, by code of their page, and what these are compared with."""

    exposures: Exposures
    uses: Lotted
    """`point, view` of uses without trouble."""
    chosen: Mapping[int, Chosen]
    sizes: Mapping[int, int]
    """By page, how many views it has."""
    sessions: Ints
    """By point, how many met it."""

    def on(self, number: int, lot: Lot) -> Iterator[tuple[Page, OnPage]]:
        """The pages of a lot that are asked about."""
        mine = self._of(lot)
        used = lot.places.used(replace(self.exposures, uses=self.uses.of(number)), mine, len(lot.pages))
        for at, points in mine.items():
            yield lot.pages[at], enough(*on_page(self.exposures.targets, lot.met[at], used[at], *points))

    def sample(self, lots: Lots, met: Lotted, room: Room) -> Sample | None:
        """How to draw visitors; null: everybody is looked at."""
        every = sum(self.sizes[code] for code in self.chosen)
        if every <= room.views:
            return None
        rare = pl.concat(each(lots, met, self._rare))
        return Sample.among(rare["fewest"].to_numpy(), rare["load"].to_numpy(), every, room)

    def _rare(self, _: int, lot: Lot) -> pl.DataFrame:
        """`fewest, load`: views on a page of visitors of whom the rarest point was met by so many."""
        found = [pl.DataFrame(schema={"fewest": pl.Float64(), "load": pl.Int64()})]
        for at, (joint, beside) in self._of(lot).items():
            page, points = lot.pages[at], np.concatenate([joint, beside])
            on = OnPage([], rows_of(lot.met[at], points), points.tolist(), len(joint))
            found.append(_loads(*rarest(lot.views, page, on, self.sessions, len(page.rows))))
        return pl.concat(found)

    def _of(self, lot: Lot) -> dict[int, Chosen]:
        """By place in the lot."""
        return {at: self.chosen[page.code] for at, page in enumerate(lot.pages) if page.code in self.chosen}


def _loads(fewest: Floats, load: Ints) -> pl.DataFrame:
    """How many views those visitors have that are alike in how rare is what they met."""
    values, views = loads(fewest, load)
    return pl.DataFrame({"fewest": values, "load": views.astype(np.int64)})
