"""`friction restore`: an archive into an empty data folder and database. Nothing in it is believed unchecked."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa
import zstandard

from friction.errors import InputError, UsageError
from friction.files import full_disk

from ..folder import DataFolder
from ..store import Store
from ..store.migrate import is_known, upgrade
from .rows import put, tables_of
from .taking import FORMAT, HEAD

_NAME = re.compile(r"(store/[a-z_]+\.jsonl|data/(reports|spool|lake)/.+|data/secret\.key|backup\.json)")
_STALE = ("workers",)
"""Tables of what was running then and is not now."""


def restore(archive: Path, data_dir: Path, database: str | None) -> dict[str, Any]:
    """Bring back what `backup` wrote; the answer says what. Jobs that were not over begin anew.

    Raises `UsageError` when the target is not empty or the archive is of a later version, `InputError` for a damaged
    archive; the target is then as it was.
    """
    if not archive.is_file():
        raise _missing(archive)
    folder = DataFolder.prepared(data_dir)
    store = Store.open(database or folder.store_url)
    try:
        _require_empty(folder, store)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder.root) as name:
            unpacked = Path(name)
            about = _unpacked(archive, unpacked)
            _load(store, about, unpacked / "store")
            for each in sorted((unpacked / "data").iterdir()) if (unpacked / "data").is_dir() else []:
                target = folder.root / each.name
                if target.is_dir():
                    target.rmdir()
                each.replace(target)
        DataFolder.prepared(data_dir)
        return {key: about[key] for key in ("friction", "schema", "taken", "rows")} | {
            "files": len(about["files"])
        }
    finally:
        store.close()


def _require_empty(folder: DataFolder, store: Store) -> None:
    """Neither rows nor files: what is there already would be mixed with what comes."""
    with store.engine.connect() as connection:
        has_rows = any(
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables_of(connection)
        )
    places = (folder.reports, folder.spool, folder.lake)
    if has_rows or any(place.is_dir() and any(place.iterdir()) for place in places):
        raise UsageError(
            "restore.not_empty",
            "the data folder or the database holds something already",
            remedy="choose an empty folder with --data-dir and an empty database with --database",
            file=str(folder.root),
        )


def _unpacked(archive: Path, into: Path) -> dict[str, Any]:
    """All members as files; the head, when everything is there as it says."""
    digests: dict[str, str] = {}
    try:
        with (
            archive.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as stream,
            tarfile.open(fileobj=stream, mode="r|") as members,
        ):
            for member in members:
                digests[member.name] = _one(members, member, into)
        about: dict[str, Any] = json.loads((into / HEAD).read_bytes())
    except (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError, KeyError):
        raise _damaged(archive) from None
    except FileNotFoundError:  # of the head
        raise _damaged(archive) from None
    except OSError as fault:
        raise full_disk(fault) or _missing(archive) from None
    if about.get("format") != FORMAT:
        raise UsageError(
            "restore.later_version",
            "the backup was taken by a later version of friction",
            remedy="install that version",
            file=str(archive),
        )
    said = {name: file["sha256"] for name, file in about["files"].items()}
    if {name: digest for name, digest in digests.items() if name != HEAD} != said:
        raise _damaged(archive)
    return about


def _one(members: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> str:
    """Write one member below `into`; its SHA-256. Raises `ValueError` for what no backup holds."""
    path = PurePosixPath(member.name)
    content = members.extractfile(member) if member.isreg() else None
    if content is None or not _NAME.fullmatch(member.name) or ".." in path.parts:
        raise ValueError(member.name)
    target = into / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(store: Store, about: dict[str, Any], rows: Path) -> None:
    """The rows into the schema they were taken from, and that then up to today's."""
    if not is_known(about["schema"]):
        raise UsageError(
            "restore.later_version",
            "the backup was taken by a later version of friction",
            remedy="install that version",
        )
    upgrade(store, about["schema"])
    with store.write() as scope:
        for table in tables_of(scope.connection):
            path = rows / f"{table.name}.jsonl"
            if path.exists() and table.name not in _STALE:
                with path.open("rb") as said:
                    put(scope.connection, table, said)
    upgrade(store)


def _damaged(archive: Path) -> InputError:
    return InputError(
        "restore.damaged",
        "this is no backup of friction, or it is damaged",
        remedy="take another one",
        file=str(archive),
    )


def _missing(archive: Path) -> InputError:
    remedy = "check the name and who may read it"
    return InputError("input.missing", f"{archive} cannot be read", file=str(archive), remedy=remedy)
