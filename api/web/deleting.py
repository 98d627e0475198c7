"""Deleting a report: a page names what goes, a button says so, and nothing is deleted before."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ..routes import reports as report_routes
from ..service import ServiceDep
from . import start
from .frame import page
from .taste import speaking

router = APIRouter(include_in_schema=False)


@router.get("/reports/{report_id}/delete")
def ask(report_id: str, request: Request, service: ServiceDep) -> Response:
    """What goes and what stays."""
    row = report_routes.found(service, report_id)
    name = start.name_of(row.summary["input"], speaking(request))
    about: dict[str, Any] = {"report_id": report_id, "base": f"/reports/{report_id}", "name": name}
    return page(request, "delete.jinja", at="reports", tab="points", inside=True, row=row, **about)


@router.post("/reports/{report_id}/delete")
def delete(report_id: str, service: ServiceDep) -> RedirectResponse:
    """Delete it with all its forms, recordings and links."""
    report_routes.remove(report_id, service)
    return RedirectResponse("/", 303)
