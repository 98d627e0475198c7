"""What every friction point costs: the tables of an analysis handed to `friction.impact`, the answer by point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from friction.impact import MIN_SESSIONS, Exposures, Held, Sample, estimate, prepare
from friction.impact.asked import BLOCK, Blocks
from friction.points import CleanUses, Points
from friction.reduce import says_exposures
from friction.summary.points import Base

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
    exposures = _with_outcomes(_exposures(analysis, asked, points), points, given_up)
    views = prepare(
        tables.read("views", "view", "session_id", "page"),
        tables.sessions,
        tables.read("hits", "view", "detector", "findings") if tables.height("hits") else tables.hits,
        _groups(analysis),
    )
    held = Held.of(views)
    views = views.without_opening()
    said = estimate(views, exposures, has_goal=base.has_goal, workers=workers, orders=base.orders, held=held)
    table = said.table
    own = _own_sizes(table.tail(given_up.height), given_up)
    found = table.head(asked.height).with_columns(asked["point"]).join(own, on="point", how="left")
    return Costs({row["point"]: row for row in found.iter_rows(named=True)}, said.sample)


MOST_WORKERS = 4
"""Pages worked on at a time; each holds the matrix of its page."""


def _exposures(analysis: Analysis, asked: pl.DataFrame, points: Points) -> Exposures:
    tables = analysis.tables
    numbers = asked.with_row_index("number")
    others = [name for name, detector in analysis.detectors.items() if says_exposures(detector)]
    by_hits = numbers.filter(~pl.col("detector").cast(pl.String).is_in(others))
    met: list[Blocks] = [_Renamed(points.hits, by_hits)]
    if tables.columns("exposures"):
        said = tables.exposures.join(numbers, on=_POINT, nulls_equal=True)
        met.append(said.select(point="number", view="view"))
    used = _Renamed(CleanUses(tables, analysis.detectors, asked), numbers)
    detectors = [analysis.detectors[name] for name in asked["detector"].cast(pl.String)]
    own = pl.Series("own", ["target" in detector.coded for detector in detectors])
    target = asked.select(pl.col("target").cast(pl.Int64).fill_null(-1)).to_series()
    return Exposures(
        pairs=_Several(met),
        uses=used,
        points=asked.height,
        kinds=asked["detector"].to_physical().to_numpy().astype(np.int64),
        targets=np.where(target >= 0, target.to_numpy() * 2 + own.to_numpy(), -1),
        outcome=np.array([each.outcome and each.name != PRECURSORS for each in detectors], bool),
        standing=np.array([each.at_opening for each in detectors], bool),
    )


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


def _with_outcomes(exposures: Exposures, points: Points, given_up: pl.DataFrame) -> Exposures:
    """The same, and behind its points the abandonments themselves, as outcomes: their own size is told beside."""
    first, more = exposures.points, given_up.height
    own = _Renamed(points.hits, given_up.with_columns(pl.col("number") + first))
    kinds = given_up["detector"].to_physical().to_numpy().astype(np.int64)
    return Exposures(
        pairs=_Several([exposures.pairs, own]),
        uses=exposures.uses,
        points=first + more,
        kinds=np.concatenate([exposures.kinds, kinds]),
        targets=np.concatenate([exposures.targets, np.full(more, -1)]),
        outcome=np.concatenate([exposures.outcome, np.ones(more, bool)]),
        standing=np.concatenate([exposures.standing, np.zeros(more, bool)]),
    )


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
