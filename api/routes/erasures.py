"""Forgetting a visitor: the right to erasure of article 17 of the GDPR."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from .. import erasure
from ..keyed import keyed
from ..service import ServiceDep
from .jobs import JobAnswer

router = APIRouter(prefix="/v1/erasures", tags=["privacy"])


class Erasure(BaseModel):
    """Who is to be forgotten."""

    model_config = ConfigDict(extra="forbid")

    visitor_id: str = Field(
        min_length=1,
        max_length=1000,
        description="the visitor's id as the exports have it, an e-mail address, or as reports show it (v_…)",
    )


@router.post("", status_code=202)
def forget(asked: Erasure, response: Response, service: ServiceDep) -> JobAnswer:
    """Erase a visitor from events, reports, recordings and whatever was made of them; `Location` is the job.

    Files that were sent and wait to be analysed are removed as well, since they may hold the visitor. The answer is
    the same whether there ever was such a visitor; what is sent of them later stays out.
    """
    visitor = keyed(service.folder, service.project, asked.visitor_id)
    with service.store.write(service.project) as scope:
        job = erasure.order(scope, visitor)
    service.queue.put(job)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobAnswer.of(job)
