"""The stage of every friction point and funnel step: the one that most views had reached where it strikes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from friction.journey.stages import STAGES
from friction.report import Funnel, Point, Report
from friction.summary.journey.ground import Ground


def with_stages(report: Report, ground: Ground) -> Report:
    """The report with `stage` filled in."""
    by_point = modes(ground.hits.select(key="id", stage="stage"))
    views = ground.analysis.tables.views.select(key="page").with_columns(stage=pl.Series(ground.staged.view))
    by_page = {ground.pages[int(page)]: stage for page, stage in modes(views).items()}
    return replace(
        report,
        points=[_placed(point, by_point, by_page) for point in report.points],
        aside=[_placed(point, by_point, by_page) for point in report.aside],
        funnels=[_stepped(funnel, by_page) for funnel in report.funnels],
    )


def modes(table: pl.DataFrame) -> Mapping[str, str]:
    """The commonest `stage` of each `key`, the earlier of two that are as common."""
    counts = table.drop_nulls().group_by("key", "stage").len()
    best = counts.sort("key", "len", "stage", descending=[False, True, False]).unique("key", keep="first")
    return {key: STAGES[stage] for key, stage, _ in best.iter_rows()}


def _placed(point: Point, by_point: Mapping[str, str], by_page: Mapping[str, str]) -> Point:
    return replace(point, stage=by_point.get(point.id) or by_page.get(point.page))


def _stepped(funnel: Funnel, by_page: Mapping[str, str]) -> Funnel:
    return replace(funnel, steps=[replace(step, stage=by_page.get(step.name)) for step in funnel.steps])
