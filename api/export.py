"""Everything that a project holds, as one ZIP: what its owner may ask for, and takes along.

project.json        which project, when, and what is left out
tables/NAME.jsonl   every table of the store, one row a line; secrets and who is logged in are left out
reports/ID/…        reports in every form that was made, and what lies beside them
lake/NAME/…         data sets: the masked events as Parquet

What was sent and waits in the spool is left out: it is not masked, and whoever sent it has it. The ZIP is made while it
is sent, so that it needs neither memory nor disk.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from friction import __version__

from .clock import now
from .folder import DataFolder
from .store import Store, projects
from .store.tables import OWNED

LEFT_OUT = ("logins", "deliveries")
"""Tables that are of use to nobody elsewhere."""
SECRET = ("digest", "secret", "token")
"""Columns that open something."""
CHUNK_BYTES = 1 << 20


class _Sink(io.RawIOBase):
    """What a ZIP is written to: bytes wait here until they are sent."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def write(self, data: Any) -> int:
        """Take bytes."""
        self._parts.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How many there have been."""
        return self._at

    def flush(self) -> None:
        """Nothing waits below."""

    def taken(self) -> bytes:
        """What has come since the last time."""
        found, self._parts = b"".join(self._parts), []
        return found


def zipped(store: Store, folder: DataFolder, project: str) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr("project.json", _cover(store, project))
        reports = []
        for table in OWNED:
            if table.name not in LEFT_OUT:
                lines = _lines(store, project, table.name)
                archive.writestr(f"tables/{table.name}.jsonl", "".join(lines))
                yield sink.taken()
        with store.read(project) as scope:
            table = next(each for each in OWNED if each.name == "reports")
            reports = [row["id"] for row in scope.rows(scope.all(table))]
        places = [(f"reports/{report}", folder.reports / report) for report in sorted(reports)]
        for name, place in [*places, ("lake", folder.lake / project)]:
            for path in sorted(place.rglob("*")) if place.is_dir() else ():
                if path.is_file():
                    yield from _file(archive, sink, f"{name}/{path.relative_to(place)}", path)
    yield sink.taken()


def _cover(store: Store, project: str) -> str:
    with store.read() as scope:
        home = projects.get(scope, project)
    said = {
        "project_id": project,
        "name": home.name if home else None,
        "made": now().isoformat(),
        "friction_version": __version__,
        "left_out": [*LEFT_OUT, *(f"columns {name}" for name in SECRET), "files as they were sent"],
    }
    return json.dumps(said, indent=2)


def _lines(store: Store, project: str, name: str) -> list[str]:
    table = next(each for each in OWNED if each.name == name)
    with store.read(project) as scope:
        rows = scope.rows(scope.all(table))
    return [json.dumps(_shown(row), sort_keys=True, default=_text) + "\n" for row in rows]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not any(word in name for word in SECRET)}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _file(archive: zipfile.ZipFile, sink: _Sink, name: str, path: Path) -> Iterator[bytes]:
    """One file; what is compressed already is stored as it is. One that has gone meanwhile is left out."""
    entry = zipfile.ZipInfo(name)
    is_packed = path.suffix in (".parquet", ".gz", ".zst")
    entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file, archive.open(entry, "w", force_zip64=True) as out:
        while chunk := file.read(CHUNK_BYTES):
            out.write(chunk)
            yield sink.taken()
