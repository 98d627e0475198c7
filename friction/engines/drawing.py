"""The page views of a shard that the models of pages compare: drawn by chance where there are too many in all.

visited   who was on which page, and how rare what struck him there is: only where views have to be drawn
drawn     the views, with all that a model asks of them
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.engines.counting import Here
from friction.engines.job import Handed, Job
from friction.impact.asked import Chosen, Places, on_page
from friction.impact.pages import OnPage
from friction.impact.patterns import Floats
from friction.impact.sample import drawn as of_drawn
from friction.impact.sample import rarest
from friction.impact.values import Following, OfCells, Page
from friction.impact.views import Codes, Views
from friction.order import Ints, ordered
from friction.summary.costs import Question
from friction.values import dataclass


@dataclass(frozen=True)
class Choice:
    """What is asked of which pages, by place among these."""

    codes: list[int]
    points: list[Chosen]
    sizes: list[int]
    """Views of each, in all shards."""
    sessions: Ints
    """By point, how many met it."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the pages of a shard, with all elements of their points."""

    at: list[int]
    """Places of the pages in `Choice`: those that the shard has views of."""
    pages: list[Page]
    on: list[OnPage]
    clean: list[Ints]
    """By page and element, how often it went well."""

    @classmethod
    def of(cls, here: Here, choice: Choice) -> Asked:
        pages = _pages(here.views, choice.codes)
        places = Places.on(here.views, pages)
        met = places.met(here.exposures.pairs, len(pages))
        uses = places.used(here.exposures, dict(enumerate(choice.points)), len(pages))
        at = [number for number, page in enumerate(pages) if len(page.rows)]
        found = [
            on_page(here.exposures.targets, met[number], uses[number], *choice.points[number])
            for number in at
        ]
        return cls(
            at, [pages[number] for number in at], [on for on, _ in found], [clean for _, clean in found]
        )


def visited(
    path: Path, job: Job, question: Question, told: Handed, choice: Choice
) -> tuple[str, pl.DataFrame]:
    """The shard, and `page` (its place in the choice), `visitor, fewest, load` as `friction.impact.sample.rarest`
    knows them; pages in order, and the visitors of each.
    """
    here = Here.of(path, job, question, told)
    asked, found = Asked.of(here, choice), [pl.DataFrame(schema=VISITED)]
    for at, page, on in zip(asked.at, asked.pages, asked.on, strict=True):
        fewest, load = rarest(here.views, page, on, choice.sessions, choice.sizes[at])
        visitor = here.views.visitor[page.rows[np.cumsum(load) - load]]
        each = pl.DataFrame({"visitor": visitor, "fewest": fewest, "load": load})
        found.append(each.select(pl.lit(at).alias("page"), "visitor", "fewest", "load").cast(VISITED))
    return here.left.shard, pl.concat(found)


VISITED = pl.Schema(dict.fromkeys(("page", "visitor", "fewest", "load"), pl.UInt32()))


@dataclass(frozen=True)
class Drawn:
    """Views of a shard that are compared."""

    rows: pl.DataFrame
    """`page` (its place in the choice), `session` (its number among all), `place` (in the shard), what `Views` knows
    of each, `history-…` by detector; with a goal `following, after_exit, otherwise`; where drawn, the `weight`."""
    met: pl.DataFrame
    """`page, point, row`."""
    used: pl.DataFrame
    """`page, element, row`."""
    clean: pl.DataFrame
    """`page, element, n`: how often it went well, in all views of the shard."""


def drawn(
    path: Path,
    job: Job,
    question: Question,
    told: Handed,
    choice: Choice,
    worth: Handed | None,
    weights: Handed | None,
) -> Drawn:
    """`worth`: by kind (value, return after an exit, return otherwise) and cell, pickled; null without a goal.
    `weights`: by row of `visited`; null: everybody is looked at.
    """
    here = Here.of(path, job, question, told)
    asked, first = Asked.of(here, choice), 0
    known = _worth(here, worth)
    stands = None if weights is None else pickle.loads(weights.of(here.left.shard))
    rows, met, used, clean, visitors = [], [], [], [], 0
    for at, page, on, n in zip(asked.at, asked.pages, asked.on, asked.clean, strict=True):
        few, on_few, weight = page, on, {}
        if stands is not None:
            _, load = rarest(here.views, page, on, choice.sessions, choice.sizes[at])
            mine = stands[visitors : visitors + len(load)]
            visitors += len(load)
            few, on_few, chances = of_drawn(page, on, mine, load)
            weight = {"weight": pl.Series(chances)}
        rows.append(_rows(here, at, few.rows, known).with_columns(**weight))
        met.append(_flat(at, "point", on_few.points, on_few.met, first))
        used.append(_flat(at, "element", range(len(on_few.used)), on_few.used, first))
        clean.append(pl.DataFrame({"page": np.full(len(n), at), "element": np.arange(len(n)), "n": n}))
        first += len(few.rows)
    return Drawn(*(pl.concat(each) if each else pl.DataFrame() for each in (rows, met, used, clean)))


def _pages(views: Views, codes: list[int]) -> list[Page]:
    """The rows of these pages in the order of visitor, session and time."""
    place = np.full(int(max([*codes, int(views.page.max(initial=0))])) + 1, -1)
    place[codes] = np.arange(len(codes))
    rows = np.flatnonzero(place[views.page] >= 0)
    number = place[views.page[rows]]
    rows = rows[ordered(number, views.visitor[rows])].astype(np.uint32)
    edges = np.cumsum([0, *np.bincount(number, minlength=len(codes))]).tolist()
    return [
        Page(code, rows[start:end], own=True)
        for code, start, end in zip(codes, edges, edges[1:], strict=False)
    ]


def _worth(here: Here, worth: Handed | None) -> Mapping[str, Floats]:
    """By view the value of the next state, the chance to return after an exit, and otherwise; none without a goal."""
    if worth is None:
        return {}
    known: Floats = pickle.loads(worth.of(here.left.shard))[:, here.cell]
    every = np.arange(len(here.views))
    known[0] = Following(here.views, OfCells(known[0], every.astype(np.int32)))[every]
    return dict(zip(("following", "after_exit", "otherwise"), known, strict=True))


def _rows(here: Here, at: int, rows: NDArray[Any], known: Mapping[str, Floats]) -> pl.DataFrame:
    views = here.views
    session = views.session[rows]
    columns: dict[str, Any] = {
        "page": np.full(len(rows), at, np.uint32),
        "session": here.known["number"][session],
        "place": rows,
        **{name: getattr(views, name)[rows] for name in ("visitor", "exit", "converts", "wins", "returns")},
        **{f"{OPENING}{name}": values[rows].astype(np.uint8) for name, values in views.opening.items()},
        **{f"{HISTORY}{kind}": views.history[rows, column] for column, kind in enumerate(here.kinds)},
        **{name: values[rows] for name, values in known.items()},
    }
    return pl.DataFrame(columns)


OPENING, HISTORY = "opening-", "history-"


def _flat(at: int, name: str, which: Sequence[int], rows: Sequence[Codes], first: int) -> pl.DataFrame:
    """Rows of each of the named, one after the other, counted from `first`."""
    named = np.repeat(np.array(which, np.uint32), [len(each) for each in rows])
    row = np.concatenate([np.empty(0, np.int64), *rows]) + first
    columns = {"page": np.full(len(row), at, np.uint32), name: named, "row": row.astype(np.uint32)}
    return pl.DataFrame(columns)
