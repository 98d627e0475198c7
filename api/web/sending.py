"""Files on their way in: a form with several, uploads that a script has sent already, or the sample."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from friction.cli.demo import GOAL, sites
from friction.errors import InputError
from friction.files import write

from ..clock import new_id
from ..options import Options
from ..orders import order, unusable
from ..receiving import Received, of_form
from ..routes import uploads as upload_routes
from ..service import Service, ServiceDep
from ..store import drops, uploads

router = APIRouter(include_in_schema=False)

MOST_FILES = 1000
"""As many as a report takes."""
EPOCH = (2025, 1, 1, 0, 0, 0)
"""Time of the members of the sample's archive, so that it is the same file each time."""


@router.post("/uploads")
async def send(request: Request, service: ServiceDep) -> RedirectResponse:
    """Take the files of a form, as browsers without script send it."""
    kept: list[str] = []
    async with request.form(max_files=MOST_FILES, max_fields=8) as form:
        for file in form.getlist("file"):
            if isinstance(file, UploadFile) and file.size:  # folders hold empty files, too
                upload_id = new_id("upl")
                received = await of_form(file, service.folder.upload(upload_id), service.bounds.free_disk)
                upload, _ = await run_in_threadpool(upload_routes.settle, service, upload_id, received)
                kept.append(upload.id)
    return await run_in_threadpool(_dropped, service, kept)


@router.post("/uploads/together")
def together(
    service: ServiceDep, upload: Annotated[list[str], Form(max_length=MOST_FILES)]
) -> RedirectResponse:
    """Make one drop of uploads that have arrived."""
    return _dropped(service, upload)


def _dropped(service: Service, ids: Sequence[str]) -> RedirectResponse:
    ids = list(dict.fromkeys(ids))
    if not ids:
        raise InputError("input.missing", "the form has no file", remedy="choose a file first")
    drop_id = new_id("drp")
    with service.store.write(service.project) as scope:
        for upload_id in ids:
            found = uploads.get(scope, upload_id)
            if found is None or not found.is_stored:
                raise unusable(upload_id, found.state if found else None)
        drops.add(scope, drop_id, ids)
    return RedirectResponse(f"/uploads/{drop_id}", 303)


@router.post("/sample")
def sample(service: ServiceDep) -> RedirectResponse:
    """Analyse what is shipped: the made-up shop and the recordings of visits to it."""
    files = {"shop.parquet": (sites() / "shop/events.parquet").read_bytes(), "recordings.zip": recordings()}
    kept = [_kept(service, name, content) for name, content in files.items()]
    job = order(service, kept, Options(goal=[GOAL]).settings())
    return RedirectResponse(f"/jobs/{job.id}", 303)


def _kept(service: Service, name: str, content: bytes) -> str:
    upload_id, digest = new_id("upl"), hashlib.sha256(content).hexdigest()
    write(service.folder.upload(upload_id), content)
    return upload_routes.settle(service, upload_id, Received(name, len(content), digest))[0].id


def recordings() -> bytes:
    """All recordings of the sample in one archive, always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted((sites() / "recorded/recordings").iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, EPOCH), path.read_bytes())
    return out.getvalue()
