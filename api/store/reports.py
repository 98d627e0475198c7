"""Reports and their points. The report itself is a file; here is what lists, filters and caches need to know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import now
from .scope import Scope
from .tables import points, report_points, reports


@dataclass(frozen=True)
class ReportRow:
    """A finished report; `summary` has its books and goal, `sha256` is of its JSON."""

    id: str
    project_id: str
    job_id: str
    sha256: str
    bytes: int
    summary: dict[str, Any]
    created: dt.datetime


def publish(
    scope: Scope, report_id: str, job_id: str, content: Mapping[str, Any], sha256: str, size: int
) -> None:
    """Make a report visible with all its points; doing it twice changes nothing."""
    if get(scope, report_id) is not None:
        return
    moment = now()
    row = {"id": report_id, "job_id": job_id, "sha256": sha256, "bytes": size, "created": moment}
    scope.add(reports, {**row, "summary": summary(content)})
    found = content["points"]
    scope.add(report_points, *(_point(report_id, point) for point in found))
    _live(scope, report_id, [str(point["id"]) for point in found], moment)


def summary(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a list of reports shows of each."""
    books = content["input"]
    kept = ("rows_total", "rows_accepted", "rows_rejected", "events", "sessions", "visitors", "start", "end")
    files = [{"name": file["name"], "source": file["source"]} for file in books["files"]]
    return {
        "input": {"files": files, **{name: books[name] for name in kept}},
        "goal": content["goal"],
        "points": len(content["points"]),
    }


def _point(report_id: str, point: Mapping[str, Any]) -> dict[str, Any]:
    impact = point["impact"]
    return {
        "report_id": report_id,
        "point_id": point["id"],
        "rank": point["rank"],
        "detector": point["detector"],
        "page": point["page"],
        "target": point["target"],
        "score": point["score"],
        "estimate": impact["estimate"],
        "confidence": impact["confidence"],
        "content": dict(point),
    }


def _live(scope: Scope, report_id: str, ids: Sequence[str], moment: dt.datetime) -> None:
    """The life of each point goes on, or begins."""
    known = {row["id"]: row for row in scope.rows(scope.all(points)) if row["id"] in set(ids)}
    fresh = [each for each in ids if each not in known]
    born = {"state": "new", "version": 1, "first_report": report_id, "first_seen": moment}
    scope.add(
        points, *({"id": each, **born, "last_report": report_id, "last_seen": moment} for each in fresh)
    )
    if known:
        seen = scope.change(points).where(points.c.id.in_(sorted(known)))
        scope.run(seen.values(last_report=report_id, last_seen=moment))
        scope.run(seen.where(points.c.state == "new").values(state="ongoing"))


def get(scope: Scope, report_id: str) -> ReportRow | None:
    """The report; null when there is none in this project."""
    row = scope.first(scope.all(reports).where(reports.c.id == report_id))
    return None if row is None else ReportRow(**row)


def remove(scope: Scope, report_id: str) -> bool:
    """Forget the report and its points; the life of the points stays. False when there is none."""
    scope.run(scope.remove(report_points).where(report_points.c.report_id == report_id))
    return scope.run(scope.remove(reports).where(reports.c.id == report_id)) == 1


def point(scope: Scope, report_id: str, point_id: str) -> dict[str, Any] | None:
    """One point as the report has it."""
    chosen = scope.all(report_points).where(
        report_points.c.report_id == report_id, report_points.c.point_id == point_id
    )
    row = scope.first(chosen)
    return None if row is None else row["content"]
