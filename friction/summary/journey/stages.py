"""The stage of every friction point and funnel step: the one that most views had reached where it strikes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey.stages import STAGES
from friction.order import BLOCK
from friction.points import POINT
from friction.report import Funnel, Point, Report, again, uncollected
from friction.summary.journey.ground import Ground


@uncollected()
def with_stages(report: Report, ground: Ground) -> Report:
    """The report with `stage` filled in."""
    by_point = _of_points([*report.points, *report.aside], ground)
    seen = modes(ground.analysis.tables.read("views", "page")["page"].to_numpy(), ground.staged.view)
    by_page = {ground.pages[page]: stage for page, stage in seen.items()}
    return replace(
        report,
        points=[_placed(point, by_point, by_page) for point in report.points],
        aside=[_placed(point, by_point, by_page) for point in report.aside],
        funnels=[_stepped(funnel, by_page) for funnel in report.funnels],
    )


def _of_points(points: Sequence[Point], ground: Ground) -> Mapping[str, str]:
    """Id of a point → the stage at which it mostly struck."""
    if not len(ground.point):
        return {}
    stages = pl.Series("stage", _best(ground.point, ground.struck)[1])
    told = [(point.id, point.detector, point.page, point.target) for point in points]
    asked = pl.DataFrame(told, schema=dict.fromkeys(("id", *POINT), pl.String()), orient="row")
    struck = ground.named.with_columns(stages).with_row_index("number")
    found = asked.join(struck, on=POINT, nulls_equal=True).sort("number")
    return {name: STAGES[stage] for name, stage in found.select("id", "stage").iter_rows()}


def modes(numbers: NDArray[Any], stages: NDArray[np.uint8]) -> Mapping[int, str]:
    """The commonest stage of the rows with each number, the earlier of two that are as common."""
    occurs, best = _best(numbers, stages)
    return {int(number): STAGES[best[number]] for number in np.flatnonzero(occurs)}


def _best(numbers: NDArray[Any], stages: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """By number, whether any row has it, and the place of its commonest stage."""
    rows = int(numbers.max(initial=0)) + 1 if len(numbers) else 0
    counts = np.zeros(rows * len(STAGES), np.int64)
    # Some at a time: of all page views the pairs would take more room than all else at the end of an analysis.
    for start in range(0, len(numbers), step := max(BLOCK, len(counts))):
        some = slice(start, start + step)
        counts += np.bincount(
            numbers[some].astype(np.int64) * len(STAGES) + stages[some], minlength=len(counts)
        )
    by_number = counts.reshape(rows, len(STAGES))
    occurs: NDArray[np.bool_] = by_number.sum(axis=1) > 0
    return occurs, by_number.argmax(axis=1)


def _placed(point: Point, by_point: Mapping[str, str], by_page: Mapping[str, str]) -> Point:
    return again(point, stage=by_point.get(point.id) or by_page.get(point.page))


def _stepped(funnel: Funnel, by_page: Mapping[str, str]) -> Funnel:
    return replace(funnel, steps=[replace(step, stage=by_page.get(step.name)) for step in funnel.steps])
