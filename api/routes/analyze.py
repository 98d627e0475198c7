"""Analyse a file within the request, as far as time allows."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ..errors import Refused
from ..options import Options
from ..orders import order
from ..service import Service, ServiceDep
from ..store.jobs import Job
from . import jobs, reports
from .bodies import FILE_AND_OPTIONS
from .uploads import keep

router = APIRouter(prefix="/v1", tags=["analysis"])

WAIT_S = 10.0
LOOK_S = 0.1
_WAIT = re.compile(r"(?:^|,)\s*wait=(\d{1,4})\s*(?:,|$)")


@router.post(
    "/analyze",
    openapi_extra={"requestBody": FILE_AND_OPTIONS},
    response_class=Response,
    responses={
        200: {"content": {"application/json": {}}, "description": "The ranked report"},
        202: {"model": jobs.JobAnswer, "description": "It takes longer: the job, to be followed at Location"},
    },
)
async def analyze(
    request: Request,
    asked: Annotated[Options, Query()],
    service: ServiceDep,
    prefer: Annotated[
        str | None, Header(description="`wait=N`: seconds to wait for the report", max_length=200)
    ] = None,
) -> Response:
    """The report of one export, sent as the part `file` of a form or as the body itself.

    Options stand in the query, or in the form's part `options` as a JSON object, which wins. What is not done within
    the time goes on as a job: 202.
    """
    asked.settings()  # a wrong option is told before the file is read
    upload, _, received = await keep(request, service)
    settings = asked.updated(received.options).settings()
    job = await run_in_threadpool(order, service, [upload.id], settings)
    job = await _waited(service, job, _seconds(prefer, service.bounds.wait_s))
    if not job.is_over:
        place = {"Location": f"/v1/jobs/{job.id}"}
        body = jobs.JobAnswer.of(job).model_dump_json()
        return Response(body, 202, media_type="application/json", headers=place)
    if job.state == "succeeded":
        return await run_in_threadpool(reports.document, service, job.report_id)
    raise _failure(job)


def _seconds(prefer: str | None, most: float) -> float:
    asked = _WAIT.search(prefer or "")
    return min(float(asked[1]) if asked else WAIT_S, most)


async def _waited(service: Service, job: Job, seconds: float) -> Job:
    deadline = time.monotonic() + seconds
    while not job.is_over and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_S)
        job = await run_in_threadpool(jobs.found, service, job.id)
    return job


def _failure(job: Job) -> Refused:
    """Why there is no report, as the answer to this request."""
    members = dict(job.problem or {})
    for name in ("type", "title"):
        members.pop(name, None)
    status = int(members.pop("status", 409))
    code = str(members.pop("code", "job.cancelled"))
    return Refused(status, code, str(members.pop("detail", "the analysis was cancelled")), **members)
