"""Links that show one report to whoever has them, until they expire or are revoked."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from ..errors import missing
from ..service import Service, ServiceDep
from ..store import shares
from ..store.shares import Share
from .reports import found

router = APIRouter(prefix="/v1/reports/{report_id}/shares", tags=["reports"])

LONGEST_DAYS = 365
ShareId = Annotated[str, Path(max_length=40)]


class ShareOrder(BaseModel):
    """For how long."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=7, ge=1, le=LONGEST_DAYS)


class ShareAnswer(BaseModel):
    """A link that is open; what stands in its address is told once, when it is made."""

    share_id: str
    created: dt.datetime
    expires: dt.datetime

    @classmethod
    def of(cls, share: Share) -> ShareAnswer:
        """Of its row."""
        return cls(share_id=share.id, created=share.created, expires=share.expires)


class NewShare(ShareAnswer):
    """A link that was just made; `path` below the address of the service shows the report."""

    path: str


class ShareList(BaseModel):
    """The open links of a report, the newest first."""

    shares: list[ShareAnswer]


@router.get("")
def several(report_id: str, service: ServiceDep) -> ShareList:
    """The open links of a report."""
    found(service, report_id)
    with service.store.read(service.project) as scope:
        return ShareList(shares=[ShareAnswer.of(each) for each in shares.several(scope, report_id)])


@router.post("", status_code=201)
def make(report_id: str, asked: ShareOrder, service: ServiceDep) -> NewShare:
    """Make a link: whoever has it reads this report, masked as it is, and nothing else."""
    found(service, report_id)
    with service.store.write(service.project) as scope:
        token = shares.add(scope, report_id, dt.timedelta(days=asked.days))
        share = shares.behind(scope, token)
    assert share is not None
    return NewShare(path=f"/s/{token}", **ShareAnswer.of(share).model_dump())


@router.delete("/{share_id}", status_code=204)
def revoke(report_id: str, share_id: ShareId, service: ServiceDep) -> None:
    """Close a link at once."""
    found(service, report_id)
    close(service, report_id, share_id)


def close(service: Service, report_id: str, share_id: str) -> None:
    """Close it; raises `Refused` when there is none."""
    with service.store.write(service.project) as scope:
        if not shares.revoke(scope, report_id, share_id):
            raise missing("share")
