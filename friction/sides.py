"""One input, two sides: before and after a moment, or two variants of a test, each as a report of its own.

The input is read once, so that both sides know the same page templates and elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from friction.compare import Sample, sample
from friction.config import Settings
from friction.errors import InputError, UsageError, nearest
from friction.points import POINT
from friction.reduce import Tables
from friction.report import Report
from friction.scan import Progress, analysis, quiet
from friction.schema import SEGMENTS
from friction.summary.analysis import Analysis
from friction.summary.build import build
from friction.values import dataclass


@dataclass(frozen=True)
class Sides:
    """Both reports; `sample` only for variants. `names`: what the sides are, a value or a moment."""

    old: Report
    new: Report
    names: tuple[str, str]
    sample: Sample | None = None


def periods(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    at: str,
    progress: Progress = quiet,
) -> Sides:
    """Sessions that began before `at` (a date or time in the report's zone), and from then on.

    Raises `InputError` where all of them lie on one side.
    """
    asked = settings.analysis.model_copy(update={"since": at})
    moment = settings.model_copy(update={"analysis": asked}).period()[0]
    whole = analysis(inputs, names, settings, progress)
    later = whole.tables.sessions.select(pl.col("start") >= pl.lit(moment)).to_series()
    if later.n_unique() < 2:
        raise _one_sided(whole.tables.sessions["start"], at)
    return Sides(_side(whole, ~later), _side(whole, later), (f"< {at}", f"≥ {at}"))


def _one_sided(starts: pl.Series, at: str) -> InputError:
    first, last = starts.sort().gather([0, -1]).dt.to_string("%Y-%m-%dT%H:%M:%SZ")
    return InputError(
        "input.outside_period",
        f"all sessions lie on one side of {at}, those of the input begin from {first} to {last}",
        remedy="give a moment in between",
    )


def variants(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None,
    settings: Settings,
    by: str,
    control: str | None,
    share: float,
    progress: Progress = quiet,
) -> Sides:
    """Sessions by the value of a dimension; visitors of both are left out. `control` is the old side.

    Raises `UsageError` for a dimension that there is not, `InputError` where it has not two values.
    """
    if by not in SEGMENTS:
        known = nearest(by, SEGMENTS) or f"there are: {', '.join(SEGMENTS)}"
        raise UsageError("usage.unknown_name", f"there is no dimension {by!r}", remedy=known)
    whole = analysis(inputs, names, settings, progress)
    values = _values(whole, by)
    two = _chosen(values, by, control)
    people = whole.tables.sessions.select("visitor", "automated").with_columns(value=values)
    people = people.with_columns(several=pl.col("value").drop_nulls().n_unique().over("visitor") > 1)
    told = people.filter(~pl.col("automated") & pl.col("value").is_in(two))
    counts = [
        told.filter((pl.col("value") == value) & ~pl.col("several"))["visitor"].n_unique() for value in two
    ]
    mixed = told.filter("several")["visitor"].n_unique()
    sides = [
        _side(
            whole,
            people.select((pl.col("value") == value).fill_null(value=False) & ~pl.col("several")).to_series(),
        )
        for value in two
    ]
    return Sides(sides[0], sides[1], two, sample(counts[0], counts[1], mixed, share))


def _values(whole: Analysis, by: str) -> pl.Series:
    """By session."""
    sessions = whole.tables.sessions
    if by not in sessions.columns:
        return pl.repeat(None, sessions.height, dtype=pl.String, eager=True)
    return whole.ingested.events.words.by_column[by].gather(sessions[by])


def _chosen(values: pl.Series, by: str, control: str | None) -> tuple[str, str]:
    """The old side and the new one: the two values that most sessions have, `control` or the first by name before."""
    counts = (
        values.drop_nulls().rename("value").value_counts().sort(["count", "value"], descending=[True, False])
    )
    found: list[str] = counts["value"].to_list()
    if len(found) < 2 or (control is not None and control not in found):
        known = ", ".join(found[:10]) or "none"
        raise InputError(
            "input.no_variants",
            f"{by} has not two values to compare, or not the one that was asked for",
            remedy=f"values found: {known}",
        )
    first = control or min(found[:2])
    return first, next(value for value in found if value != first)


def _side(whole: Analysis, mine: pl.Series) -> Report:
    """The report of these sessions alone; what is counted without sessions stays out of it."""
    tables = whole.tables
    report = build(replace(whole, tables=_only(tables, mine)))
    sessions = int((mine & ~tables.sessions["automated"]).sum())
    return replace(report, input=replace(report.input, sessions=sessions))


def _only(tables: Tables, mine: pl.Series) -> Tables:
    """Other sessions count as if no person had made them; their views and all that hangs on them go."""
    sessions = tables.sessions.with_columns(automated=pl.col("automated") | ~mine)
    views = tables.views.filter(mine.gather(tables.views["session_id"]))
    kept: dict[str, Any] = {
        name: _of(getattr(tables, name), mine, views["view"])
        for name in ("hits", "seen", "exposures", "uses", "evidence")
    }
    kept["sums"] = _sums(kept["hits"], views, tables.sums)
    rest: dict[str, Any] = {name: getattr(tables, name).clear() for name in ("counts", "fields", "timings")}
    return tables.changed(sessions=sessions, views=views, **kept, **rest)


def _sums(hits: pl.DataFrame, views: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """What the hits of one side come to. How bad a hit is on average is known of both sides together alone, and when
    it was to the page view.
    """
    if not hits.height:
        return whole.clear()
    opened = views["opened"].gather(views["view"].search_sorted(hits["view"]))
    summed = hits.with_columns(opened=opened).group_by(POINT, maintain_order=True)
    mine = summed.agg(
        n_findings=pl.col("findings").cast(pl.UInt32).sum(),
        n_views=pl.len().cast(pl.UInt32),
        first=pl.col("opened").min(),
        last=pl.col("opened").max(),
    )
    of_all = whole.select(*POINT, worst="n_thousandths", among="n_views")
    mine = mine.join(of_all, on=POINT, nulls_equal=True, maintain_order="left")
    each = pl.col("worst") / pl.col("among")
    mine = mine.with_columns(n_thousandths=(each * pl.col("n_views")).round())
    return mine.select(pl.col(name).cast(dtype) for name, dtype in whole.schema.items())


def _of(frame: pl.DataFrame, mine: pl.Series, views: pl.Series) -> pl.DataFrame:
    if "session_id" in frame.columns:
        return frame.filter(mine.gather(frame["session_id"]))
    return frame.filter(pl.col("view").is_in(views.implode())) if "view" in frame.columns else frame
