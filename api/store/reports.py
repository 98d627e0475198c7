"""Reports and their points. The report itself is a file; here is what lists, filters and caches need to know."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import now
from .scope import Scope
from .tables import points, report_points, reports

_POINTS, _BEGIN, _END = b'\n  "points": [', b"\n    {", b"\n    }"


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
    is_complete: bool = True
    """False as long as only its list is there (`api.listed`)."""


def publish(scope: Scope, report_id: str, job_id: str, written: bytes) -> None:
    """Make a report visible with all its points; doing it twice changes nothing."""
    if get(scope, report_id) is not None:
        return
    moment, content = now(), json.loads(written)
    row = {"id": report_id, "job_id": job_id, "bytes": len(written), "created": moment}
    digest = hashlib.sha256(written).hexdigest()
    scope.add(reports, {**row, "sha256": digest, "summary": summary(content)})
    found = content["points"]
    stand = zip(found, places(written), strict=True)
    scope.add(report_points, *(_point(report_id, at, *one) for at, one in enumerate(stand)))
    _live(scope, report_id, [str(point["id"]) for point in found], moment)


def renew(scope: Scope, report_id: str, written: bytes) -> None:
    """The report has other bytes now: its points and its summary as well. The life of the points stays."""
    content = json.loads(written)
    values = {
        "bytes": len(written),
        "sha256": hashlib.sha256(written).hexdigest(),
        "summary": summary(content),
    }
    scope.run(scope.change(reports).where(reports.c.id == report_id).values(values))
    scope.run(scope.remove(report_points).where(report_points.c.report_id == report_id))
    stand = zip(content["points"], places(written), strict=True)
    scope.add(report_points, *(_point(report_id, at, *one) for at, one in enumerate(stand)))


def older(scope: Scope, before: dt.datetime) -> list[ReportRow]:
    """Reports made before this time, the oldest first."""
    chosen = scope.all(reports).where(reports.c.created < before).order_by(reports.c.created, reports.c.id)
    return [ReportRow(**row) for row in scope.rows(chosen)]


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


def _point(report_id: str, position: int, point: Mapping[str, Any], place: tuple[int, int]) -> dict[str, Any]:
    shown = {name: point[name] for name in ("detector", "page", "target", "score")}
    stands = {"position": position, "start": place[0], "length": place[1]}
    return {"report_id": report_id, "point_id": point["id"], **shown, **stands}


def places(written: bytes) -> Iterator[tuple[int, int]]:
    """Where in a report's JSON each point stands, as first byte and length.

    The report is written one member a line, indented by two: a point begins and ends with a brace at depth two.
    """
    at = written.index(_POINTS) + len(_POINTS)
    end = at if written[at : at + 1] == b"]" else written.index(b"\n  ]", at)
    while (start := written.find(_BEGIN, at - 1, end)) >= 0:
        start += len(_BEGIN) - 1
        at = written.index(_END, start) + len(_END)
        yield start, at - start


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


def place(scope: Scope, report_id: str, point_id: str) -> tuple[int, int] | None:
    """Where in the report's JSON this point stands; null when the report has no such point."""
    chosen = (report_points.c.report_id == report_id, report_points.c.point_id == point_id)
    row = scope.first(scope.all(report_points).where(*chosen))
    return None if row is None else (row["start"], row["length"])
