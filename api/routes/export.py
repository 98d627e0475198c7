"""Everything a project holds."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from .. import export
from ..service import ServiceDep

router = APIRouter(prefix="/v1/export", tags=["privacy"])


@router.get(
    "",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "Everything, as a ZIP"}},
)
def everything(service: ServiceDep) -> StreamingResponse:
    """Reports with all their forms, masked events as Parquet, and every table as JSON lines; no secrets."""
    content = export.zipped(service.store, service.folder, service.project)
    name = {"Content-Disposition": 'attachment; filename="friction-project.zip"'}
    return StreamingResponse(content, media_type="application/zip", headers=name)
