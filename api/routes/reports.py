"""Reports: ordered, listed, read in every form, removed."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from friction.errors import FrictionError
from friction.i18n import ENGLISH

from .. import forms, paging
from ..errors import missing
from ..options import Options
from ..orders import order
from ..service import Service, ServiceDep
from ..spoken import Asked
from ..store import mappings, reports
from ..store.reports import ReportRow
from ..store.tables import reports as table
from . import names  # noqa: F401 - makes the kind of name known
from .jobs import JobAnswer

router = APIRouter(prefix="/v1/reports", tags=["reports"])


class Order(BaseModel):
    """What is to be analysed, and how."""

    model_config = ConfigDict(extra="forbid")

    uploads: list[str] = Field(min_length=1, max_length=1000)
    options: Options = Options()
    mapping: str | dict[str, str] | None = Field(
        default=None, description="a saved mapping by its name, or columns: ours = theirs"
    )


class ReportAnswer(BaseModel):
    """A finished report, in short: its books, goal and number of points."""

    report_id: str
    job_id: str
    sha256: str
    bytes: int
    created: dt.datetime
    summary: dict[str, Any]

    @classmethod
    def of(cls, row: ReportRow) -> ReportAnswer:
        """Of its row."""
        return cls(
            report_id=row.id, **{name: getattr(row, name) for name in cls.model_fields if name != "report_id"}
        )


class ReportPage(BaseModel):
    """Reports, the newest first; `next` is null on the last page."""

    reports: list[ReportAnswer]
    next: str | None


@router.post("", status_code=202)
def make(
    asked: Order,
    response: Response,
    service: ServiceDep,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="the same key makes the same job once")
    ] = None,
    speak: Asked = ENGLISH,
) -> JobAnswer:
    """Order a report of these uploads; `Location` is where its job can be followed."""
    columns = asked.mapping if isinstance(asked.mapping, dict) else _saved(service, asked.mapping)
    job = order(service, asked.uploads, asked.options.settings(columns), idempotency_key)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobAnswer.of(job, speak)


def _saved(service: Service, name: str | None) -> dict[str, str] | None:
    if name is None:
        return None
    with service.store.read(service.project) as scope:
        found = mappings.get(scope, name)
    if found is None:
        raise missing("mapping")
    return found.columns


@router.get("")
def several(service: ServiceDep, limit: paging.Limit = 50, cursor: paging.Cursor = None) -> ReportPage:
    """All reports, the newest first."""
    key = paging.decoded(cursor, (str, str))
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).order_by(table.c.created.desc(), table.c.id.desc()).limit(limit + 1)
        if key is not None:
            chosen = chosen.where(paging.after(table.c.created, table.c.id, key))
        found = [ReportRow(**row) for row in scope.rows(chosen)]
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = paging.encoded(last.created.isoformat(), last.id)
    return ReportPage(reports=[ReportAnswer.of(row) for row in found[:limit]], next=more)


Form = Literal["html", "md", "csv", "xlsx", "txt"]


@router.get(
    "/{report_id}.{form}",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in sorted(set(forms.MEDIA.values()))}}},
)
def rendered(
    report_id: str,
    form: Form,
    service: ServiceDep,
    lang: Annotated[Literal["en", "fr"], Query(description="language of what people read")] = "en",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The report as a page, Markdown, CSV, a workbook or plain text."""
    row = found(service, report_id)
    tag = f'"{row.sha256[:32]}-{form}-{lang}-{forms.STAMP}"'
    if _is_known(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    content = forms.made(service.folder, report_id, form, lang)
    name = f"friction-report.{form}"
    headers = {"ETag": tag, "Content-Disposition": f'attachment; filename="{name}"', **forms.GUARD}
    return Response(content, media_type=forms.MEDIA[form], headers=headers)


@router.get(
    "/{report_id:plain}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The ranked report"}},
)
def show(
    report_id: str, service: ServiceDep, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The whole report as `friction schema report` describes it, byte for byte as it was made."""
    return document(service, report_id, if_none_match)


@router.get("/{report_id}/summary")
def short(report_id: str, service: ServiceDep) -> ReportAnswer:
    """The report in short, as lists show it."""
    return ReportAnswer.of(found(service, report_id))


def document(service: Service, report_id: str, if_none_match: str | None = None) -> Response:
    """The report's JSON, with its strong `ETag`."""
    row = found(service, report_id)
    headers = {"ETag": f'"{row.sha256}"', "Content-Location": f"/v1/reports/{report_id}"}
    if _is_known(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content(service, report_id), media_type="application/json", headers=headers)


def content(service: Service, report_id: str) -> bytes:
    """The report's JSON; raises when its file is gone, which is the operator's business."""
    with _opened(service, report_id) as file:
        return file.read()


def points_at(service: Service, report_id: str, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """The points at these places of the report's JSON, without reading the rest."""
    with _opened(service, report_id) as file:
        return [json.loads(os.pread(file.fileno(), length, start)) for start, length in places]


def _opened(service: Service, report_id: str) -> BinaryIO:
    try:
        return service.folder.report(report_id).open("rb")
    except OSError:
        remedy = "restore the data folder from a backup, or order the report again"
        raise FrictionError("report.lost", "the file of this report is gone", remedy=remedy) from None


def _is_known(if_none_match: str | None, tag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    return tag in known or "*" in known


@router.delete("/{report_id:plain}", status_code=204)
def remove(report_id: str, service: ServiceDep) -> None:
    """Remove the report with all its forms; the history of its friction points stays."""
    with service.store.write(service.project) as scope:
        if not reports.remove(scope, report_id):
            raise missing("report")
    service.folder.forget_report(report_id)


def found(service: Service, report_id: str) -> ReportRow:
    """The report; raises `Refused` when there is none."""
    with service.store.read(service.project) as scope:
        row = reports.get(scope, report_id)
    if row is None:
        raise missing("report")
    return row
