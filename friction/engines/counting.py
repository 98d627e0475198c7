"""What a worker says of the page views of its shard, for what friction costs: counts first, then some of the views.

    summed    views that are alike, counted; whom each point struck
    visited   who was on which page, and how rare what struck him there is: only where views have to be drawn
    drawn     the views that the models of pages compare

Each looks at what `friction.engines.left` kept, never at events.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.engines.job import Handed, Job
from friction.engines.left import Left
from friction.impact.asked import Exposures, Places, sessions_of
from friction.impact.covariates import STATE, numbered, samples
from friction.impact.values import KINDS, Page, counted
from friction.impact.views import Views, prepare
from friction.order import Ints
from friction.points import POINT, CleanUses
from friction.summary.costs import Question
from friction.values import dataclass

COUNTS = [f"n{kind}" for kind in range(KINDS)]
"""Columns of cells, as `friction.impact.values.counted` has them."""


@dataclass(frozen=True)
class Here:
    """The page views of a shard and what is asked about them."""

    left: Left
    views: Views
    known: Mapping[str, NDArray[Any]]
    """By session: what `friction.impact.views.histories` says, and its `number` among all."""
    kinds: list[int]
    """The detectors of `views.history`."""
    exposures: Exposures

    @classmethod
    def of(cls, path: Path, job: Job, question: Question, told: Handed) -> Here:
        """`told` is `known`, pickled."""
        left = Left.of(path)
        tables = left.tables
        hits = tables.hits
        if hits.height and question.usual.height:
            hits = hits.join(question.usual, on=list(POINT), how="anti", nulls_equal=True)
        known: Mapping[str, NDArray[Any]] = pickle.loads(told.of(left.shard))
        views = prepare(tables.views, tables.sessions, hits, question.groups, known)
        exposures = replace(
            question.exposures,
            pairs=_pairs(hits, tables.exposures, question.points),
            uses=CleanUses(tables, job.detectors, question.points.head(question.used)),
        )
        return cls(left, views, known, _kinds(views, hits), exposures)

    @cached_property
    def cell(self) -> Ints:
        """By view the number of its cell: of views on the same page in the same state."""
        return numbered([self.views.page, *(self.views.opening[name] for name in STATE)])

    def cells(self, *, apart: bool) -> pl.DataFrame:
        """`page`, what is known of the state, and `COUNTS`; in the order of their numbers, where states are `apart`.

        Otherwise one row a page, as if all were in the same state.
        """
        cell = self.cell if apart else numbered([self.views.page])
        one = samples(cell)
        state = {name: self.views.opening[name][one].astype(np.uint8) * np.uint8(apart) for name in STATE}
        counts = counted(self.views, np.arange(len(self.views)), cell, len(one)).astype(np.uint32)
        return pl.DataFrame({"page": self.views.page[one], **state, **dict(zip(COUNTS, counts, strict=True))})


@dataclass(frozen=True)
class Summed:
    """The counts of a shard."""

    shard: str
    cells: pl.DataFrame
    met: pl.DataFrame
    """`point, page, views, exits`."""
    sessions: Ints
    """By point, how many met it."""


def summed(path: Path, job: Job, question: Question, told: Handed, *, apart: bool) -> Summed:
    """`apart`: views in different states are counted apart, as a goal asks for."""
    here = Here.of(path, job, question, told)
    views, n = here.views, question.exposures.points
    page = Page(0, np.arange(len(views), dtype=np.uint32), own=True)
    met = Places.on(views, [page]).met(here.exposures.pairs, 1)
    point, row = met[0]
    each = pl.DataFrame({"point": point, "page": views.page[row], "exit": views.exit[row]})
    by_page = each.group_by("point", "page").agg(views=pl.len(), exits=pl.col("exit").sum())
    return Summed(here.left.shard, here.cells(apart=apart), by_page, sessions_of(views, [page], met, n))


def _pairs(hits: pl.DataFrame, exposures: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """`point, view`."""
    found = [pl.DataFrame(schema={"point": pl.UInt32(), "view": pl.UInt32()})]
    for frame, mine in ((hits, ~pl.col("own")), (exposures, pl.col("own"))):
        if frame.width:
            numbers = points.filter(mine).select("point", *POINT)
            found.append(frame.join(numbers, on=list(POINT), nulls_equal=True).select("point", "view"))
    return pl.concat(found)


def _kinds(views: Views, hits: pl.DataFrame) -> list[int]:
    if not hits.height:
        return []
    known = views.place(hits["view"].to_numpy()) >= 0
    found: list[int] = np.unique(hits["detector"].to_physical().to_numpy()[known]).tolist()
    return found
