"""What all watched series say: their changes with the chance of a false one, and what is no alarm after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from friction.detectors.dropoff_spike import DropoffSpike
from friction.dropoff import instant
from friction.points import Points, identity
from friction.rank import FALSE_DISCOVERIES, q_values
from friction.reduce import Tables
from friction.report import Range, Segment, Series, SeriesChange
from friction.summary.explained import Window, explained, other_visitors
from friction.summary.funnel import common
from friction.summary.points import Names
from friction.summary.steps import Steps
from friction.summary.watched import Watched, watched
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.summary.analysis import Analysis

DETECTOR = "dropoff_spike"
COUNTS = pl.Schema({"page": pl.UInt32(), "hour": pl.Int64(), "n": pl.UInt32(), "k": pl.UInt32()})
SEGMENTS_SHOWN = 3
QUIET_SHOWN = 100
"""Series of one measure without a change that are listed, those with most chances first."""
CALIBRATED = frozenset({"exits", "step", "step_any_order"})
"""Measures whose alarms were counted in simulations; of the others, a change must also be clear among all series."""


@dataclass(frozen=True)
class Judged:
    """All series, and `changes`: the columns of `DropoffSpike.changes` with `page` the position in `series`, `q`, and
    `reason` why a rise is no alarm (null: it is one)."""

    series: Sequence[Watched]
    changes: pl.DataFrame
    sight: pl.DataFrame
    """What could be seen in each series, as `DropoffSpike.sight`."""
    margin: float

    def window(self, row: dict[str, Any]) -> Window:
        """Where a change lies, and the hours before it that it was compared with."""
        before = (pl.col("page") == row["page"]) & (pl.col("start_hour") < row["start_hour"])
        return Window.of(row, self.changes.filter(before), self.margin)

    def exits(self, page: int) -> pl.DataFrame:
        """`hour, n, k` of a page: its views and its exits."""
        return next(each.counts for each in self.series if each.measure == "exits" and each.page == page)

    def of_page(self, page: int) -> pl.DataFrame:
        """Changes of a page's exits."""
        mine = [at for at, each in enumerate(self.series) if each.measure == "exits" and each.page == page]
        return self.changes.filter(pl.col("page").is_in(mine))

    def pages(self) -> list[int]:
        """Pages whose exits rose beyond the ordinary, in order."""
        alarms = self.changes.filter((pl.col("kind") != "fall") & pl.col("reason").is_null())
        found = (self.series[at] for at in alarms["page"].unique().sort())
        return sorted(each.page for each in found if each.measure == "exits" and each.page is not None)


def watch(analysis: Analysis, points: Points | None) -> Judged | None:
    """All series of an analysis, judged; null where spikes of exits are not looked for."""
    detector = analysis.detectors.get(DETECTOR)
    if not isinstance(detector, DropoffSpike) or DETECTOR in analysis.skipped:
        return None
    tables = analysis.tables
    pages = tuple(common(tables))
    ways = [Steps(pages, measure) for measure in ("step", "step_any_order")] if len(pages) > 1 else []
    return judged(watched(tables, points, ways, analysis.zone), detector, tables.sessions, analysis.zone)


def judged(series: Sequence[Watched], detector: DropoffSpike, sessions: pl.DataFrame, zone: str) -> Judged:
    """Judge every series, the chances of false changes counted over all of them."""
    counts = [
        each.counts.select(pl.lit(at).alias("page"), "hour", "n", "k").cast(COUNTS)
        for at, each in enumerate(series)
    ]
    changes, sight = detector.judge(pl.concat([pl.DataFrame(schema=COUNTS), *counts]))
    quiet = sight.filter(pl.col("reason").is_null() & ~pl.col("page").is_in(changes["page"].implode())).height
    q = q_values([*changes["p"], *[1.0] * quiet])[: changes.height]
    changes = changes.with_columns(q=pl.Series(q, dtype=pl.Float64))
    clear = [
        series[at].measure in CALIBRATED or (each is not None and each <= FALSE_DISCOVERIES)
        for at, each in zip(changes["page"], q, strict=True)
    ]
    changes = changes.filter(pl.Series(clear, dtype=pl.Boolean))
    found = Judged(series, changes, sight, detector.margin)
    reasons = [_reason(found, row, sessions, zone) for row in changes.iter_rows(named=True)]
    return replace(found, changes=changes.with_columns(reason=pl.Series(reasons, dtype=pl.String)))


