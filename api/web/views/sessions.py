"""Sessions: those that show a point and others drawn by lot; one with all it did, and its recording."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from friction.render.html.marks import strip
from friction.report import Around, Evidence, Point

from ... import beside
from ...beside import Wish
from ...routes.sessions import wished
from ...service import ServiceDep
from .shown import View

router = APIRouter(include_in_schema=False)

A_PAGE = 50


@router.get("/reports/{report_id}/sessions")
def several(
    report_id: str,
    request: Request,
    service: ServiceDep,
    wish: Annotated[Wish, Depends(wished)],
    start: Annotated[int, Query(alias="from", ge=0)] = 0,
) -> Response:
    """The list, filtered by what stands in the address."""
    view = View.of(request, service, report_id)
    total, fitting = beside.sessions(service, report_id, wish)
    _, every = beside.sessions(service, report_id, Wish())
    points = {point.id: point for point in view.report.all_points}
    return view.shown(
        "sessions.jinja",
        "sessions",
        wish=wish,
        all_sessions=total,
        listed=len(every),
        fitting=len(fitting),
        sessions=[
            {**each, "lasts": seconds(each["start"], each["end"])} for each in fitting[start : start + A_PAGE]
        ],
        after=start + A_PAGE if len(fitting) > start + A_PAGE else None,
        known=points,
        offered=[point for point in points.values() if any(point.id in each["points"] for each in every)],
        devices=sorted({each["about"].get("device") for each in every} - {None}),
        can_replay=any(each["replay"] for each in every),
        link=lambda start: _link(request, start),
    )


def _link(request: Request, start: int) -> str:
    return "?" + str(request.url.include_query_params(**{"from": start}).query)


@router.get("/reports/{report_id}/sessions/{session_id:path}")
def one(
    report_id: str,
    session_id: str,
    request: Request,
    service: ServiceDep,
    at: Annotated[str | None, Query(max_length=40)] = None,
    tab: Annotated[int | None, Query(ge=1, le=100)] = None,
) -> Response:
    """What it did as a strip and a list, its points, and the recording where there is one."""
    view = View.of(request, service, report_id)
    session = beside.session(service, report_id, session_id)
    recorded = beside.recordings(service, report_id).get(session_id)
    around = [Around(**each) for each in session["around"]]
    met = moments(view, session)
    drawn = strip(_whole(session, around), session["entry"] or "", 0, view.say)
    return view.shown(
        "session.jinja",
        "sessions",
        inside=True,
        session=session,
        lasted=seconds(session["start"], session["end"]),
        around=around,
        strip=drawn and replace(drawn, window=(drawn.window[0], "0")),
        met=met,
        moment_at=at or next((moment.start for _, moment, _ in met if moment), None),
        tab_number=tab,
        recorded=recorded,
    )


def moments(view: View, session: dict[str, Any]) -> list[tuple[Point, Evidence | None, float]]:
    """The points that it met, each with its moment where it is one that shows the point, and seconds until then."""
    known = {point.id: point for point in view.report.all_points}
    met = [known[each] for each in session["points"] if each in known]
    shown = [
        (point, next((each for each in point.evidence if each.session_id == session["id"]), None))
        for point in met
    ]
    return [(point, one, seconds(session["start"], one.start) if one else 0.0) for point, one in shown]


def seconds(start: str, end: str) -> float:
    """From one time to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _whole(session: dict[str, Any], around: list[Around]) -> Evidence:
    """The session as one moment, for its strip."""
    return Evidence(
        session_id=session["id"],
        start=session["start"],
        end=session["end"],
        events=session["events"],
        severity=0.0,
        file="",
        rows=[],
        more=[],
        detail={},
        around=around,
    )
