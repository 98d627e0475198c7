"""Forms: where people stop, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from friction.report import FormField, Point

from ...errors import missing
from ...service import ServiceDep
from .shown import View

router = APIRouter(include_in_schema=False)

OF_FORMS = frozenset({"form_abandonment", "field_friction", "validation_loop", "failed_submit"})
"""Detectors of what happens in forms."""


@dataclass(frozen=True)
class Form:
    """A form on a page; its fields those where most stopped first."""

    page: str
    form: str | None
    sessions: int
    fields: list[FormField]
    points: list[Point]

    @property
    def stopped(self) -> int:
        """Sessions that left it at any of its fields."""
        return sum(field.abandoned_here for field in self.fields)

    @property
    def worst(self) -> FormField | None:
        """The field where most stopped; null where nobody did."""
        return self.fields[0] if self.fields and self.fields[0].abandoned_here else None


@router.get("/reports/{report_id}/forms")
def show(
    report_id: str,
    request: Request,
    service: ServiceDep,
    page: Annotated[str | None, Query(max_length=500)] = None,
    form: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """All forms; with `page` and `form` the fields of one."""
    view = View.of(request, service, report_id)
    found = forms(view)
    if page is None:
        lacking = [
            run for run in view.report.detectors if run.name == "form_abandonment" and run.status == "skipped"
        ]
        return view.shown("forms.jinja", "forms", forms=found, lacking=lacking)
    one = next((each for each in found if (each.page, each.form or "") == (page, form or "")), None)
    if one is None:
        raise missing("form")
    return view.shown(
        "form.jinja", "forms", inside=True, form=one, most=max(field.sessions for field in one.fields)
    )


def forms(view: View) -> list[Form]:
    """The forms beside the report; those of its points where it was made without."""
    points = [point for point in view.report.points if point.detector in OF_FORMS]
    kept: list[dict[str, Any]] = view.beside.get("forms", [])
    if not view.beside:
        return [
            Form(
                point.page, point.target, max(field.sessions for field in point.fields), point.fields, [point]
            )
            for point in points
            if point.fields
        ]
    return [
        Form(
            each["page"],
            each["form"],
            each["sessions"],
            [FormField(**field) for field in each["fields"]],
            [
                point
                for point in points
                if point.page == each["page"] and point.target in (each["form"], None)
            ],
        )
        for each in kept
    ]
