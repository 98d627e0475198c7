"""The estimate of views in lots, from counts of all of them and the models of those that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from friction.impact.asked import Chosen, Counts, Exposures, chosen_of, elements_of
from friction.impact.estimator import Estimate, together
from friction.impact.figures import figures
from friction.impact.lots.answered import Answered
from friction.impact.lots.asked import Asking
from friction.impact.lots.cells import Added
from friction.impact.lots.counted import Counted
from friction.impact.lots.drawn import drawn
from friction.impact.lots.kept import Lots
from friction.impact.lots.known import Known
from friction.impact.lots.lot import Lot, each
from friction.impact.money import Orders
from friction.impact.sample import ROOM, Room, Sample
from friction.impact.views import Bools
from friction.reduce.lots import Lotted


def estimate(
    lots: Lots,
    exposures: Exposures,
    *,
    has_goal: bool,
    workers: int = 1,
    orders: Orders | None = None,
    room: Room = ROOM,
) -> Estimate:
    """As `friction.impact.estimate`, byte for byte."""
    met = lots.split(exposures.pairs, "met")
    with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
        added = Added.of(lots, pool.map) if has_goal else None
        counted = _counted(lots, met, exposures.points, added)
        counts = counted.counts
        asking = _asking(lots, exposures, counted, counts)
        sample = asking.sample(lots, met, room)
        said = _answered(lots, met, asking, sample, Known.of(added, len(lots.lot), pool.map), pool)
        views = said.views()
        table = figures(
            views,
            exposures,
            counts.asked({}),
            together(said.answers),
            said.known.returning(views),
            has_goal=has_goal,
            orders=orders,
            mapped=pool.map,
        )
    return Estimate(table, sample)


def _counted(lots: Lots, met: Lotted, points: int, added: Added | None) -> Counted:
    """Who met the points; beside that the views that are alike are `added`, where there is a goal."""
    found = Counted(points, _several(lots, met, points))

    def work(_: int, lot: Lot) -> None:
        found.take(lot)
        if added is not None:
            added.take(lot)

    each(lots, met, work)
    return found


def _several(lots: Lots, met: Lotted, points: int) -> Bools:
    """By point, whether it was met in several lots: a click may tell of another page than the view it stands in."""
    found = np.zeros(points, np.int64)
    for number in range(len(lots)):
        found += np.bincount(met.of(number)["point"].to_numpy(), minlength=points) > 0
    several: Bools = found > 1
    return several


def _asking(lots: Lots, exposures: Exposures, counted: Counted, counts: Counts) -> Asking:
    every = chosen_of(exposures, counts, counted.here)
    chosen: Mapping[int, Chosen] = {code: points for code, points in every.items() if any(map(len, points))}
    uses = lots.split(exposures.uses, "used", elements_of(exposures, chosen))
    return Asking(exposures, uses, chosen, counted.sizes, counts.sessions)


def _answered(
    lots: Lots, met: Lotted, asking: Asking, sample: Sample | None, known: Known, pool: ThreadPoolExecutor
) -> Answered:
    """What the models of all pages say."""
    found = Answered(known, pool)

    def work(number: int, lot: Lot) -> None:
        found.take(lot, drawn(asking, sample, number, lot))

    each(lots, met, work)
    return found
