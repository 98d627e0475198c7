"""Friction points: of one report, and over time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from friction.errors import UsageError

from .. import paging
from ..errors import Refused, missing
from ..service import Service, ServiceDep
from ..store import points, reports
from ..store.points import PointLife
from ..store.tables import points as lives
from ..store.tables import report_points as table
from .moments import Moment
from .reports import found as report_found
from .reports import points_at

router = APIRouter(prefix="/v1", tags=["points"])

State = Literal["new", "ongoing", "worse", "better", "fixed", "regressed", "muted"]
Text = Annotated[str | None, Field(max_length=2000)]


class PointPage(BaseModel):
    """Points in the order of the report, each as it stands there; `next` is null on the last page."""

    points: list[dict[str, Any]]
    next: str | None


class Evidence(BaseModel):
    """Moments that show a point, and where they stand in the files."""

    evidence: list[dict[str, Any]]


class PointDay(BaseModel):
    """Sessions that saw the page, and those of them that met the friction."""

    day: str
    exposed: int
    affected: int


class PointAnswer(BaseModel):
    """The life of a friction point over all reports."""

    point_id: str
    state: State
    first_report: str
    last_report: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    owner: str | None
    note: str | None
    link: str | None
    mute_reason: str | None
    muted_until: dt.datetime | None
    mute_beyond: float | None
    detector: str | None
    page: str | None
    target: str | None
    title: str | None
    since: str | None = Field(description="first day of its state")
    cost: float = Field(description="lost conversions or extra exits a day")
    days: list[PointDay] = Field(default=[], description="by day, where the project is scanned at night")
    also: list[dict[str, Any]] = Field(
        default=[], description="points of other ids that are this one, each with why"
    )

    @classmethod
    def of(cls, life: PointLife, *, whole: bool = True) -> PointAnswer:
        """Of its row; not `whole` in a list."""
        own = ("point_id", "state", "days", "also")
        kept = {name: getattr(life, name) for name in cls.model_fields if name not in own}
        known = (life.life or {}) if whole else {}
        days = [
            PointDay(day=day, exposed=n, affected=k) for day, (n, k) in sorted(known.get("days", {}).items())
        ]
        said = {"point_id": life.id, "state": life.state, "days": days, "also": known.get("also", [])}
        return cls.model_validate({**said, **kept})


class LifePage(BaseModel):
    """Friction points over time, the costliest first; `next` is null on the last page."""

    points: list[PointAnswer]
    next: str | None


class PointChange(BaseModel):
    """What people say about a point; members that are left out stay as they are, null takes them away."""

    model_config = ConfigDict(extra="forbid")

    muted: bool | None = Field(default=None, description="true: say nothing of it any more; false: do again")
    muted_until: Moment | None = None
    mute_beyond: Annotated[float | None, Field(gt=1)] = Field(
        default=None, description="until it is met so many times as often as now"
    )
    mute_reason: Text = None
    owner: Text = None
    note: Text = None
    link: Annotated[str | None, Field(max_length=2000, pattern=r"^https?://")] = None


@router.get("/reports/{report_id}/points")
def several(
    report_id: str,
    service: ServiceDep,
    detector: Annotated[list[str], Query(description="only of these detectors")] = [],  # noqa: B006
    page: Annotated[str | None, Query(description="only on this page", max_length=2000)] = None,
    min_score: Annotated[
        float | None, Query(ge=0, le=100, description="only points with at least this score")
    ] = None,
    state: Annotated[list[State], Query(description="only in these states of their life")] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> PointPage:
    """The points of a report, the costliest first."""
    report_found(service, report_id)
    key = paging.decoded(cursor, (int,))
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).where(table.c.report_id == report_id).order_by(table.c.position)
        if detector:
            chosen = chosen.where(table.c.detector.in_(detector))
        if page is not None:
            chosen = chosen.where(table.c.page == page)
        if min_score is not None:
            chosen = chosen.where(table.c.score >= min_score)
        if state:
            alive = scope.all(lives).where(lives.c.state.in_(state)).with_only_columns(lives.c.id)
            chosen = chosen.where(table.c.point_id.in_(alive))
        if key is not None:
            chosen = chosen.where(table.c.position > key[0])
        found = scope.rows(chosen.limit(limit + 1))
    more = paging.encoded(found[limit - 1]["position"]) if len(found) > limit else None
    places = [(row["start"], row["length"]) for row in found[:limit]]
    return PointPage(points=points_at(service, report_id, places), next=more)


@router.get("/reports/{report_id}/points/{point_id}")
def one(report_id: str, point_id: str, service: ServiceDep) -> dict[str, Any]:
    """One point as the report has it."""
    report_found(service, report_id)
    with service.store.read(service.project) as scope:
        place = reports.place(scope, report_id, point_id)
    if place is None:
        raise missing("point")
    return points_at(service, report_id, [place])[0]


@router.get("/reports/{report_id}/points/{point_id}/evidence")
def evidence(report_id: str, point_id: str, service: ServiceDep) -> Evidence:
    """The moments that show the point."""
    return Evidence(evidence=one(report_id, point_id, service)["evidence"])


@router.get("/points")
def over_time(
    service: ServiceDep,
    state: Annotated[list[State], Query(description="only in these states")] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> LifePage:
    """All points that any report of the project had, the costliest first."""
    key = paging.decoded(cursor, (float, str))
    columns = [column for column in lives.c if column.name != "life"]
    with service.store.read(service.project) as scope:
        chosen = scope.all(lives).with_only_columns(*columns).order_by(lives.c.cost.desc(), lives.c.id)
        if state:
            chosen = chosen.where(lives.c.state.in_(state))
        if key is not None:
            behind = (lives.c.cost == key[0]) & (lives.c.id > key[1])
            chosen = chosen.where((lives.c.cost < key[0]) | behind)
        rows = [PointLife(**row, life=None) for row in scope.rows(chosen.limit(limit + 1))]
    more = paging.encoded(rows[limit - 1].cost, rows[limit - 1].id) if len(rows) > limit else None
    return LifePage(points=[PointAnswer.of(row, whole=False) for row in rows[:limit]], next=more)


@router.delete("/points/{point_id}/also/{other_id}", status_code=204)
def apart(point_id: str, other_id: str, service: ServiceDep) -> None:
    """Undo that another point was taken for this one; it will not be taken for it again."""
    before = _life(service, point_id)
    known = before.life or {}
    also = [match for match in known.get("also", []) if match["id"] != other_id]
    if len(also) == len(known.get("also", [])):
        raise missing("point")
    life = {**known, "also": also, "apart": [*known.get("apart", []), other_id]}
    with service.store.write(service.project) as scope:
        if not points.change(scope, point_id, before.version, {"life": life}):
            raise _changed_meanwhile()


@router.get("/points/{point_id}")
def life(point_id: str, response: Response, service: ServiceDep) -> PointAnswer:
    """The point over all reports; its `ETag` is what `If-Match` of a change asks for."""
    return _answer(_life(service, point_id), response)


@router.patch("/points/{point_id}")
def change(
    point_id: str,
    asked: PointChange,
    response: Response,
    service: ServiceDep,
    if_match: Annotated[
        str | None, Header(description="change it only if it is still as it was read")
    ] = None,
) -> PointAnswer:
    """Mute it, give it an owner, a note, a link to a ticket. Muted for ever it wants a reason."""
    before = _life(service, point_id)
    if if_match is not None and if_match.strip() not in ("*", _tag(before)):
        raise _changed_meanwhile()
    values = asked.model_dump(include=asked.model_fields_set - {"muted"})
    if asked.muted is not None:
        values = {**_muting(asked), **values}
        course = (before.life or {}).get("course", "ongoing") if before.state == "muted" else before.state
        values["state"] = "muted" if asked.muted else course
    if asked.mute_beyond is not None:
        values["mute_rate"] = points.rate(before)
    with service.store.write(service.project) as scope:
        if not points.change(scope, point_id, before.version, values):
            raise _changed_meanwhile()
    return _answer(_life(service, point_id), response)


def _muting(asked: PointChange) -> dict[str, Any]:
    """A mute takes the place of the one before, with all that was said of that."""
    if asked.muted and not (asked.muted_until or asked.mute_beyond or (asked.mute_reason or "").strip()):
        raise UsageError(
            "point.reason",
            "muting a point for ever wants a reason",
            remedy="give mute_reason, or muted_until or mute_beyond for a mute that ends",
        )
    return {"muted_until": None, "mute_beyond": None, "mute_rate": None, "mute_reason": None}


def _life(service: Service, point_id: str) -> PointLife:
    with service.store.read(service.project) as scope:
        found = points.get(scope, point_id)
    if found is None:
        raise missing("point")
    return found


def _answer(found: PointLife, response: Response) -> PointAnswer:
    response.headers["ETag"] = _tag(found)
    return PointAnswer.of(found)


def _tag(found: PointLife) -> str:
    return f'"{found.version}"'


def _changed_meanwhile() -> Refused:
    return Refused(
        412,
        "request.changed_meanwhile",
        "the point has been changed since it was read",
        remedy="read it again",
    )
