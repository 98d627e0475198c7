"""The customer journey of a report: as JSON, as a map to take away, and what people write beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from friction.i18n import language
from friction.render.journey.forms import BY_SUFFIX, MEDIA, rendered
from friction.render.journey.forms import Form as Rendering
from friction.report import Report

from ..errors import Refused, missing
from ..forms import GUARD
from ..service import Service, ServiceDep
from ..store import plans, points
from .reports import content, found

router = APIRouter(prefix="/v1", tags=["journey"])

Form = Literal["svg", "drawio", "mmd", "canvas", "md", "csv"]
View = Annotated[
    Literal["customer", "user", "aida", "blueprint"],
    Query(description="the whole relation, the product alone, attention to action, or a service blueprint"),
]
Lang = Annotated[Literal["en", "fr"], Query(description="language of what people read")]
Stage = Literal[
    "awareness",
    "consideration",
    "decision",
    "retention",
    "advocacy",
    "attention",
    "interest",
    "desire",
    "action",
]
Text = Annotated[str | None, Field(max_length=2000)]


class Note(BaseModel):
    """What stands by hand under a stage; an empty text takes it away."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2000)


class Decision(BaseModel):
    """What was decided about an action; what is null is as it was computed."""

    model_config = ConfigDict(extra="forbid")

    effort: Literal["small", "medium", "large"] | None = None
    state: Literal["next", "under_way", "later", "checked", "dropped"] | None = None
    owner: Text = None
    check: Text = None
    note: Text = None


class Beside(BaseModel):
    """Notes by stage, and decisions by point."""

    notes: dict[str, str]
    actions: dict[str, Decision]


@router.get(
    "/reports/{report_id}/journey",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The customer journey"}},
)
def show(report_id: str, service: ServiceDep) -> Response:
    """Stages, channels, touchpoints, personas, measures, attribution and actions of one report."""
    return Response(rendered(_told(service, report_id), "json"), media_type="application/json")


@router.get(
    "/reports/{report_id}/journey.{form}",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in sorted(set(MEDIA.values()))}}},
)
def taken_away(
    report_id: str, form: Form, service: ServiceDep, view: View = "customer", lang: Lang = "en"
) -> Response:
    """The map as a picture, a diagram or a table, with the notes that people wrote."""
    return _sent(service, report_id, BY_SUFFIX[f".{form}"], f"journey.{form}", view, lang)


@router.get(
    "/reports/{report_id}/plan.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The action plan"}},
)
def plan(report_id: str, service: ServiceDep, lang: Lang = "en") -> Response:
    """The actions by priority, with what was decided about them."""
    return _sent(service, report_id, "plan", "plan.csv", "customer", lang)


@router.get("/reports/{report_id}/journey/beside")
def beside(report_id: str, service: ServiceDep) -> Beside:
    """What people wrote beside the journey of this report."""
    report = _told(service, report_id)
    with service.store.read(service.project) as scope:
        notes, decided = plans.notes(scope), plans.decided(scope, _points(report))
    told = {point: Decision(**asdict(kept)) for point, kept in decided.items()}
    return Beside(notes={stage: text for (stage, _), text in notes.items()}, actions=told)


@router.put("/journey/notes/{stage}", status_code=204)
def write_note(stage: Stage, asked: Note, service: ServiceDep) -> None:
    """Write under a stage; the note stays there whenever the map is computed anew."""
    with service.store.write(service.project) as scope:
        plans.put(scope, f"{plans.NOTE}{stage}", {"text": asked.text.strip()})


@router.put("/journey/actions/{point_id}", status_code=204)
def decide(
    point_id: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")], asked: Decision, service: ServiceDep
) -> None:
    """Decide about the action against a friction point: effort, owner, state, check. What is null is forgotten."""
    with service.store.write(service.project) as scope:
        if points.get(scope, point_id) is None:
            raise missing("point")
        plans.put(scope, f"{plans.ACTION}{point_id}", asked.model_dump())


def _sent(service: Service, report_id: str, form: Rendering, name: str, view: Any, lang: str) -> Response:
    report = _told(service, report_id)
    with service.store.read(service.project) as scope:
        notes, kept = plans.notes(scope), plans.decided(scope, _points(report))
    made = rendered(report, form, language(lang), view=view, notes=notes, kept=kept)
    headers = {"Content-Disposition": f'attachment; filename="friction-{name}"', **GUARD}
    return Response(made, media_type=MEDIA[form], headers=headers)


def _told(service: Service, report_id: str) -> Report:
    """The report with its journey; `Refused` when there is none."""
    found(service, report_id)
    report = Report.from_json(content(service, report_id))
    if report.journey is None:
        remedy = "order the report once more with the option journey"
        raise Refused(404, "report.no_journey", "this report holds no customer journey", remedy=remedy)
    return report


def _points(report: Report) -> list[str]:
    return [each.point for each in report.journey.actions] if report.journey else []
