"""Taking a report away: as a file in the forms that people read, or as the JSON that programs read."""

from __future__ import annotations

import json
from typing import Literal

from fastapi import APIRouter, Request, Response

from ..routes import mappings as mapping_routes
from ..routes import reports as report_routes
from ..service import ServiceDep
from .taste import speaking

router = APIRouter(include_in_schema=False)

Form = Literal["html", "md", "csv", "xlsx", "json"]
FORMS: tuple[tuple[Form, str], ...] = (
    ("html", "HTML"),
    ("md", "Markdown"),
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
    ("json", "JSON"),
)


@router.get("/reports/{report_id}/file/{form}")
def take(report_id: str, form: Form, request: Request, service: ServiceDep) -> Response:
    """The whole report as a file, in the reader's language."""
    if form != "json":
        return report_routes.rendered(report_id, form, service, lang=speaking(request).code)  # type: ignore[arg-type]
    answer = report_routes.document(service, report_id)
    answer.headers["Content-Disposition"] = 'attachment; filename="friction-report.json"'
    return answer


@router.get("/mappings/{name}.toml")
def mapping(name: mapping_routes.Name, service: ServiceDep) -> Response:
    """A saved mapping as the file that `--mapping` takes."""
    columns = mapping_routes.show(name, service).columns
    lines = [f"{ours} = {json.dumps(theirs)}\n" for ours, theirs in columns.items()]
    headers = {"Content-Disposition": f'attachment; filename="{name}.toml"'}
    return Response("".join(lines), media_type="application/toml", headers=headers)
