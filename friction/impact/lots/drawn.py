"""What is asked of a lot, of the rows that are drawn."""

from __future__ import annotations

from friction.impact.lots.asked import Asking
from friction.impact.lots.lot import Lot
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats
from friction.impact.sample import Sample, rarest
from friction.impact.values import Page

Question = tuple[Page, OnPage, Floats | None]
"""A page, what is asked of it, and for how many views each of its rows stands; null: for itself."""


def drawn(asking: Asking, sample: Sample | None, number: int, lot: Lot) -> list[Question]:
    """The pages of a lot that are asked about; `sample`: how visitors are drawn, null: everybody is looked at."""
    found: list[Question] = []
    for page, on in asking.on(number, lot):
        if sample is None:
            found.append((page, on, None))
        else:
            rare = rarest(lot.views, page, on, asking.sessions, len(page.rows))
            found.append(sample.drawn(lot.views, page, on, rare))
    return found
