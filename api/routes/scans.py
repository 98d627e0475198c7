"""Nightly scans: begun now, listed, and what one of them said."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from .. import paging
from ..clock import new_id
from ..errors import missing
from ..service import ServiceDep
from ..store import nights
from ..store.tables import scans as table
from .schedule import LATEST, NightsAsked, scheduled

router = APIRouter(prefix="/v1", tags=["scans"])


class ScanAnswer(BaseModel):
    """One scan: the night it is about, what it told by kind, its report."""

    scan_id: str
    night: str | None
    since: str | None
    until: str | None
    state: str
    report_id: str | None
    said: dict[str, int]
    problem: dict[str, Any] | None
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None

    @classmethod
    def of(cls, row: nights.ScanRow) -> ScanAnswer:
        """Of its row."""
        kept = {name: getattr(row, name) for name in cls.model_fields if name != "scan_id"}
        return cls.model_validate({"scan_id": row.id, **kept})


class ScanPage(BaseModel):
    """Scans, the latest first; `next` is null on the last page."""

    scans: list[ScanAnswer]
    next: str | None


@router.post("/scans", status_code=202)
def start(service: ServiceDep, response: Response, asked: NightsAsked = LATEST) -> ScanAnswer:
    """Scan now; a night that is known already is not scanned once more."""
    scan_id = new_id("scan")
    scheduled(service)
    since, until = asked.days
    with service.store.write(service.project) as scope:
        nights.add_scan(scope, scan_id, None, since=since, until=until)
    response.headers["Location"] = f"/v1/scans/{scan_id}"
    return one(scan_id, service)


@router.get("/scans")
def several(
    service: ServiceDep,
    state: Annotated[list[str], Query(description="only in these states")] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> ScanPage:
    """Scans, the latest first."""
    key = paging.decoded(cursor, (str, str))
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).order_by(table.c.created.desc(), table.c.id.desc())
        if state:
            chosen = chosen.where(table.c.state.in_(state))
        if key is not None:
            chosen = chosen.where(paging.after(table.c.created, table.c.id, key))
        rows = [nights.ScanRow(**row) for row in scope.rows(chosen.limit(limit + 1))]
    more = None
    if len(rows) > limit:
        more = paging.encoded(rows[limit - 1].created.isoformat(), rows[limit - 1].id)
    return ScanPage(scans=[ScanAnswer.of(row) for row in rows[:limit]], next=more)


@router.get("/scans/{scan_id}")
def one(scan_id: str, service: ServiceDep) -> ScanAnswer:
    """One scan."""
    with service.store.read(service.project) as scope:
        found = nights.scan(scope, scan_id)
    if found is None:
        raise missing("scan")
    return ScanAnswer.of(found)
