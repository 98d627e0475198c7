"""A job on its way: its stages, cancel, and the report when it is there. Leaving and coming back loses nothing."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from friction.i18n import Language
from friction.i18n.problems import say

from ..routes import jobs as job_routes
from ..service import ServiceDep
from ..store import drops, uploads
from . import stages
from .faults import for_readers
from .frame import page
from .taste import speaking

router = APIRouter(include_in_schema=False)


@router.get("/jobs/{job_id}")
def show(job_id: str, request: Request, service: ServiceDep) -> Response:
    """How far it is; one that is done leads on to its report, and so does one whose list is there."""
    job = job_routes.show(job_id, service)
    if job.state == "succeeded" or (job.state == "running" and job.stage == stages.COMPLETING):
        return RedirectResponse(f"/reports/{job.report_id}", 303)
    speak = speaking(request)
    with service.store.read(service.project) as scope:
        drop = drops.of(scope, job.uploads)
        names = [each.name for each in (uploads.get(scope, one) for one in job.uploads) if each]
    return page(
        request,
        "progress.jinja",
        at="reports",
        inside=True,
        job=job,
        drop=drop,
        names=names,
        share=stages.done(job),
        word=stages.word(job, speak),
        stages=stages.of(job, speak),
        starts=stages.STAGES,
        said=stages.SAID,
        problem=_told(job.problem, speak) if job.problem else None,
    )


def _told(problem: dict[str, Any], speak: Language) -> dict[str, Any]:
    shown: dict[str, Any] = {**dict.fromkeys(("file", "line", "column", "remedy")), **for_readers(problem)}
    return shown | {name: say(str(shown[name]), speak) for name in ("detail", "remedy") if shown.get(name)}


@router.post("/jobs/{job_id}/cancel")
def cancel(job_id: str, service: ServiceDep) -> RedirectResponse:
    """Cancel it."""
    job_routes.cancel(job_id, service)
    return RedirectResponse(f"/jobs/{job_id}", 303)
