"""What every friction point costs: the tables of an analysis handed to `friction.impact`, the answer by point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

import numpy as np
import polars as pl

from friction.impact import MIN_SESSIONS, Estimate, Exposures, Orders, Sample, estimate
from friction.impact.asked import BLOCK, Blocks
from friction.impact.lots import arranged
from friction.impact.lots import estimate as estimate_by_lot
from friction.impact.stretches import Openings, prepared
from friction.isolate import memory
from friction.points import CleanUses, Points
from friction.reduce import Tables, says_exposures
from friction.reduce.kept import Shelf
from friction.summary.points import Base
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.summary.analysis import Analysis

_POINT = ["detector", "page", "target"]
PRECURSORS = "form_abandonment"
"""Its exposures are not the abandonments but the trouble before, so they can be compared like any other."""


@dataclass(frozen=True)
class Costs:
    """What `friction.impact.estimate` says of the points worth asking about, by point."""

    rows: Mapping[int, Mapping[str, Any]]
    sample: Sample | None = None
    """The page views that they rest on; null: all."""


def costs(analysis: Analysis, points: Points, base: Base) -> Costs:
    """Estimate every point with at least `MIN_SESSIONS` sessions."""
    costed = [name for name, detector in analysis.detectors.items() if detector.costed]
    asked = points.table.filter(
        (pl.col("sessions") >= MIN_SESSIONS) & pl.col("detector").cast(pl.String).is_in(costed)
    ).select("point", *_POINT)
    if not asked.height:
        return Costs({})
    tables, workers = analysis.tables, min(pl.thread_pool_size(), MOST_WORKERS)
    given_up = asked.filter(pl.col("detector") == PRECURSORS).with_row_index("number")
    question = _question(analysis, asked, given_up)
    how: Asked = {"has_goal": base.has_goal, "workers": workers, "orders": base.orders}
    if analysis.away is not None:
        said = analysis.away.estimate(question, tables, **how)
    else:
        exposures = _met(analysis, asked, given_up, points, question)
        shelf = analysis.ingested.events.store.shelf if tables.is_kept("views") else None
        said = _estimated(tables, exposures, question.groups, shelf, how)
    table = said.table
    own = _own_sizes(table.tail(given_up.height), given_up)
    found = table.head(asked.height).with_columns(asked["point"]).join(own, on="point", how="left")
    return Costs({row["point"]: row for row in found.iter_rows(named=True)}, said.sample)


def _estimated(
    tables: Tables, exposures: Exposures, groups: Mapping[int, str], shelf: Shelf | None, how: Asked
) -> Estimate:
    """From the page views of the tables; on the `shelf` where these lie outside of memory."""
    hits = vars(tables)["hits"]
    asked = (partial(tables.stretches, "view", "session_id", "page"), tables.sessions, hits, groups)
    openings = None if shelf is None else Openings.of(*asked)
    if shelf is None or openings is None:
        views, held = prepared(*asked)
        del asked
        memory.trim()
        return estimate(views, exposures, **how, held=held)
    del asked
    last = int(tables.rows("views", tables.height("views") - 1, 1, "view").item())
    lots = arranged(openings, shelf, last)
    del openings
    memory.trim()
    return estimate_by_lot(lots, exposures, **how)


MOST_WORKERS = 4
"""Pages worked on at a time; each holds the matrix of its page."""


class Asked(TypedDict):
    """What is asked beside the points."""

    has_goal: bool
    workers: int
    orders: Orders | None


@dataclass(frozen=True)
class Question:
    """The points to be estimated, for whoever has the page views."""

    exposures: Exposures
    """Without the views that met them."""
    points: pl.DataFrame
    """`point, detector, page, target`, and `own`: the detector says itself which views are exposed."""
    used: int
    """How many of the points, from the first, are compared with uses that went well; others are outcomes."""
    groups: Mapping[int, str]
    """The type of each page whose type is known."""
    usual: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_POINT))
    """`detector, page, target` of what strikes and is no friction, where that is still among the hits."""


class Away(Protocol):
    """Page views that are not in the tables of an analysis."""

    def estimate(
        self, question: Question, tables: Tables, *, has_goal: bool, workers: int, orders: Orders | None
    ) -> Estimate:
        """What the points cost, as `friction.impact.estimate` says; `tables` without the page views."""


def _question(analysis: Analysis, asked: pl.DataFrame, given_up: pl.DataFrame) -> Question:
    """Behind the points asked for stand the abandonments themselves, as outcomes: their own size is told beside."""
    points = pl.concat([asked.select(_POINT), given_up.select(_POINT)]).with_row_index("point")
    is_more = np.arange(points.height) >= asked.height
    detectors = [analysis.detectors[name] for name in points["detector"].cast(pl.String)]
    own = np.array(["target" in detector.coded for detector in detectors], bool)
    target = points["target"].cast(pl.Int64).fill_null(-1).to_numpy()
    outcome = np.array([each.outcome and each.name != PRECURSORS for each in detectors], bool)
    exposures = Exposures(
        pairs=_NO_PAIRS,
        uses=_NO_PAIRS,
        points=points.height,
        kinds=points["detector"].to_physical().to_numpy().astype(np.int64),
        targets=np.where((target >= 0) & ~is_more, target * 2 + own, -1),
        outcome=outcome | is_more,
        standing=np.array([each.at_opening for each in detectors], bool) & ~is_more,
    )
    says = np.array([says_exposures(detector) for detector in detectors], bool)
    return Question(
        exposures, points.with_columns(own=pl.Series(says & ~is_more)), asked.height, _groups(analysis)
    )


_NO_PAIRS = pl.DataFrame(schema={"point": pl.UInt32(), "view": pl.UInt32()})


def _met(
    analysis: Analysis, asked: pl.DataFrame, given_up: pl.DataFrame, points: Points, question: Question
) -> Exposures:
    """With the views that met the points, and those in which their elements were used without trouble."""
    tables, numbers = analysis.tables, asked.with_row_index("number")
    by_hits = numbers.filter(~question.points["own"].head(question.used))
    outcomes = given_up.with_columns(pl.col("number") + question.used)
    met: list[Blocks] = [_Renamed(points.hit, by_hits), _Renamed(points.hit, outcomes)]
    if tables.columns("exposures"):
        said = tables.exposures.join(numbers, on=_POINT, nulls_equal=True)
        met.append(said.select(point="number", view="view"))
    used = _Renamed(CleanUses(tables, analysis.detectors, asked), numbers)
    return replace(question.exposures, pairs=_Several(met), uses=used)


@dataclass(frozen=True)
class _Renamed:
    """`point, view` with the `number` of the point in place of it; without points that have none."""

    pairs: Blocks
    numbers: pl.DataFrame

    def iter_slices(self, n_rows: int = BLOCK) -> Iterator[pl.DataFrame]:
        """All of them, so many at a time."""
        points = self.numbers["point"].to_numpy()
        number = np.full(int(points.max(initial=0)) + 2, NOBODY, np.uint32)
        number[points] = self.numbers["number"].to_numpy()
        for pairs in self.pairs.iter_slices(n_rows):
            # The last place is that of all points beyond.
            known = number[np.minimum(pairs["point"].to_numpy(), len(number) - 1)]
            yield pairs.select(pl.Series("point", known), "view").filter(known != NOBODY)


NOBODY = np.uint32(2**32 - 1)


@dataclass(frozen=True)
class _Several:
    """One after the other."""

    each: Sequence[Blocks]

    def iter_slices(self, n_rows: int = BLOCK) -> Iterator[pl.DataFrame]:
        """All of them, so many at a time."""
        for one in self.each:
            yield from one.iter_slices(n_rows)


def _own_sizes(outcomes: pl.DataFrame, given_up: pl.DataFrame) -> pl.DataFrame:
    """`point, own_extra_exits`: exits of the abandonments beyond those expected of like views."""
    sizes = outcomes.select(own_extra_exits=pl.col("exits") - pl.col("expected_exits"))
    return sizes.with_columns(given_up["point"])


def _groups(analysis: Analysis) -> dict[int, str]:
    """Code of a page → its type, where that is known."""
    events = analysis.ingested.events
    templates = events.words.by_column["page"].to_list()
    return {
        code: events.pages.types[name] for code, name in enumerate(templates) if name in events.pages.types
    }
