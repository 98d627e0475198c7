"""Resumable uploads: the tus protocol 1.0, as its core, creation and termination describe it (tus.io).

Where an upload goes on is where its file ends: bytes that have reached the file survive a cut connection and a killed
server alike, and are made durable before the place is told.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import anyio
from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from ..clock import new_id
from ..errors import Refused
from ..receiving import base_name, known, leave_free
from ..service import Service, ServiceDep
from ..store import uploads
from ..store.uploads import Upload
from . import uploads as plain

# Described by the protocol and its clients; the description of the API only says where it is spoken.
router = APIRouter(prefix="/v1/uploads/resumable", include_in_schema=False)

VERSION = "1.0.0"
MEDIA_TYPE = "application/offset+octet-stream"
TUS = {"Tus-Resumable": VERSION}
_ACTIVE: set[str] = set()
"""Uploads that are being written to right now; one writer at a time."""

Length = Annotated[int, Header(ge=1, description="bytes of the whole file")]
Offset = Annotated[int, Header(ge=0, description="where these bytes begin")]
Metadata = Annotated[str | None, Header(description="`filename` and its value in base64", max_length=2000)]


@router.options("", status_code=204)
def abilities(service: ServiceDep) -> Response:
    """What of the protocol is understood."""
    said = {"Tus-Version": VERSION, "Tus-Extension": "creation,termination"}
    return Response(
        status_code=204, headers={**TUS, **said, "Tus-Max-Size": str(service.bounds.upload_bytes)}
    )


@router.post("", status_code=201)
def create(service: ServiceDep, upload_length: Length, upload_metadata: Metadata = None) -> Response:
    """Announce a file; `Location` is where its bytes go."""
    if upload_length > service.bounds.upload_bytes:
        raise _too_large(service.bounds.upload_bytes)
    upload_id = new_id("upl")
    path = service.folder.upload(upload_id)
    leave_free(path, upload_length, service.bounds.free_disk)
    path.touch(mode=0o600)
    with service.store.write(service.project) as scope:
        uploads.begin(scope, upload_id, _name(upload_metadata), upload_length)
    return Response(status_code=201, headers={**TUS, "Location": f"{router.prefix}/{upload_id}"})


@router.head("/{upload_id}", response_class=Response)
def offset(upload_id: str, service: ServiceDep) -> Response:
    """How much of the file has arrived."""
    upload = plain.found(service, upload_id)
    said = {"Upload-Offset": str(_arrived(service, upload)), "Upload-Length": str(upload.bytes)}
    return Response(headers={**TUS, **said, "Cache-Control": "no-store"})


@router.patch("/{upload_id}", status_code=204)
async def append(upload_id: str, request: Request, service: ServiceDep, upload_offset: Offset) -> Response:
    """Send the next bytes, as many as you like; with the last of them the upload is complete."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        raise Refused(
            415, "upload.media_type", f"the body must be {MEDIA_TYPE}", remedy="say so in Content-Type"
        )
    upload = await run_in_threadpool(plain.found, service, upload_id)
    with _alone(upload_id):
        arrived = await run_in_threadpool(_arrived, service, upload)
        if upload.is_stored or upload_offset != arrived:
            raise Refused(
                409,
                "upload.wrong_offset",
                f"the upload goes on at byte {arrived}",
                headers={**TUS, "Upload-Offset": str(arrived)},
                remedy="ask for the offset with HEAD and go on there",
            )
        arrived = await _written(request, service, upload, arrived)
        await run_in_threadpool(_noted, service, upload, arrived)
    return Response(status_code=204, headers={**TUS, "Upload-Offset": str(arrived)})


@router.delete("/{upload_id}", status_code=204)
def terminate(upload_id: str, service: ServiceDep) -> Response:
    """Give the upload up."""
    plain.remove(upload_id, service)
    return Response(status_code=204, headers=TUS)


def _arrived(service: Service, upload: Upload) -> int:
    """Bytes that are durably there."""
    if upload.is_stored:
        return upload.bytes
    with service.folder.upload(upload.id).open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


async def _written(request: Request, service: Service, upload: Upload, arrived: int) -> int:
    """Append the body; a connection that breaks leaves what has arrived."""
    path = service.folder.upload(upload.id)
    try:
        async with await anyio.open_file(path, "ab") as out:
            async for chunk in request.stream():
                if arrived + len(chunk) > upload.bytes:
                    raise _too_large(upload.bytes)
                leave_free(path, len(chunk), service.bounds.free_disk)
                arrived += await out.write(chunk)
            await out.flush()
            await anyio.to_thread.run_sync(os.fsync, out.wrapped.fileno())
    except ClientDisconnect:
        return await run_in_threadpool(_arrived, service, upload)
    except OSError as fault:
        raise known(fault) from None
    return arrived


def _noted(service: Service, upload: Upload, arrived: int) -> None:
    """Note how far it is; the last byte makes it a stored upload."""
    digest = _digest(service.folder.upload(upload.id)) if arrived == upload.bytes else None
    with service.store.write(service.project) as scope:
        if digest is None:
            uploads.advance(scope, upload.id, arrived)
        else:
            uploads.stored(scope, upload.id, upload.bytes, digest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(upload_id: str) -> Iterator[None]:
    if upload_id in _ACTIVE:
        raise Refused(
            423, "upload.locked", "the upload is being written to", remedy="wait for the other request"
        )
    _ACTIVE.add(upload_id)
    try:
        yield
    finally:
        _ACTIVE.discard(upload_id)


def _too_large(most: int) -> Refused:
    remedy = "analyse it with the command line, or send a shorter period"
    return Refused(413, "limit.upload_bytes", f"more than {most:,} bytes", limit=str(most), remedy=remedy)


def _name(metadata: str | None) -> str:
    """The file's name; `upload` when the metadata has none that can be read."""
    for pair in (metadata or "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base_name(base64.b64decode(value, validate=True).decode())
            except (binascii.Error, UnicodeDecodeError):
                break
    return "upload"
