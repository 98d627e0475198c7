"""The last time through all lots: what the models of their pages say, and the views that this is said of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.impact.lots.drawn import Question
from friction.impact.lots.kept import KNOWN
from friction.impact.lots.known import Known
from friction.impact.lots.lot import Lot
from friction.impact.pages import Exposed, exposed
from friction.impact.views import Views

LARGE = 200_000
"""Rows of a page above which no other such page is worked on at the same time."""


@dataclass
class Answered:
    """Answers so far, and what became of the views that met the points: of a lot nothing else stays."""

    known: Known
    pool: ThreadPoolExecutor
    answers: list[Exposed] = field(default_factory=list)
    """Of pages in their order; `rows` are places among the `views`."""
    _views: list[dict[str, NDArray[Any]]] = field(default_factory=list)
    """By lot, the columns of `KNOWN`."""
    _height: int = 0

    def take(self, lot: Lot, questions: list[Question]) -> None:
        """One more lot, and what is asked of it; the list is emptied."""
        waiting = dict(enumerate(questions))
        questions.clear()
        answers = self._of(lot, waiting)
        is_met = np.zeros(len(lot.views), np.bool_)
        for each in answers:
            is_met[each.rows] = True
        place = np.cumsum(is_met, dtype=np.uint32) + np.uint32(self._height) - np.uint32(1)
        self.answers += [replace(each, rows=place[each.rows]) for each in answers]
        self._views.append({name: getattr(lot.views, name)[is_met] for name in KNOWN})
        self._height += int(is_met.sum())

    def views(self) -> Views:
        """All views that met a point; asked for once."""
        columns = {
            name: np.concatenate([np.empty(0, dtype), *(known.pop(name) for known in self._views)])
            for name, dtype in KNOWN.items()
        }
        return Views(**columns, opening={}, history=np.zeros((self._height, 0), np.uint8))

    def _of(self, lot: Lot, waiting: dict[int, Question]) -> list[Exposed]:
        """What the models of a lot say; what is asked of a page is let go of once that is known."""
        following, again = self.known.following(lot.views), None
        if self.known.comes_again:
            again = self.known.returning(lot.views)

        def work(*pages: int) -> list[tuple[int, list[Exposed]]]:
            said = []
            for at in pages:
                page, on, weight = waiting.pop(at)
                said.append((at, exposed(lot.views, lot.held, page, on, following, again, weight)))
            return said

        # The largest first, so that no thread is left with one when the others are done.
        sizes = {at: len(page.rows) for at, (page, *_) in waiting.items()}
        largest = sorted(sizes, key=lambda at: (-sizes[at], at))
        large = sum(size > LARGE for size in sizes.values())
        under_way = [self.pool.submit(work, *largest[:large])]
        under_way += [self.pool.submit(work, at) for at in largest[large:]]
        answers = dict(answer for each in under_way for answer in each.result())
        return [answer for at in sorted(answers) for answer in answers[at]]
