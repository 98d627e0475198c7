"""Jobs: how far an analysis is, and its end."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from friction.i18n import ENGLISH, Language

from .. import paging, wording
from ..errors import Refused, missing
from ..listed import document
from ..service import Service, ServiceDep
from ..spoken import Asked, said
from ..store import jobs
from ..store.jobs import Job
from ..store.tables import jobs as table

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

State = Literal["queued", "running", "succeeded", "failed", "cancelled"]
LOOK_S = 0.25
"""Between two looks at a job that somebody follows."""


class JobAnswer(BaseModel):
    """One job; only an analysis makes a report. `share`, 0–1, is of `stage`; in the last one, `completing`, the list
    can be read already (`/v1/jobs/{job_id}/report`). `problem` says why it failed."""

    job_id: str
    kind: Literal["analysis", "erasure"]
    report_id: str
    state: State
    stage: str | None
    share: float
    rows: int
    uploads: list[str]
    problem: dict[str, Any] | None
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None

    @classmethod
    def of(cls, job: Job, speak: Language = ENGLISH) -> JobAnswer:
        """Of its row; the problem in this language."""
        members = {name: getattr(job, name) for name in cls.model_fields if name != "job_id"}
        problem = said(wording.kept(job.problem), speak) if job.problem else None
        return cls(job_id=job.id, **members | {"problem": problem})


class JobPage(BaseModel):
    """Jobs, the newest first; `next` is null on the last page."""

    jobs: list[JobAnswer]
    next: str | None


@router.get("")
def several(
    service: ServiceDep,
    state: Annotated[list[State], Query(description="only jobs in these states")] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
    speak: Asked = ENGLISH,
) -> JobPage:
    """All jobs, the newest first."""
    key = paging.decoded(cursor, (str, str))
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).order_by(table.c.created.desc(), table.c.id.desc()).limit(limit + 1)
        if state:
            chosen = chosen.where(table.c.state.in_(state))
        if key is not None:
            chosen = chosen.where(paging.after(table.c.created, table.c.id, key))
        found = [Job(**row) for row in scope.rows(chosen)]
    more = None
    if len(found) > limit:
        more = paging.encoded(found[limit - 1].created.isoformat(), found[limit - 1].id)
    return JobPage(jobs=[JobAnswer.of(job, speak) for job in found[:limit]], next=more)


@router.get("/{job_id}")
def show(job_id: str, service: ServiceDep, speak: Asked = ENGLISH) -> JobAnswer:
    """One job."""
    return JobAnswer.of(found(service, job_id), speak)


@router.get(
    "/{job_id}/report",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The report as far as it is"}},
)
def so_far(job_id: str, service: ServiceDep) -> Response:
    """The report of this job as soon as its list is complete, from the stage `completing` on: all there but the
    journey, which is null. When the job has succeeded, the whole report."""
    job = found(service, job_id)
    if job.state == "succeeded" and job.kind == "analysis":
        return RedirectResponse(f"/v1/reports/{job.report_id}", 303)
    written = document(service, job)
    if written is None:
        raise missing("report")
    return Response(written, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.delete("/{job_id}")
def cancel(job_id: str, service: ServiceDep, speak: Asked = ENGLISH) -> JobAnswer:
    """Cancel the job; one that is over stays as it ended. What runs stops within two seconds."""
    if found(service, job_id).kind == "erasure":
        remedy = "wait for its end"
        raise Refused(
            409, "job.not_cancellable", "forgetting somebody is carried out to its end", remedy=remedy
        )
    with service.store.write(service.project) as scope:
        jobs.end(scope, job_id, "cancelled")
    return JobAnswer.of(found(service, job_id), speak)


def known(job_id: str, service: ServiceDep) -> Job:
    """The job of a path, found before an answer begins."""
    return found(service, job_id)


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def follow(
    job: Annotated[Job, Depends(known)],
    service: ServiceDep,
    speak: Asked,
    last_event_id: Annotated[str | None, Header(description="id of the last event that was seen")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Each change of the job as a server-sent event, `progress` while it runs and its state at the end.

    After a broken connection `Last-Event-ID` takes up where it was: changes already seen are not sent again.
    """
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    while True:
        if job.version > seen:
            seen = job.version
            name = job.state if job.is_over else "progress"
            yield ServerSentEvent(data=JobAnswer.of(job, speak), event=name, id=str(seen))
        if job.is_over:
            return
        await asyncio.sleep(LOOK_S)
        job = await run_in_threadpool(found, service, job.id)


def found(service: Service, job_id: str) -> Job:
    """The job; raises `Refused` when there is none."""
    with service.store.read(service.project) as scope:
        job = jobs.get(scope, job_id)
    if job is None:
        raise missing("job")
    return job
