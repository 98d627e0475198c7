"""Which page views the models are fitted on where there are very many: drawn by chance, with known shares.

Beyond some thousand sessions more of them hardly narrow the interval of a point, but cost as much as the others. So on
each page every visitor is drawn with a share of its own, and its views there stand for 1 ÷ share of them in every
fit, error and sum: an equal share for all, and a larger one for who met a point there that few met, up to 1, so that
what is rare loses nobody. Counts stay those of all. The draw is a hash of the visitor's number: neither the order of
rows nor of parts matters.

Shares depend on what visitors met, which goes with what became of them; the weights undo this. Source: unequal
probability sampling (Horvitz and Thompson 1952), in `statistics.md` §2.8. With such weights the errors clustered by
visitor hold the chance of the draw as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.asked import Asked
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats, totals
from friction.impact.values import Each, Page
from friction.impact.views import Views
from friction.order import Ints, changed, present
from friction.values import dataclass

LEAST_SHARE = 0.05
Rare = tuple[Floats, Ints]
"""What `rarest` says of a page."""


@dataclass(frozen=True)
class Room:
    """Page views up to which nobody is left out, about as many as stay where somebody is; and how few sessions must
    have met a point so that nobody of them is left out in any case.
    """

    views: int
    fewest: int


ROOM = Room(1_000_000, 1_000)


@dataclass(frozen=True)
class Sample:
    """The least `share` of visitors that is drawn, and the sessions `few` of which nobody is left out.

    `views`: page views that are about to be drawn, `of` all of the pages that are asked about.
    """

    share: float
    few: int
    views: int
    of: int

    @classmethod
    def of_pages(cls, rare: Sequence[Rare], room: Room) -> Sample | None:
        """How to draw, by what `of_visitors` says of all pages; null: everybody is looked at."""
        if not rare:
            return None
        fewest, load = (np.concatenate(each) for each in zip(*rare, strict=True))
        return cls.among(fewest, load, int(load.sum()), room)

    @classmethod
    def among(cls, fewest: Floats, load: Ints, every: int, room: Room) -> Sample:
        """How to draw from `every` views of pages, by what `rarest` says of their visitors."""
        fewest, views = loads(fewest, load)
        share = max(LEAST_SHARE, room.views / 2 / every)
        few = int(fewest.max(initial=room.fewest))
        while few > room.fewest and float(_shares(fewest, share, few) @ views) > room.views:
            few = max(room.fewest, few // 2)
        return cls(share, few, round(float(_shares(fewest, share, few) @ views)), every)

    def weights(self, fewest: Floats, visitors: NDArray[Any]) -> Floats:
        """For how many views each of these visitors' stands; 0 for who is not drawn."""
        share = _shares(fewest, self.share, self.few)
        found: Floats = np.where(_chance(visitors) < share, 1 / share, 0.0)
        return found

    def drawn(self, views: Views, page: Page, on: OnPage, rare: Rare) -> tuple[Page, OnPage, Floats]:
        """Of a page the rows that are drawn, what is asked of these, and for how many views each stands.

        `rare`: what `rarest` says of the page.
        """
        fewest, load = rare
        visitors = views.visitor[page.rows[np.cumsum(load) - load]]
        return drawn(page, on, self.weights(fewest, visitors), load)


def of_visitors(
    views: Views, pages: Sequence[Page], asked: Asked, room: Room, each: Each = map
) -> dict[int, Rare]:
    """By page what `rarest` says of it; of none where all that is asked about has room."""
    if sum(len(pages[number].rows) for number in asked.on) <= room.views:
        return {}

    def work(number: int) -> Rare:
        page = pages[number]
        return rarest(views, page, asked.on[number], asked.sessions, len(page.rows))

    return dict(zip(asked.on, each(work, asked.on), strict=True))


def drawn(page: Page, on: OnPage, weight: Floats, load: Ints) -> tuple[Page, OnPage, Floats]:
    """Of a page the rows with a weight, what is asked of these, and their weights; `weight` and views by visitor."""
    own = weight > 0
    kept = np.repeat(own, load)
    place = np.cumsum(kept, dtype=np.uint32) - np.uint32(1)
    place[~kept] = NOBODY
    used, met = ([_known(place[rows]) for rows in each] for each in (on.used, on.met))
    few = Page(page.code, page.rows[kept], page.own)
    return few, OnPage(used, met, on.points, on.joint), np.repeat(weight[own], load[own])


NOBODY = np.uint32(2**32 - 1)


def _known(places: NDArray[np.uint32]) -> NDArray[np.uint32]:
    found: NDArray[np.uint32] = places[places != NOBODY]
    return found


def loads(fewest: NDArray[Any], load: Ints) -> tuple[Floats, Floats]:
    """How many views those visitors have that are alike in how rare is what they met; the rarest first."""
    found, which = present(fewest.astype(np.int64), int(fewest.max(initial=0)) + 1)
    return found.astype(np.float64), totals(which, load.astype(np.float64), len(found))


def _shares(fewest: Floats, share: float, few: int) -> Floats:
    found: Floats = np.clip(few / fewest, share, 1.0)
    return found


def rarest(views: Views, page: Page, on: OnPage, sessions: Ints, size: int) -> Rare:
    """By visitor of the page: sessions of the rarest point that it met there, and how many views it has there.

    Who met none has met the page itself; `size` is how many views that has.
    """
    found = np.full(len(page.rows), size, np.uint32)
    # The rarer overwrite what the commoner left.
    for at in np.argsort(-sessions[on.points], kind="stable").tolist():
        found[on.met[at]] = min(size, int(sessions[on.points[at]]))
    begins = np.flatnonzero(changed(views.visitor[page.rows]))
    fewest = np.minimum.reduceat(found, begins).astype(np.float64)
    return fewest, np.diff(begins, append=len(page.rows))


def _chance(numbers: NDArray[Any]) -> Floats:
    """A number from 0 to 1 for each number, by chance and always the same (splitmix64)."""
    z = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Floats = ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found
