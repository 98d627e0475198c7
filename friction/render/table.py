"""The friction points as CSV, one row a point, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from friction.i18n import ENGLISH, Language, advice_of, title_of
from friction.render.cells import cell
from friction.report import Point, Report

COLUMNS = (
    *("rank", "id", "detector", "page", "target", "title", "severity", "score", "findings"),
    *("sessions_affected", "sessions_exposed", "affected_share", "visitors_affected"),
    *("metric", "estimate", "low", "high", "per_1000_sessions"),
    *("revenue_estimate", "revenue_low", "revenue_high", "q_value", "confidence", "reason"),
    *("first_seen", "last_seen", "recommendation"),
)
_OF_IMPACT = ("metric", "estimate", "low", "high", "per_1000_sessions", "q_value", "confidence")


def points(report: Report, speak: Language = ENGLISH) -> str:
    """All points in rank order, title and advice in this language. An empty cell means "cannot be said"."""
    page = io.StringIO()
    rows = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(_row(point, speak) for point in report.points)
    return page.getvalue()


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
