"""Taking a file from a request, as the part `file` of a form or as the body itself, into a private folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path

import anyio
from fastapi import Request
from starlette.datastructures import UploadFile

from friction.errors import InputError

_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Upload:
    """A received file: it lies under a name of ours, and messages use the one its sender gave it."""

    path: Path
    name: str
    options: str | None = None
    """The form's part `options`, if it has one."""


async def receive(request: Request, folder: Path) -> Upload:
    """Write the request's file into `folder`; raises `InputError` when there is none or it is empty."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        return await _from_form(request, folder)
    name = file_name(request.headers.get("content-disposition", ""))
    return await _written(request.stream(), folder, name)


async def _from_form(request: Request, folder: Path) -> Upload:
    async with request.form(max_files=1, max_fields=8) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("input.missing", "the form has no file", remedy='send it as the part "file"')
        options = form.get("options")
        upload = await _written(_chunks(file), folder, _base_name(file.filename or ""))
        return replace(upload, options=options if isinstance(options, str) else None)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK_BYTES):
        yield chunk


async def _written(chunks: AsyncIterator[bytes], folder: Path, name: str) -> Upload:
    path, size = folder / "upload", 0
    async with await anyio.open_file(path, "wb") as out:
        async for chunk in chunks:
            size += await out.write(chunk)
    if not size:
        remedy = "check the export that wrote it"
        raise InputError("input.empty", "the file is empty", file=name, remedy=remedy)
    return Upload(path, name)


def file_name(disposition: str) -> str:
    """The file name of a `Content-Disposition` header, in either spelling; `upload` when it has none."""
    header = Message()
    header["content-disposition"] = disposition or "attachment"
    return _base_name(header.get_filename() or "")


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "upload"
