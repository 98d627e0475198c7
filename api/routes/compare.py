"""Two reports side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from friction.compare import difference
from friction.render import json
from friction.report import Report

from ..service import ServiceDep
from .reports import content, found

router = APIRouter(prefix="/v1", tags=["reports"])
Old = Annotated[str, Query(max_length=40, description="the report before, by its id")]
New = Annotated[str, Query(max_length=40, description="the report that is set against it")]


@router.get(
    "/compare",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The differences"}},
)
def compare(old: Old, new: New, service: ServiceDep) -> Response:
    """Which points are new, worse, better or gone, by their cost per 1,000 sessions, each with interval."""
    before, after = (Report.from_json(content(service, found(service, each).id)) for each in (old, new))
    return Response(json.dumps(difference(before, after)), media_type="application/json")