def _reason(found: Judged, row: dict[str, Any], sessions: pl.DataFrame, zone: str) -> str | None:
    if row["kind"] == "fall":
        return None
    units = found.series[row["page"]].units()
    others = other_visitors(units, sessions, found.window(row), zone, row["ratio"])
    return "other_visitors" if others else None


def in_report(found: Judged, tables: Tables, names: Names, zone: str, points: Points | None) -> list[Series]:
    """Series with a change first, then the others by how much they saw."""
    sight = {row["page"]: row for row in found.sight.iter_rows(named=True)}
    ids = _ids(points.table, names) if points else {}
    listed: list[Series] = []
    shown: dict[str, int] = {}
    for at in sorted(sight, key=lambda at: (-sight[at]["n"], at)):
        one = found.series[at]
        rows = found.changes.filter(pl.col("page") == at).sort("start_hour")
        shown[one.measure] = shown.get(one.measure, 0) + 1
        if rows.height or shown[one.measure] <= QUIET_SHOWN:
            told = [_change(found, row, tables.sessions, names, zone) for row in rows.iter_rows(named=True)]
            listed.append(_series(one, sight[at], told, names, ids))
    return sorted(listed, key=lambda each: not each.changes)


def _series(
    one: Watched, seen: dict[str, Any], changes: list[SeriesChange], names: Names, ids: dict[int, str]
) -> Series:
    return Series(
        measure=one.measure,
        page=None if one.page is None else names.page(one.page),
        to=None if one.to is None else names.page(one.to),
        point=None if one.point is None else ids.get(one.point),
        bucket=seen["bucket"],
        n=seen["n"],
        k=seen["k"],
        smallest_lift=seen["smallest_lift"],
        reason=seen["reason"],
        changes=changes,
    )


def _change(
    found: Judged, row: dict[str, Any], sessions: pl.DataFrame, names: Names, zone: str
) -> SeriesChange:
    rose = row["kind"] != "fall"
    units = found.series[row["page"]].units
    return SeriesChange(
        kind=row["kind"],
        start=instant(row["start_hour"], zone) or "",
        end=instant(row["end_hour"], zone),
        n=row["n"],
        k=row["k"],
        expected=row["expected"],
        rate_before=row["rate_before"],
        rate_in=row["rate_in"],
        ratio=Range(row["ratio"], row["ratio_low"], row["ratio_high"]),
        p_value=row["p"],
        q_value=row["q"],
        segments=segments(units(), found.window(row), sessions, names, zone) if rose else [],
        reason=row["reason"],
    )


def segments(
    units: pl.DataFrame, at: Window, sessions: pl.DataFrame, names: Names, zone: str
) -> list[Segment]:
    """The visitors that a rise comes from; `lift`: their events over those that their own past expects."""
    found = explained(units, sessions, at, zone).head(SEGMENTS_SHOWN)
    return [
        Segment(row["dimension"], names.word(row["dimension"], row["code"]), row["k"], row["n"], row["ratio"])
        for row in found.iter_rows(named=True)
    ]


def _ids(table: pl.DataFrame, names: Names) -> dict[int, str]:
    """Number of each friction point → its id in the report."""
    rows = table.select("point", pl.col("detector").cast(pl.String), "page", "target").iter_rows()
    return {
        point: identity(detector, names.page(page), names.target(detector, target))
        for point, detector, page, target in rows
    }
