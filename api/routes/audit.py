"""The audit trail of a project."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from .. import paging
from ..service import ServiceDep
from ..store import audit

router = APIRouter(prefix="/v1/audit", tags=["access"])


class DeedAnswer(BaseModel):
    """Who did what to which thing; `thing` is an id and null where there is none."""

    id: int
    actor: str
    action: str
    thing: str | None
    created: dt.datetime


class Trail(BaseModel):
    """Rows, the newest first; `next` is null on the last page."""

    audit: list[DeedAnswer]
    next: str | None


@router.get("")
def several(service: ServiceDep, limit: paging.Limit = 50, cursor: paging.Cursor = None) -> Trail:
    """Changes that succeeded, and looks at what shows single visits."""
    key = paging.decoded(cursor, (int,))
    with service.store.read(service.project) as scope:
        found = audit.several(scope, limit + 1, key[0] if key else None)
    shown = [
        DeedAnswer(id=each.id, actor=each.actor, action=each.action, thing=each.thing, created=each.created)
        for each in found[:limit]
    ]
    return Trail(audit=shown, next=paging.encoded(shown[-1].id) if len(found) > limit else None)
