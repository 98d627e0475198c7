"""Another goal: the same files analysed again, ranked by what it costs that goal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from friction import goals

from ..errors import missing
from ..orders import order
from ..routes.reports import found
from ..service import ServiceDep
from ..store import jobs

router = APIRouter(include_in_schema=False)


@router.post("/reports/{report_id}/goal")
def rank(
    report_id: str, service: ServiceDep, goal: Annotated[str, Form(min_length=1, max_length=500)]
) -> RedirectResponse:
    """Order the report anew with this goal first; the one there is stays."""
    goals.parse(goal)
    row = found(service, report_id)
    with service.store.read(service.project) as scope:
        job = jobs.get(scope, row.job_id)
    if job is None:
        raise missing("job")
    again = order(
        service, job.uploads, {**job.settings, "goals": first(job.settings.get("goals") or {}, goal)}
    )
    return RedirectResponse(f"/jobs/{again.id}", 303)


def first(known: dict[str, Any], goal: str) -> dict[str, Any]:
    """The goals with this one in front; those that were counted are counted on."""
    name = next((name for name, each in known.items() if each.get("when") == goal), goal)
    return {name: known.get(name, {"when": goal}), **{k: v for k, v in known.items() if k != name}}
