"""What is kept of the first rows of a drop: after masking, for a reader who wants to see it before going on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ..service import ServiceDep
from . import looking
from .frame import page

router = APIRouter(include_in_schema=False)

ROWS = 20


@router.get("/uploads/{drop_id}/masked")
async def show(drop_id: str, request: Request, service: ServiceDep) -> Response:
    """By file: which column becomes what, and the cells of the first rows that do not stay as they are."""
    drop, files = await run_in_threadpool(looking.found, service, drop_id)
    found = await looking.asked(service, drop, files, "privacy")
    return page(request, "masked.jinja", at="reports", inside=True, drop=drop, told=found["files"], most=ROWS)
