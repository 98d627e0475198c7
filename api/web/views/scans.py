"""Nightly scans as a page: when they run, what they told, and release marks; the same calls as under `/v1`."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from friction.errors import UsageError

from ...routes import nights
from ...service import ServiceDep
from ..frame import page

router = APIRouter(include_in_schema=False)

A_PAGE = 30
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/scans")
def show(
    request: Request, service: ServiceDep, cursor: Annotated[str | None, Query(max_length=400)] = None
) -> Response:
    """Scans, the latest first, with the schedule and the marks."""
    found = nights.several(service, limit=A_PAGE, cursor=cursor)
    schedule, sources = nights.schedule(service), nights.sources(service)
    return page(
        request,
        "views/scans.jinja",
        at="scans",
        scans=found.scans,
        further=found.next,
        schedule=schedule,
        written=json.dumps(schedule.settings, indent=2, ensure_ascii=False) if schedule.settings else "",
        sources=sources.sources,
        noted=nights.noted(service).annotations,
    )


@router.post("/scans")
def start(service: ServiceDep) -> RedirectResponse:
    """Scan now."""
    nights.start(service, Response())
    return RedirectResponse("/scans", 303)


@router.post("/scans/schedule")
def schedule(request: Request, service: ServiceDep, settings: Text) -> RedirectResponse:
    """Set how the project is scanned; raises `UsageError` for what is no JSON object."""
    nights.set_schedule(nights.ScheduleChange(settings=_object(settings)), service, request)
    return RedirectResponse("/scans", 303)


@router.post("/scans/marks")
def mark(service: ServiceDep, text: Annotated[str, Form(min_length=1, max_length=200)]) -> RedirectResponse:
    """Note a release as of now."""
    nights.annotate(nights.MarkChange(text=text), service)
    return RedirectResponse("/scans#marks", 303)


@router.post("/scans/marks/{mark_id}/remove")
def forget(mark_id: str, service: ServiceDep) -> RedirectResponse:
    """Take a mark away."""
    nights.forget(mark_id, service)
    return RedirectResponse("/scans#marks", 303)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        remedy = "write the sections of friction.toml as one JSON object"
        raise UsageError("request.invalid", "the settings are no JSON object", remedy=remedy)
    return found
