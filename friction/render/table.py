"""The friction points as CSV or as a workbook, one row a point, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from math import isfinite

from friction.i18n import ENGLISH, Language, advice_of, title_of
from friction.render.cells import cell
from friction.render.counted import where
from friction.render.workbook import Cell
from friction.render.workbook import workbook as written
from friction.report import Point, Report
from friction.tallies import Count

COLUMNS = (
    *("rank", "id", "detector", "page", "target", "title", "severity", "score", "findings"),
    *("sessions_affected", "sessions_exposed", "affected_share", "visitors_affected"),
    *("metric", "estimate", "low", "high", "per_1000_sessions"),
    *("revenue_estimate", "revenue_low", "revenue_high", "q_value", "confidence", "reason"),
    *("first_seen", "last_seen", "recommendation"),
    *("origin", "basis", "of", "share_low", "share_high", "elsewhere"),
)
"""The last ones are of what tools counted; `origin` is `detected` (by us) or the name of the source."""
_OF_IMPACT = ("metric", "estimate", "low", "high", "per_1000_sessions", "q_value", "confidence")


def workbook(report: Report, speak: Language = ENGLISH) -> bytes:
    """The same table as a workbook."""
    lines = [[_plain(row.get(name)) for name in COLUMNS] for row in _rows(report, speak)]
    return written(speak.text("Friction points"), COLUMNS, lines)


def _plain(value: object) -> Cell:
    """What a sheet can hold; numbers without an end are none."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, int) else str(value)


def points(report: Report, speak: Language = ENGLISH) -> str:
    """All points in rank order, title and advice in this language, then what tools counted, in ranks of their own.

    An empty cell means "cannot be said".
    """
    page = io.StringIO()
    rows = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(_rows(report, speak))
    return page.getvalue()


def _rows(report: Report, speak: Language) -> Iterator[dict[str, object]]:
    for point in report.points:
        yield _row(point, speak) | {"origin": "detected"}
    for tally in report.counted:
        for one in tally.counts:
            yield _counted(one, tally.source, speak)


def _row(point: Point, speak: Language) -> dict[str, object]:
    impact, revenue = point.impact, point.impact.revenue
    values = {name: getattr(impact if name in _OF_IMPACT else point, name, None) for name in COLUMNS}
    values["title"] = title_of(point, speak)
    values["recommendation"] = advice_of(point, speak).text
    values["reason"] = point.reason or impact.reason
    if revenue:
        values |= {
            "revenue_estimate": revenue.estimate,
            "revenue_low": revenue.low,
            "revenue_high": revenue.high,
        }
    return {name: cell(value) if isinstance(value, str) else value for name, value in values.items()}


def _counted(one: Count, source: str, speak: Language) -> dict[str, object]:
    """A place of a tool's list; of segments there is none in it."""
    values = {
        "rank": one.rank,
        "id": one.id,
        "detector": one.measure,
        "page": one.page,
        "target": one.target,
        "title": f"{speak.word('measure', one.measure)}, {where(one, speak)}",
        "findings": one.incidents,
        "sessions_affected": one.affected,
        "sessions_exposed": one.exposed,
        "affected_share": one.share,
        "q_value": one.q_value,
        "reason": "counted_by_the_tool",
        "origin": source,
        "basis": one.basis,
        "of": one.of,
        "share_low": one.low,
        "share_high": one.high,
        "elsewhere": one.elsewhere,
    }
    return {name: cell(value) if isinstance(value, str) else value for name, value in values.items()}
