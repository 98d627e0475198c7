"""The estimate of views in lots, from counts of all of them and the models of those that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from friction.impact import values
from friction.impact.asked import Chosen, Counts, Exposures, chosen_of, elements_of
from friction.impact.estimator import Estimate, together
from friction.impact.figures import figures
from friction.impact.lots.asked import Asking
from friction.impact.lots.cells import Added
from friction.impact.lots.counted import Counted
from friction.impact.lots.drawn import Drawn, drawn
from friction.impact.lots.kept import Lots
from friction.impact.lots.lot import Lot, each
from friction.impact.money import Orders
from friction.impact.pages import Exposed, exposed
from friction.impact.patterns import Floats
from friction.impact.sample import ROOM, Room
from friction.impact.values import Each, OfCells, Returning
from friction.impact.views import Bools, Views
from friction.reduce.lots import Lotted
from friction.values import dataclass


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
        found = drawn(lots, met, asking, sample)
        views, known = found.views, _Known.of(found.views, added, pool.map)
        answers = together(_answers(found, lots, known, pool))
        del found
        table = figures(
            views,
            exposures,
            counts.asked({}),
            answers,
            known.returning,
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


@dataclass(frozen=True)
class _Known:
    """Of each drawn view, what all views say of its cell."""

    following: Floats | None
    returning: Returning
    comes_again: bool
    """Whether any view has a chance that a later session converts."""

    @classmethod
    def of(cls, views: Views, added: Added | None, mapped: Each) -> _Known:
        """`added`: the cells of all lots; null without a goal."""
        if added is None:
            nobody = OfCells(np.zeros(1), np.zeros(len(views), np.int32))
            return cls(None, Returning(views, nobody, nobody), comes_again=False)
        cells = added.together()
        worth, again = values.worth(cells, mapped), values.returns(cells)
        cell, after = added.cell[views.number], added.cell[views.number + 1]
        following = np.where(views.converts, 1.0, np.where(views.exit, 0.0, worth[after]))
        returning = Returning(views, *(OfCells(chance, cell) for chance in again))
        return cls(following, returning, cells.comes_again(*again))


LARGE = 200_000
"""Rows of a page above which no other such page is worked on at the same time."""


def _answers(found: Drawn, lots: Lots, known: _Known, pool: ThreadPoolExecutor) -> list[Exposed]:
    """What the models of all pages say; what is asked of a page is let go of once that is known."""
    held = lots.held.coding(found.state, found.path)
    again = known.returning if known.comes_again else None
    waiting = dict(enumerate(found.asked))
    found.asked.clear()

    def work(*pages: int) -> list[tuple[int, list[Exposed]]]:
        said = []
        for at in pages:
            page, on, weight = waiting.pop(at)
            said.append((at, exposed(found.views, held, page, on, known.following, again, weight)))
        return said

    # The largest first, so that no thread is left with one when the others are done.
    sizes = {at: len(page.rows) for at, (page, *_) in waiting.items()}
    largest = sorted(sizes, key=lambda at: (-sizes[at], at))
    large = sum(size > LARGE for size in sizes.values())
    under_way = [pool.submit(work, *largest[:large]), *(pool.submit(work, at) for at in largest[large:])]
    answers = dict(answer for each in under_way for answer in each.result())
    return [answer for at in sorted(answers) for answer in answers.pop(at)]
