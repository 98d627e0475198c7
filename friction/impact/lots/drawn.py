"""The last time through all lots: the views that models compare, put together as if there were no others."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.lots.asked import Asking
from friction.impact.lots.kept import KNOWN, Lots
from friction.impact.lots.lot import Lot, each
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats
from friction.impact.sample import Sample, rarest
from friction.impact.values import Page
from friction.impact.views import Codes, Views
from friction.reduce.lots import Lotted
from friction.values import dataclass

Question = tuple[Page, OnPage, Floats | None]
"""A page, what is asked of it, and for how many views each of its rows stands; null: for itself."""


@dataclass(frozen=True)
class Drawn:
    """What models compare: page after page, each in the order of visitor, session and time."""

    views: Views
    state: Codes
    """By view the number of its state among those of all lots."""
    path: Codes
    """Likewise."""
    asked: list[Question]
    """By page."""


def drawn(lots: Lots, met: Lotted, asking: Asking, sample: Sample | None) -> Drawn:
    """`met`: which views met which point; `sample`: how visitors are drawn, null: everybody is looked at."""
    found = [taken for some in each(lots, met, partial(_taken, asking, sample)) for taken in some]
    edges = np.cumsum([0, *(len(page.rows) for page, *_ in found)])
    asked = [
        (Page(page.code, np.arange(a, b, dtype=np.uint32), own=True), on, weight)
        for (page, on, weight, _), (a, b) in zip(found, pairwise(edges.tolist()), strict=True)
    ]
    # Column by column, and what is put together is let go of.
    columns = {
        name: np.concatenate([np.empty(0, dtype), *(known.pop(name) for *_, known in found)])
        for name, dtype in {**KNOWN, **CODES}.items()
    }
    state, path = (columns.pop(name) for name in CODES)
    views = Views(**columns, opening={}, history=np.zeros((len(state), 0), np.uint8))
    return Drawn(views, state, path, asked)


CODES = dict.fromkeys(("state", "path"), np.int32)
Taken = tuple[Page, OnPage, Floats | None, dict[str, NDArray[Any]]]


def _taken(asking: Asking, sample: Sample | None, number: int, lot: Lot) -> list[Taken]:
    """The pages of a lot that are asked about, their drawn rows among those of the lot, and what is known of these."""
    found: list[Taken] = []
    for page, on in asking.on(number, lot):
        few, mine, weight = page, on, None
        if sample is not None:
            rare = rarest(lot.views, page, on, asking.sessions, len(page.rows))
            few, mine, weight = sample.drawn(lot.views, page, on, rare)
        known = {name: getattr(lot.views, name)[few.rows] for name in KNOWN}
        codes = {"state": lot.held.state.code[few.rows], "path": lot.held.path.code[few.rows]}
        found.append((few, mine, weight, {**known, **codes}))
    return found
