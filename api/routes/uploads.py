"""Uploads: files on their way into an analysis."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from .. import lake
from ..clock import new_id
from ..errors import missing
from ..receiving import Received, receive
from ..service import Service, ServiceDep
from ..store import jobs, uploads
from ..store.uploads import Upload
from .bodies import FILE

router = APIRouter(prefix="/v1/uploads", tags=["uploads"])


class UploadAnswer(BaseModel):
    """A file that was sent; `state` is `receiving`, `stored`, `kept` (its masked events are, its bytes are gone) or
    `removed`.
    """

    upload_id: str
    name: str
    state: str
    bytes: int
    received: int
    sha256: str | None
    created: dt.datetime

    @classmethod
    def of(cls, upload: Upload) -> UploadAnswer:
        """Of its row."""
        return cls(upload_id=upload.id, **{name: getattr(upload, name) for name in _SHOWN})


_SHOWN = ("name", "state", "bytes", "received", "sha256", "created")


@router.post(
    "",
    status_code=201,
    openapi_extra={"requestBody": FILE},
    responses={200: {"model": UploadAnswer, "description": "Known already: the upload that was sent first"}},
)
async def send(request: Request, response: Response, service: ServiceDep) -> UploadAnswer:
    """Send one file, as the part `file` of a form or as the body itself.

    What was sent before and was not removed is not kept twice: the answer is 200 and names the first.
    """
    upload, is_new, _ = await keep(request, service)
    response.headers["Location"] = f"/v1/uploads/{upload.id}"
    response.status_code = 201 if is_new else 200
    return UploadAnswer.of(upload)


async def keep(request: Request, service: Service) -> tuple[Upload, bool, Received]:
    """The request's file as a stored upload, whether it is new, and what was received."""
    upload_id = new_id("upl")
    received = await receive(request, service.folder.upload(upload_id), service.bounds.free_disk)
    upload, is_new = settle(service, upload_id, received)
    return upload, is_new, received


def settle(service: Service, upload_id: str, received: Received) -> tuple[Upload, bool]:
    """Make a received file an upload, unless the same content was sent before; one without bytes has them again."""
    with service.store.write(service.project) as scope:
        before = uploads.same(scope, received.sha256)
        if before is None:
            uploads.begin(scope, upload_id, received.name, received.bytes)
            uploads.stored(scope, upload_id, received.bytes, received.sha256)
        elif before.is_kept:
            service.folder.upload(upload_id).replace(service.folder.upload(before.id))
            uploads.stored(scope, before.id, received.bytes, received.sha256)
        upload = uploads.get(scope, before.id if before is not None else upload_id)
    assert upload is not None
    if before is not None:
        service.folder.forget_upload(upload_id)
    return upload, before is None


@router.get("/{upload_id}")
def show(upload_id: str, service: ServiceDep) -> UploadAnswer:
    """One upload."""
    return UploadAnswer.of(found(service, upload_id))


@router.delete("/{upload_id}", status_code=204)
def remove(upload_id: str, service: ServiceDep) -> None:
    """Remove its bytes and its events now; jobs that still need them are cancelled."""
    upload = found(service, upload_id)
    with service.store.write(service.project) as scope:
        for job in jobs.using(scope, upload_id):
            jobs.end(scope, job.id, "cancelled")
        uploads.removed(scope, upload_id)
    service.folder.forget_upload(upload_id)
    lake.forget(service.folder, upload)


def found(service: Service, upload_id: str) -> Upload:
    """The upload; raises `Refused` when there is none any more."""
    with service.store.read(service.project) as scope:
        upload = uploads.get(scope, upload_id)
    if upload is None or upload.state == "removed":
        raise missing("upload")
    return upload
