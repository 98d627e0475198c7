"""Uploads: what was sent, and how far it has come. The bytes lie in the spool under the upload's id."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ..clock import now
from .scope import Scope
from .tables import uploads


@dataclass(frozen=True)
class Upload:
    """`received` bytes of `bytes` are there; `sha256` is known once all are."""

    id: str
    project_id: str
    name: str
    state: str
    bytes: int
    received: int
    sha256: str | None
    created: dt.datetime
    removed: dt.datetime | None

    @property
    def is_stored(self) -> bool:
        """Whether it is complete and still there."""
        return self.state == "stored"

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are gone and its events lie in the lake."""
        return self.state == "kept"


def begin(scope: Scope, upload_id: str, name: str, size: int) -> None:
    """An upload of `size` bytes of which nothing has come yet."""
    row = {
        "id": upload_id,
        "name": name,
        "state": "receiving",
        "bytes": size,
        "received": 0,
        "created": now(),
    }
    scope.add(uploads, row)


def advance(scope: Scope, upload_id: str, received: int) -> None:
    """So many bytes are safely there."""
    scope.run(
        scope.change(uploads)
        .where(uploads.c.id == upload_id, uploads.c.state == "receiving")
        .values(received=received)
    )


def stored(scope: Scope, upload_id: str, size: int, sha256: str) -> None:
    """All bytes are safely there."""
    values = {"state": "stored", "bytes": size, "received": size, "sha256": sha256, "removed": None}
    scope.run(scope.change(uploads).where(uploads.c.id == upload_id).values(values))


def removed(scope: Scope, upload_id: str) -> None:
    """The bytes are gone, or about to be; the row stays, for reports name it."""
    scope.run(scope.change(uploads).where(uploads.c.id == upload_id).values(state="removed", removed=now()))


def kept(scope: Scope, upload_id: str) -> None:
    """Its events lie in the lake, the bytes are gone, or about to be."""
    stored = (uploads.c.id == upload_id, uploads.c.state == "stored")
    scope.run(scope.change(uploads).where(*stored).values(state="kept", removed=now()))


def get(scope: Scope, upload_id: str) -> Upload | None:
    """The upload; null when there is none in this project."""
    return _one(scope.first(scope.all(uploads).where(uploads.c.id == upload_id)))


def same(scope: Scope, sha256: str) -> Upload | None:
    """An upload with this content that is there, else one whose events are; the oldest."""
    chosen = scope.all(uploads).where(uploads.c.sha256 == sha256, uploads.c.state.in_(("stored", "kept")))
    chosen = chosen.order_by(uploads.c.state.desc())
    return _one(scope.first(chosen.order_by(uploads.c.created, uploads.c.id)))


def expired(scope: Scope, before: dt.datetime) -> list[Upload]:
    """Uploads that came before this time and whose bytes may still be there."""
    gone = ("kept", "removed")
    chosen = scope.all(uploads).where(uploads.c.created < before, uploads.c.state.not_in(gone))
    return [Upload(**row) for row in scope.rows(chosen.order_by(uploads.c.id))]


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove the rows of uploads whose bytes were removed before this time."""
    scope.run(scope.remove(uploads).where(uploads.c.removed < before))


def _one(row: dict[str, Any] | None) -> Upload | None:
    return None if row is None else Upload(**row)
