"""What a sent file is, before it is analysed."""

from __future__ import annotations

import json
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query

from friction import isolate
from friction.isolate import memory

from ..options import Options
from ..orders import unusable
from ..service import ServiceDep
from .uploads import found

router = APIRouter(prefix="/v1/uploads", tags=["uploads"])

AT_ONCE = anyio.CapacityLimiter(2)
TIMEOUT_S = 300.0


@router.get("/{upload_id}/inspection")
async def inspect(
    upload_id: str,
    service: ServiceDep,
    tz: Annotated[str | None, Query(description="zone of times that carry none")] = None,
) -> dict[str, Any]:
    """Source and confidence, mapping, rows, span, sessions, capabilities, quality: what `friction inspect` says."""
    upload = await anyio.to_thread.run_sync(found, service, upload_id)
    if not upload.is_stored:
        raise unusable(upload_id, upload.state)
    settings = Options(tz=tz).settings()
    settings["limits"]["memory"] = settings["limits"]["memory"] or memory.ceiling(int(AT_ONCE.total_tokens))
    plan = {
        "command": "inspect",
        "inputs": [str(service.folder.upload(upload_id))],
        "names": [upload.name],
        "settings": settings,
        "output": "inspection.json",
    }
    answer: dict[str, Any] = json.loads(await anyio.to_thread.run_sync(_carried_out, plan, limiter=AT_ONCE))
    return answer


def _carried_out(plan: dict[str, Any]) -> bytes:
    with isolate.workspace():
        return isolate.run(plan, timeout_s=TIMEOUT_S).read_bytes()
