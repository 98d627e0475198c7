"""One lot in memory: its views, its pages, and who met what on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from friction.impact import values
from friction.impact.asked import Pairs, Places
from friction.impact.covariates import Held
from friction.impact.lots.kept import Lots
from friction.impact.values import Page
from friction.impact.views import Views
from friction.reduce.lots import Lotted
from friction.values import dataclass

Result = TypeVar("Result")


@dataclass(frozen=True)
class Lot:
    """The views of some pages as if there were no others."""

    views: Views
    held: Held
    pages: Sequence[Page]
    """Pages with models of their own as among all; the others of the lot together."""
    places: Places
    met: Sequence[Pairs]
    """By page, points and rows that met them, sorted, each once."""

    @classmethod
    def of(cls, lots: Lots, met: Lotted, number: int) -> Lot:
        """One of the lots; `met`: which views met which point."""
        views, held = lots.of(number)
        pages = values.pages(views)
        places = Places.on(views, pages)
        return cls(views, held, pages, places, places.met(met.of(number), len(pages)))


def each(lots: Lots, met: Lotted, work: Callable[[int, Lot], Result]) -> list[Result]:
    """`work` of every lot with its number; each goes before the next one comes."""
    return [work(number, Lot.of(lots, met, number)) for number in range(len(lots))]
