"""What lies beside a report: further views, single sessions, masked recordings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from .. import beside, paging
from ..beside import Who, Wish
from ..service import ServiceDep

router = APIRouter(prefix="/v1/reports/{report_id}", tags=["reports"])


class Views(BaseModel):
    """What the report itself has no place for; empty where it was made without."""

    paths: dict[str, Any] = Field(default={}, description="ways from the start, and around each page")
    speed: list[dict[str, Any]] = Field(default=[], description="measures of loading by page and device")
    forms: list[dict[str, Any]] = Field(default=[], description="forms with their fields")
    kinds: dict[str, Any] = Field(default={}, description="types of pages, and the funnel over them")


class SessionPage(BaseModel):
    """Sessions of the report: those that show a point, then others drawn by lot."""

    total: int = Field(description="sessions that the report is of")
    listed: int = Field(description="of those that are listed, how many fit")
    sessions: list[dict[str, Any]]
    next: str | None


class Recording(BaseModel):
    """A masked recording: the events of each tab in the layout of rrweb."""

    session_id: str
    tabs: list[list[dict[str, Any]]]


class Recordings(BaseModel):
    """Which sessions can be played again: `start` and `end` in epoch milliseconds, and their tabs."""

    recordings: dict[str, dict[str, Any]]


def wished(
    point: Annotated[str | None, Query(max_length=40, description="that met this point")] = None,
    who: Annotated[Who | None, Query(description="that reached the goal, or did not")] = None,
    device: Annotated[str | None, Query(max_length=100, description="on this kind of device")] = None,
    page: Annotated[str | None, Query(max_length=500, description="that began or ended there")] = None,
    replay: Annotated[bool, Query(description="that can be played again")] = False,
    q: Annotated[str | None, Query(max_length=100, description="whose name holds this")] = None,
    saw: Annotated[list[str], Query(max_length=20, description="that saw all these pages")] = [],  # noqa: B006
) -> Wish:
    """The sessions that a query asks for."""
    return Wish(point or None, who, device or None, page or None, replay, q or None, tuple(saw))


@router.get("/views")
def views(report_id: str, service: ServiceDep) -> Views:
    """The ways people take, loading by page and device, forms, and a funnel over kinds of pages."""
    return Views.model_validate(beside.views(service, report_id))


@router.get("/sessions")
def sessions(
    report_id: str,
    service: ServiceDep,
    wish: Annotated[Wish, Depends(wished)],
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> SessionPage:
    """Single sessions: when, what they met, whether they can be played again."""
    total, fitting = beside.sessions(service, report_id, wish)
    key = paging.decoded(cursor, (int,))
    start = max(key[0], 0) if key is not None else 0
    shown = [{name: value for name, value in each.items() if name not in _PLACE} for each in fitting]
    more = paging.encoded(start + limit) if len(fitting) > start + limit else None
    return SessionPage(total=total, listed=len(fitting), sessions=shown[start : start + limit], next=more)


_PLACE = {"at", "length"}


@router.get("/sessions/{session_id:path}")
def session(report_id: str, session_id: str, service: ServiceDep) -> dict[str, Any]:
    """One session with all it did; `around` in milliseconds from its start."""
    return beside.session(service, report_id, session_id)


@router.get("/recordings")
def recordings(report_id: str, service: ServiceDep) -> Recordings:
    """The sessions that can be played again."""
    return Recordings(recordings=beside.recordings(service, report_id))


@router.get("/recordings/{session_id:path}")
def recording(report_id: str, session_id: str, service: ServiceDep) -> Recording:
    """A masked recording; no address, nothing typed, no script and no picture is in it."""
    return Recording(session_id=session_id, tabs=beside.recording(service, report_id, session_id))
