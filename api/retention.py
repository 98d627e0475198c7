"""What is kept how long."""

from __future__ import annotations

import datetime as dt

from . import lake
from .clock import now
from .folder import DataFolder
from .store import Store, hooks, jobs, uploads

UPLOADS = dt.timedelta(hours=24)
"""From its arrival an upload can be analysed again for so long; nothing outside the spool holds its bytes."""


def apply(store: Store, folder: DataFolder) -> None:
    """Remove the bytes of uploads that are too old and that no job needs any more, and old messages of webhooks."""
    with store.read() as scope:
        old = uploads.expired(scope, now() - UPLOADS)
    for upload in old:
        with store.write() as scope:
            if jobs.using(scope, upload.id):
                continue
            gone = uploads.kept if lake.holds(folder, upload) else uploads.removed
            gone(scope, upload.id)
        folder.forget_upload(upload.id)
    _sweep(store, folder)
    with store.write() as scope:
        hooks.forget_old(scope)


def _sweep(store: Store, folder: DataFolder) -> None:
    """Remove bytes whose upload was written down as gone by somebody who ended before they were."""
    with store.read() as scope:
        rows = [(path, uploads.get(scope, path.name)) for path in folder.spool.iterdir()]
    for path, upload in rows:
        if upload is not None and upload.state in ("kept", "removed"):
            path.unlink(missing_ok=True)
