"""Taking a file from a request, as the part `file` of a form or as the body itself, to its place on the disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path

import anyio
from fastapi import Request
from starlette.datastructures import UploadFile

from friction.errors import FrictionError, InputError, LimitError
from friction.files import full_disk

_CHUNK_BYTES = 256 * 1024
MAX_NAME = 200


@dataclass(frozen=True)
class Received:
    """A file that is safely on the disk: what its sender calls it, and what it holds."""

    name: str
    bytes: int
    sha256: str
    options: str | None = None
    """The form's part `options`, if it has one."""


async def receive(request: Request, path: Path, free: int) -> Received:
    """Write the request's file to `path`, durably; `free` bytes of the disk stay free.

    Raises `InputError` when there is none or it is empty, `LimitError` when the disk is full.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        return await _from_form(request, path, free)
    name = file_name(request.headers.get("content-disposition", ""))
    return await _written(request.stream(), path, name, free)


async def _from_form(request: Request, path: Path, free: int) -> Received:
    async with request.form(max_files=1, max_fields=8) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("input.missing", "the form has no file", remedy='send it as the part "file"')
        options = form.get("options")
        received = await of_form(file, path, free)
        return replace(received, options=options if isinstance(options, str) else None)


async def of_form(file: UploadFile, path: Path, free: int) -> Received:
    """Write one file of a form to `path`, as `receive` does."""
    return await _written(_chunks(file), path, base_name(file.filename or ""), free)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK_BYTES):
        yield chunk


async def _written(chunks: AsyncIterator[bytes], path: Path, name: str, free: int) -> Received:
    digest, size = hashlib.sha256(), 0
    try:
        async with await anyio.open_file(path, "wb") as out:
            async for chunk in chunks:
                leave_free(path, len(chunk), free)
                size += await out.write(chunk)
                digest.update(chunk)
            await out.flush()
            await anyio.to_thread.run_sync(os.fsync, out.wrapped.fileno())
        if not size:
            remedy = "check the export that wrote it"
            raise InputError("input.empty", "the file is empty", file=name, remedy=remedy)
    except BaseException as fault:
        path.unlink(missing_ok=True)
        raise known(fault) from None
    return Received(name, size, digest.hexdigest())


def leave_free(path: Path, size: int, free: int) -> None:
    """Raise `LimitError` when `size` more bytes beside `path` would leave less than `free` on the disk."""
    if shutil.disk_usage(path.parent).free - size < free:
        remedy = "the operator has to free some space; then send it again"
        raise LimitError("limit.disk", "the disk of the service is full", remedy=remedy)


def known(fault: BaseException) -> BaseException:
    """A fault of the disk under its name, anything else as it is."""
    return fault if isinstance(fault, FrictionError) else full_disk(fault) or fault


def file_name(disposition: str) -> str:
    """The file name of a `Content-Disposition` header, in either spelling; `upload` when it has none."""
    header = Message()
    header["content-disposition"] = disposition or "attachment"
    return base_name(header.get_filename() or "")


def base_name(name: str) -> str:
    """What a sender calls a file, without folders; only ever shown, never a path of ours."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][:MAX_NAME] or "upload"
