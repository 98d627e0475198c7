"""The customer journey: its map, channels, kinds of visitors, measures and the plan that follows from it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from friction.i18n import N_
from friction.journey_map import Journey, Kpi, Met
from friction.render.journey import words
from friction.render.journey.forms import MEDIA, rendered
from friction.render.journey.forms import Form as Rendering
from friction.render.journey.grid import VIEWS, Grid, Notes, grid
from friction.render.journey.grid import View as Which
from friction.report import Point

from ...errors import missing
from ...orders import order
from ...routes import journey as twin
from ...routes.reports import found
from ...service import Service, ServiceDep
from ...store import jobs, plans
from .shown import View

router = APIRouter(include_in_schema=False)

NAMES = {
    "customer": N_("Customer journey"),
    "user": N_("User journey"),
    "aida": N_("AIDA"),
    "blueprint": N_("Service blueprint"),
}
FILES: tuple[tuple[Rendering, str, str], ...] = (
    ("svg", "SVG", "svg"),
    ("drawio", "draw.io", "drawio"),
    ("mermaid", "Mermaid", "mmd"),
    ("canvas", "JSON Canvas", "canvas"),
    ("md", "Markdown", "md"),
    ("csv", "CSV", "csv"),
    ("json", "JSON", "json"),
)
"""Forms the map is taken away in, with the ending of the file."""
PLAN, CHANNELS = 12, 12


@router.get("/reports/{report_id}/journey")
def show(
    report_id: str,
    request: Request,
    service: ServiceDep,
    view: Annotated[Which, Query()] = "customer",
) -> Response:
    """The map in one of its views; where the report holds no journey, how to get one."""
    shown = View.of(request, service, report_id)
    journey = shown.report.journey
    if journey is None:
        return shown.shown("journey.jinja", "journey", grid=None)
    views = [name for name in VIEWS if name != "blueprint" or journey.has_service]
    points = {point.id: point for point in shown.report.points}
    written = notes_of(service)
    drawn = grid(shown.report, view if view in views else "customer", written, shown.speak)
    return shown.shown(
        "journey.jinja",
        "journey",
        grid=drawn,
        notes=[(code, name, written.get((code, "notes"), "")) for code, name in _stages(drawn)],
        journey=journey,
        views=[(name, NAMES[name]) for name in views],
        files=FILES,
        words=words,
        measures=measures(journey),
        plan=[(each, points[each.point]) for each in journey.actions[:PLAN] if each.point in points],
        costliest=lambda frictions: costliest(frictions, points),
        channels_shown=journey.channels[:CHANNELS],
    )


@router.post("/reports/{report_id}/journey")
def draw(report_id: str, service: ServiceDep) -> RedirectResponse:
    """Order the report anew with its journey; the one there is stays."""
    row = found(service, report_id)
    with service.store.read(service.project) as scope:
        job = jobs.get(scope, row.job_id)
    if job is None:
        raise missing("job")
    analysis = {**(job.settings.get("analysis") or {}), "journey": True}
    again = order(service, job.uploads, {**job.settings, "analysis": analysis})
    return RedirectResponse(f"/jobs/{again.id}", 303)


def _stages(drawn: Grid) -> list[tuple[str, str]]:
    return list(zip(drawn.codes, drawn.columns, strict=True))


def notes_of(service: Service) -> Notes:
    """What people wrote under the stages."""
    with service.store.read(service.project) as scope:
        return plans.notes(scope)


@router.post("/reports/{report_id}/journey/notes")
def write(
    report_id: str,
    service: ServiceDep,
    stage: Annotated[twin.Stage, Form()],
    text: Annotated[str, Form(max_length=2000)] = "",
    view: Annotated[Which, Form()] = "customer",
) -> RedirectResponse:
    """Write under a stage, or take away what stands there with an empty text: the same as `PUT /v1/journey/notes`."""
    twin.write_note(stage, twin.Note(text=text), service)
    return RedirectResponse(f"/reports/{report_id}/journey?view={view}#h-notes", 303)


@router.get("/reports/{report_id}/journey/file/{form}")
def take(
    report_id: str,
    form: Literal["svg", "drawio", "mermaid", "canvas", "md", "csv", "json"],
    request: Request,
    service: ServiceDep,
    view: Annotated[Which, Query()] = "customer",
) -> Response:
    """The map as a file."""
    shown = View.of(request, service, report_id)
    if shown.report.journey is None:
        raise missing("journey")
    ending = next(ending for name, _, ending in FILES if name == form)
    content = rendered(shown.report, form, shown.speak, view=view, notes=notes_of(service))
    name = f'attachment; filename="journey-{view}.{ending}"'
    return Response(content, media_type=MEDIA[form], headers={"Content-Disposition": name})


def measures(journey: Journey) -> list[Kpi]:
    """Those of everybody."""
    return [each for each in journey.kpis if each.dimension == "all"]


def costliest(frictions: list[Met], points: dict[str, Point]) -> Point | None:
    """The costliest point that these people meet; null where none has a cost."""
    met = next((each for each in frictions if each.point in points and each.cost), None)
    return points[met.point] if met else None
