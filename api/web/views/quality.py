"""Quality: what was read and set aside, what could be assessed, what was not counted, where it comes from."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...service import ServiceDep
from .shown import View

router = APIRouter(include_in_schema=False)


@router.get("/reports/{report_id}/quality")
def show(report_id: str, request: Request, service: ServiceDep) -> Response:
    """The sections of the written report that are about the data."""
    view = View.of(request, service, report_id)
    held = [each for each in view.report.quality if each.verdict == "held_back"]
    remarks = [each for each in view.report.quality if each.verdict == "remark"]
    return view.shown("quality.jinja", "quality", held=held, remarks=remarks)
