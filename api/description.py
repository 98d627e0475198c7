"""The description of the API (OpenAPI): what FastAPI works out, completed by what it does not know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from .errors import ProblemDocument

ABOUT = """\
Exports of analytics tools in, ranked friction reports out.

1. `POST /v1/uploads` sends a file, `POST /v1/reports` orders a report of it: the answer is a job.
2. `GET /v1/jobs/{job_id}` says how far it is, `…/events` as it happens.
3. `GET /v1/reports/{report_id}` is the report, `…/points` its friction points in pages.

`POST /v1/analyze` does all of it for one file within the request. Large files are best sent with any client of the tus
protocol 1.0 (core, creation, termination) to `/v1/uploads/resumable`: a cut connection then costs nothing.

What goes wrong is a problem document (RFC 9457). Programs look at its `code`; `detail`, `remedy` and what stands in
`errors` are said in the language of `Accept-Language`, English or French.
"""

LINKS: dict[tuple[str, str, str], dict[str, tuple[str, dict[str, str]]]] = {
    ("/v1/uploads", "post", "201"): {
        "upload": ("show_v1_uploads__upload_id__get", {"upload_id": "$response.body#/upload_id"}),
        "inspection": (
            "inspect_v1_uploads__upload_id__inspection_get",
            {"upload_id": "$response.body#/upload_id"},
        ),
        "removal": ("remove_v1_uploads__upload_id__delete", {"upload_id": "$response.body#/upload_id"}),
    },
    ("/v1/reports", "post", "202"): {
        "job": ("show_v1_jobs__job_id__get", {"job_id": "$response.body#/job_id"}),
        "cancellation": ("cancel_v1_jobs__job_id__delete", {"job_id": "$response.body#/job_id"}),
        "report": ("show_v1_reports__report_id__get", {"report_id": "$response.body#/report_id"}),
        "points": ("several_v1_reports__report_id__points_get", {"report_id": "$response.body#/report_id"}),
    },
    ("/v1/points/{point_id}", "patch", "200"): {
        "point": ("life_v1_points__point_id__get", {"point_id": "$response.body#/point_id"}),
    },
}
"""Where an answer leads: path, method and status → name of the link → operation and its parameters."""


OPEN_PATHS = ("/healthz", "/readyz")
"""Described routes that need no key; the others need one as soon as there is any."""


def complete(app: FastAPI) -> None:
    """Add the problem document to the schemas, once, when the description is first asked for."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made()
            schema["info"]["description"] = ABOUT
            schema["components"]["securitySchemes"] = {
                "key": {"type": "http", "scheme": "bearer", "description": "a key of the project"}
            }
            schema["security"] = [{"key": []}]
            for path in OPEN_PATHS:
                for operation in schema["paths"].get(path, {}).values():
                    operation["security"] = []
            schema["components"]["schemas"]["ProblemDocument"] = ProblemDocument.model_json_schema()
            for (path, method, status), links in LINKS.items():
                schema["paths"][path][method]["responses"][status]["links"] = {
                    name: {"operationId": operation, "parameters": parameters}
                    for name, (operation, parameters) in links.items()
                }
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
