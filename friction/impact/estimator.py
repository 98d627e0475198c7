"""What each friction point costs: the models of all pages, and what their answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from friction.impact import values
from friction.impact.asked import Exposures, asked
from friction.impact.covariates import Held
from friction.impact.figures import figures
from friction.impact.money import Orders
from friction.impact.pages import Exposed, end_to_end, exposed
from friction.impact.sample import ROOM, Room, Sample, of_visitors
from friction.impact.values import Cells, Following, OfCells, Returning
from friction.impact.views import Views
from friction.values import dataclass


@dataclass(frozen=True)
class Estimate:
    """What points cost, as a `table`, and the `sample` of page views it rests on; null: on all of them."""

    table: pl.DataFrame
    sample: Sample | None


def estimate(
    views: Views,
    exposures: Exposures,
    *,
    has_goal: bool,
    workers: int = 1,
    orders: Orders | None = None,
    room: Room = ROOM,
    held: Held | None = None,
) -> Estimate:
    """One row a point, in order; the columns of `figures.RESULT`, null where nothing can be said (`reason`: why).

    `reason`: `too_few_sessions`, `too_few_exits`, `too_few_views` (of its page), `marker` (nearly everybody leaves
    after it), `nothing_to_compare_with`. `left, progress, delayed` (later in the session, and in later ones) are the
    parts of `estimate`, in lost conversions (without a goal: extra exits). The figures do not depend on `workers` or on
    the order of rows: pages share the threads, and each page is worked out in a fixed order by one.
    `held`: that of the views where these no longer have what was known at their opening.
    """
    with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
        pages, held = values.pages(views), held or Held.of(views)
        following, again = None, None
        nobody = OfCells(np.zeros(1), np.zeros(len(views), np.int32))
        returning = Returning(views, nobody, nobody)
        if has_goal:
            cells, cell = Cells.of(views, held, pages, pool.map)
            following = Following(views, OfCells(values.worth(cells, pool.map), cell))
            after_exit, otherwise = values.returns(cells)
            returning = Returning(views, OfCells(after_exit, cell), OfCells(otherwise, cell))
            again = returning if returning.is_any else None
        questions = asked(views, exposures, pages)

        rare = of_visitors(views, pages, questions, room, pool.map)
        sample = Sample.of_pages([*rare.values()], room)
        # Of each page it is let go of once that page is worked on.
        waiting, questions = dict(questions.on), replace(questions, on={})

        def work(number: int) -> list[Exposed]:
            page, on, weight = pages[number], waiting.pop(number), None
            if sample is not None:
                page, on, weight = sample.drawn(views, page, on, rare.pop(number))
            return exposed(views, held, page, on, following, again, weight)

        # The largest first, so that no thread is left with one when the others are done.
        largest = sorted(waiting, key=lambda number: (-len(pages[number].rows), number))
        under_way = {number: pool.submit(work, number) for number in largest}
        answers = [each for number in sorted(under_way) for each in under_way.pop(number).result()]
        found = together(answers)
        said = partial(figures, has_goal=has_goal, orders=orders, mapped=pool.map)
        return Estimate(said(views, exposures, questions, found, returning), sample)


def together(answers: Sequence[Exposed]) -> dict[int, Exposed]:
    """One answer a point; those of a point on several pages are weighted by their certainty."""
    found: dict[int, list[Exposed]] = {}
    for each in answers:
        found.setdefault(each.point, []).append(each)
    return {point: each[0] if len(each) == 1 else _pooled(each) for point, each in sorted(found.items())}


def _pooled(answers: Sequence[Exposed]) -> Exposed:
    weight = np.nan_to_num(np.array([each.error for each in answers]) ** -2.0)
    total = weight.sum(axis=0)
    known = np.where(total > 0, total, np.nan)
    effect = (np.nan_to_num(np.array([each.effect for each in answers])) * weight).sum(axis=0) / known
    rows = np.concatenate([each.rows for each in answers])
    facts = (
        end_to_end([getattr(each, name) for each in answers])
        for name in ("leave", "worth", "ahead", "later", "again")
    )
    weights = [each.weight for each in answers if each.weight is not None]
    stands = np.concatenate(weights) if weights else None
    return replace(Exposed(answers[0].point, effect, known**-0.5, False, rows, *facts), weight=stands)
