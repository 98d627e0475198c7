"""The stage of every friction point and funnel step: the one that most views had reached where it strikes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.journey.stages import STAGES
from friction.report import Funnel, Point, Report
from friction.summary.journey.ground import Ground


def with_stages(report: Report, ground: Ground) -> Report:
    """The report with `stage` filled in."""
    hit = modes(ground.point, ground.struck)
    by_point = {ground.keys["id"][point]: stage for point, stage in hit.items()}
    seen = modes(ground.analysis.tables.read("views", "page")["page"].to_numpy(), ground.staged.view)
    by_page = {ground.pages[page]: stage for page, stage in seen.items()}
    return replace(
        report,
        points=[_placed(point, by_point, by_page) for point in report.points],
        aside=[_placed(point, by_point, by_page) for point in report.aside],
        funnels=[_stepped(funnel, by_page) for funnel in report.funnels],
    )


def modes(numbers: NDArray[Any], stages: NDArray[np.uint8]) -> Mapping[int, str]:
    """The commonest stage of the rows with each number, the earlier of two that are as common."""
    pairs = numbers.astype(np.int64) * len(STAGES) + stages
    rows = int(pairs.max(initial=-1)) // len(STAGES) + 1
    by_number = np.bincount(pairs, minlength=rows * len(STAGES)).reshape(rows, len(STAGES))
    best = by_number.argmax(axis=1)
    return {int(number): STAGES[best[number]] for number in np.flatnonzero(by_number.any(axis=1))}


def _placed(point: Point, by_point: Mapping[str, str], by_page: Mapping[str, str]) -> Point:
    return replace(point, stage=by_point.get(point.id) or by_page.get(point.page))


def _stepped(funnel: Funnel, by_page: Mapping[str, str]) -> Funnel:
    return replace(funnel, steps=[replace(step, stage=by_page.get(step.name)) for step in funnel.steps])
