"""Tables of Apache Iceberg in a folder: which files they are made of, and their rows as one file.

The metadata name every file by its whole address. Files are looked for at the same place below the folder as they had
below the table's own location, so a copy of a table is a table; whatever lies elsewhere is refused. Properties of the
table are not taken over: among them a table could say by which program it wants to be opened.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from friction.errors import FrictionError
from friction.places.delta import damaged, outside
from friction.places.extras import needed

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)
_VERSION = re.compile(r"v?(\d+)")


def files(root: Path, name: str) -> list[str]:
    """The live files, those with deleted rows too, seen from `root`. Raises as those of Delta do."""
    try:
        table = _table(root)
        found = set()
        for task in table.scan().plan_files():
            found.add(task.file.file_path)
            found |= {each.file_path for each in task.delete_files}
        return sorted(_below(each, table.metadata.location, root) for each in found)
    except Exception as fault:
        raise _named(fault, name) from None


def write(root: Path, output: Path, name: str) -> None:
    """All rows of the newest snapshot as Parquet."""
    try:
        import pyarrow.parquet as pq

        batches = _table(root).scan().to_arrow_batch_reader()
        with pq.ParquetWriter(output, batches.schema, compression="lz4") as writer:
            for batch in batches:
                writer.write_batch(batch)
    except Exception as fault:
        raise _named(fault, name) from None


class Outside(Exception):
    """A file that does not belong to the table's folder."""


def _named(fault: Exception, name: str) -> FrictionError:
    if isinstance(fault, FrictionError):
        return fault
    return outside(name) if isinstance(fault, Outside) else damaged(fault, name)


def _table(root: Path) -> Any:
    needed("pyiceberg", "lakes")
    from pyiceberg.catalog.noop import NoopCatalog
    from pyiceberg.io.pyarrow import PyArrowFileIO
    from pyiceberg.serializers import FromInputFile
    from pyiceberg.table import StaticTable

    newest = max((root.absolute() / "metadata").glob("*.metadata.json"), key=_version)
    metadata = FromInputFile.table_metadata(PyArrowFileIO().new_input(str(newest)))
    metadata = metadata.model_copy(update={"properties": {}})

    class Files(PyArrowFileIO):
        def parse_location(self, location: str, *_: Any) -> tuple[str, str, str]:  # type: ignore[override]
            return "file", "", str(root / _below(location, metadata.location, root))

    return StaticTable(
        identifier=("table",),
        metadata=metadata,
        metadata_location=str(newest),
        io=Files({}),
        catalog=NoopCatalog("none"),
    )


def _version(path: Path) -> tuple[int, str]:
    found = _VERSION.match(path.name)
    return int(found[1]) if found else -1, path.name


def _below(location: str, table: str, root: Path) -> str:
    """Where a file lies below the table; schemes do not matter (`s3a://` is `s3://`), buckets and folders do."""
    here, there = _path(location), _path(table).rstrip("/") + "/"
    if not here.startswith(there):
        there = str(root.absolute()) + "/"
    below = here.removeprefix(there)
    if not here.startswith(there) or ".." in below.split("/"):
        raise Outside
    return below


def _path(location: str) -> str:
    """Without the scheme; taken as it stands, for these addresses are not encoded."""
    return _SCHEME.sub("", location)
