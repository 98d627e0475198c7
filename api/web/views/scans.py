"""Nightly scans as a page: when they run, what they told, and release marks; the same calls as under `/v1`."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from friction.errors import UsageError

from ...routes import marks, scans
from ...routes import schedule as twin
from ...service import Service, ServiceDep
from ..frame import page

router = APIRouter(include_in_schema=False)

A_PAGE = 30
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/scans")
def show(
    request: Request, service: ServiceDep, cursor: Annotated[str | None, Query(max_length=400)] = None
) -> Response:
    """Scans, the latest first, with the schedule and the marks."""
    return _shown(request, service, cursor)


def _shown(
    request: Request,
    service: Service,
    cursor: str | None = None,
    plan: twin.PlanAnswer | None = None,
    asked: twin.NightsAsked = twin.LATEST,
) -> Response:
    found = scans.several(service, limit=A_PAGE, cursor=cursor)
    schedule = twin.schedule(service)
    return page(
        request,
        "views/scans.jinja",
        at="scans",
        scans=found.scans,
        further=found.next,
        schedule=schedule,
        written=json.dumps(schedule.settings, indent=2, ensure_ascii=False) if schedule.settings else "",
        sources=twin.sources(service).sources,
        noted=marks.noted(service).annotations,
        plan=plan,
        asked=asked,
    )


@router.post("/scans")
def start(service: ServiceDep, since: Text = "", until: Text = "") -> RedirectResponse:
    """Scan now, also the nights of these days."""
    scans.start(service, Response(), _asked(since, until))
    return RedirectResponse("/scans", 303)


@router.post("/scans/check")
def check(request: Request, service: ServiceDep, since: Text = "", until: Text = "") -> Response:
    """The same page with what a scan would do."""
    asked = _asked(since, until)
    return _shown(request, service, plan=twin.check(service, asked), asked=asked)


def _asked(since: str, until: str) -> twin.NightsAsked:
    try:
        return twin.NightsAsked.model_validate({"since": since or None, "until": until or None})
    except ValidationError:
        detail = "one of the days is none"
        raise UsageError("request.invalid", detail, remedy="write it like 2026-03-29") from None


@router.post("/scans/sources")
def add(
    request: Request,
    service: ServiceDep,
    name: Annotated[str, Form(min_length=1, max_length=60)],
    at: Annotated[str, Form(min_length=1, max_length=2000)],
    rows: Text = "",
    watermark: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """One more source; `rows` is a SELECT or the name of a table."""
    settings = twin.schedule(service).settings
    which = "query" if " " in rows.strip() else "table"
    said = {"at": at.strip(), which: rows.strip(), "watermark": watermark.strip()}
    source = {key: value for key, value in said.items() if value}
    sources = {**settings.get("sources", {}), name.strip(): source}
    twin.set_schedule(twin.ScheduleChange(settings={**settings, "sources": sources}), service, request)
    return RedirectResponse("/scans#h-from", 303)


@router.post("/scans/sources/{name}/remove")
def remove(name: str, request: Request, service: ServiceDep) -> RedirectResponse:
    """No longer read there; what was read stays."""
    settings = twin.schedule(service).settings
    sources = {each: said for each, said in settings.get("sources", {}).items() if each != name}
    twin.set_schedule(twin.ScheduleChange(settings={**settings, "sources": sources}), service, request)
    return RedirectResponse("/scans#h-from", 303)


@router.post("/scans/schedule")
def schedule(request: Request, service: ServiceDep, settings: Text) -> RedirectResponse:
    """Set how the project is scanned; raises `UsageError` for what is no JSON object."""
    twin.set_schedule(twin.ScheduleChange(settings=_object(settings)), service, request)
    return RedirectResponse("/scans", 303)


@router.post("/scans/marks")
def mark(service: ServiceDep, text: Annotated[str, Form(min_length=1, max_length=200)]) -> RedirectResponse:
    """Note a release as of now."""
    marks.annotate(marks.MarkChange(text=text), service)
    return RedirectResponse("/scans#marks", 303)


@router.post("/scans/marks/{mark_id}/remove")
def forget(mark_id: str, service: ServiceDep) -> RedirectResponse:
    """Take a mark away."""
    marks.forget(mark_id, service)
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
