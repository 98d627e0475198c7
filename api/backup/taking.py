"""`friction backup`: the archive, written under its name only when it is complete."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import zstandard

from friction import __version__
from friction.errors import UsageError
from friction.files import committed

from ..clock import now
from ..folder import DataFolder
from ..store import EVERY_PROJECT, Store
from ..store.migrate import is_current, revision
from .rows import lines, tables_of
from .snapshot import taken

FORMAT = 1
HEAD = "backup.json"
NEEDED = ("stored", "receiving", "kept")
"""States of an upload whose bytes may still be asked for."""


def backup(data_dir: Path, database: str | None, output: Path, *, with_secret: bool = True) -> dict[str, Any]:
    """Write the archive; the answer says what is in it. The service may run meanwhile.

    Raises `UsageError` when there is no service of this version, or the file cannot be written.
    """
    folder = DataFolder.prepared(data_dir)
    store = Store.open(database or folder.store_url)
    try:
        if not is_current(store):
            raise UsageError(
                "backup.no_service",
                "there is no service of this version in the data folder or database",
                remedy="check --data-dir and --database; after an upgrade start the service once",
                file=str(data_dir),
            )
        with committed(output) as part:
            return _written(folder, store, part, with_secret=with_secret)
    finally:
        store.close()


def _written(folder: DataFolder, store: Store, part: Path, *, with_secret: bool) -> dict[str, Any]:
    files: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    with _pinned(store) as connection:
        reports = _ids(connection, "SELECT id FROM reports ORDER BY id")
        uploads = _ids(connection, f"SELECT id FROM uploads WHERE state IN {NEEDED} ORDER BY id")
        with (
            taken(folder, reports, uploads, with_secret=with_secret) as snapshot,
            part.open("wb") as target,
            zstandard.ZstdCompressor(level=3).stream_writer(target, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            for table in tables_of(connection):
                counts[table.name] = _add_rows(archive, connection, table, files)
            for path in sorted(path for path in snapshot.rglob("*") if path.is_file()):
                _add_file(archive, f"data/{path.relative_to(snapshot).as_posix()}", path, files)
            about = {
                "format": FORMAT,
                "friction": __version__,
                "schema": revision(store),
                "taken": now().isoformat(),
                "rows": counts,
                "files": files,
            }
            _add(archive, HEAD, json.dumps(about, indent=1, sort_keys=True).encode())
    part.chmod(0o600)
    return {key: about[key] for key in ("friction", "schema", "taken", "rows")} | {
        "files": len(files),
        "bytes": part.stat().st_size,
    }


@contextmanager
def _pinned(store: Store) -> Iterator[sa.Connection]:
    """A transaction that sees the rows of one moment until its end, and changes none."""
    options = {"isolation_level": "REPEATABLE READ"} if store.is_postgres else {"sqlite_begin": "DEFERRED"}
    with store.engine.connect().execution_options(**options) as connection, connection.begin():
        if store.is_postgres:
            connection.execute(sa.select(sa.func.set_config("friction.project", EVERY_PROJECT, True)))
        yield connection


def _ids(connection: sa.Connection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.exec_driver_sql(query)]


def _add_rows(
    archive: tarfile.TarFile, connection: sa.Connection, table: sa.Table, files: dict[str, dict[str, Any]]
) -> int:
    count = 0
    with tempfile.NamedTemporaryFile() as spool:
        for line in lines(connection, table):
            spool.write(line)
            count += 1
        spool.flush()
        _add_file(archive, f"store/{table.name}.jsonl", Path(spool.name), files)
    return count


def _add_file(archive: tarfile.TarFile, name: str, path: Path, files: dict[str, dict[str, Any]]) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        about = _about(name, path.stat().st_size)
        archive.addfile(about, file)
    files[name] = {"bytes": about.size, "sha256": digest}


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_about(name, len(content)), io.BytesIO(content))


def _about(name: str, size: int) -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o600
    return about
