"""The page views that workers drew, as one machine would have drawn them: what the models of pages compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.engines.drawing import HISTORY, OPENING, Choice, Drawn
from friction.impact.asked import enough
from friction.impact.covariates import Held
from friction.impact.pages import Exposed, OnPage, exposed
from friction.impact.values import Each, Known, OfCells, Page, Returning
from friction.impact.views import Views
from friction.order import ordered
from friction.values import dataclass


@dataclass(frozen=True)
class Compared:
    """The drawn views of all shards, as if there were no others."""

    views: Views
    pages: list[Page]
    on: list[OnPage]
    following: NDArray[Any]
    returning: Returning
    weight: NDArray[Any]

    @classmethod
    def of(cls, shards: Iterable[Drawn], choice: Choice) -> Compared:
        some = [one for one in shards if one.rows.height]
        firsts = np.cumsum([0, *(one.rows.height for one in some)])
        asked = [[getattr(one, name) for one in some] for name in ("met", "used")]
        clean = pl.concat([_NO_USES, *(one.clean for one in some)])
        rows = pl.concat([_NO_ROWS, *(one.rows for one in some)], how="diagonal").with_row_index("row")
        del some  # nothing is held twice for longer than it must be
        rows = rows.with_columns(pl.selectors.starts_with(HISTORY).fill_null(0)).sort("session", "place")
        views, page = _views(rows), rows["page"].to_numpy()
        order = ordered(page, views.visitor)
        edges = np.cumsum([0, *np.bincount(page, minlength=len(choice.codes))])
        # By row as it came: where it is among the rows of its page.
        place = np.empty(len(order), np.int64)
        place[rows["row"].to_numpy()[order]] = np.arange(len(order)) - edges[page[order]]
        met, used = (_moved(each, firsts, place) for each in asked)
        clean = clean.group_by("page", "element").agg(pl.col("n").sum())
        pages, on = [], []
        for at, (code, (joint, beside)) in enumerate(zip(choice.codes, choice.points, strict=True)):
            pages.append(Page(code, order[edges[at] : edges[at + 1]].astype(np.uint32), own=True))
            points = np.concatenate([joint, beside]).tolist()
            n = clean.filter(page=at).sort("element")["n"].to_numpy()
            elements = OnPage(
                [used.get((at, each), _NONE) for each in range(len(n))],
                [met.get((at, each), _NONE) for each in points],
                points,
                len(joint),
            )
            on.append(enough(elements, n))
        known = {
            name: rows[name].to_numpy() if name in rows.columns else np.broadcast_to(0.0, rows.height)
            for name in ("following", "after_exit", "otherwise", "weight")
        }
        own = np.arange(rows.height, dtype=np.int32)
        returning = Returning(views, *(OfCells(known[name], own) for name in ("after_exit", "otherwise")))
        return cls(views, pages, on, known["following"], returning, known["weight"])

    def answers(
        self, each: Each, following: Known | None, again: Known | None, *, is_drawn: bool
    ) -> list[Exposed]:
        """What the models of all pages say; `following` and `again` as `friction.impact.pages.exposed` knows them."""
        if not self.pages:
            return []
        held = Held.of(self.views)

        def work(at: int) -> list[Exposed]:
            page = self.pages[at]
            weight = self.weight[page.rows] if is_drawn else None
            return exposed(self.views, held, page, self.on[at], following, again, weight)

        return [answer for some in each(work, range(len(self.pages))) for answer in some]


_NONE = np.empty(0, np.int64)
_NO_USES = pl.DataFrame(schema=dict.fromkeys(("page", "element", "n"), pl.Int64()))
_NO_ROWS = pl.DataFrame(
    schema=dict.fromkeys(("page", "session", "place", "visitor"), pl.UInt32())
    | dict.fromkeys(("exit", "converts", "wins", "returns"), pl.Boolean())
)


def _moved(
    frames: Sequence[pl.DataFrame], firsts: NDArray[Any], place: NDArray[Any]
) -> dict[tuple[int, int], NDArray[Any]]:
    """By page and point, or element: the rows of all shards, rising, by their places among those of the page."""
    page, which, row = (
        np.concatenate([_NONE, *(frame[frame.columns[at]].to_numpy() for frame in frames)]) for at in range(3)
    )
    row = place[row + np.repeat(firsts[:-1], [frame.height for frame in frames])]
    order = ordered(page, which, row)
    page, which, row = page[order], which[order], row[order]
    begins = np.flatnonzero((np.diff(page, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0))
    return {
        (int(page[start]), int(which[start])): row[start:end]
        for start, end in pairwise([*begins.tolist(), len(row)])
    }


def _views(rows: pl.DataFrame) -> Views:
    """As `friction.impact.prepare` makes them."""
    opening = {name.removeprefix(OPENING): rows[name].to_numpy() for name in rows.columns if OPENING in name}
    kinds = sorted(
        (each for each in rows.columns if HISTORY in each), key=lambda each: int(each[len(HISTORY) :])
    )
    history = [rows[name].to_numpy() for name in kinds]
    return Views(
        number=np.arange(rows.height, dtype=np.uint32),
        session=rows["session"].to_numpy(),
        page=np.zeros(rows.height, np.uint32),
        **{name: rows[name].to_numpy() for name in ("visitor", "exit", "converts", "wins", "returns")},
        opening=opening,
        history=np.stack(history, axis=1) if history else np.zeros((rows.height, 0), np.uint8),
    )
