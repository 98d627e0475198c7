"""Analyse a small file within the request."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from friction import isolate

from ..analysis import AnalystDep, Options, report
from ..uploads import receive

router = APIRouter(prefix="/v1", tags=["analysis"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORM = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": _BINARY["schema"], "options": {"type": "string"}},
    }
}
BODY = {"required": True, "content": {"multipart/form-data": _FORM, "application/octet-stream": _BINARY}}


@router.post(
    "/analyze",
    openapi_extra={"requestBody": BODY},
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The ranked report"}},
)
async def analyze(request: Request, asked: Annotated[Options, Query()], analyst: AnalystDep) -> Response:
    """The report of one export, sent as the part `file` of a form or as the body itself.

    Options stand in the query, or in the form's part `options` as a JSON object, which wins.
    """
    with isolate.workspace() as folder:
        upload = await receive(request, folder)
        settings = asked.updated(upload.options).settings()
        body = await report(analyst, upload.path, upload.name, settings)
    return Response(body, media_type="application/json")
