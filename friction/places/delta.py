"""Tables of Delta Lake in a folder: which files they are made of, and their rows as one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from friction.errors import FrictionError, InputError
from friction.places.extras import needed


def files(root: Path, name: str) -> list[str]:
    """The live files of the newest version, seen from `root`.

    Raises `InputError` when the log is damaged, uses what is not known here, or names files of elsewhere.
    """
    table = _table(root, name)
    try:
        uris = table.file_uris()
    except Exception as fault:
        raise damaged(fault, name) from None
    found = [os.path.relpath(uri, root.absolute()) for uri in uris]
    if any("://" in uri for uri in uris) or any(each.startswith("..") for each in found):
        raise outside(name)
    return sorted(found)


def write(root: Path, output: Path, name: str) -> None:
    """All rows of the newest version as Parquet. Raises as `files`."""
    import polars as pl

    files(root, name)
    try:
        pl.scan_delta(str(root)).sink_parquet(output, compression="lz4")
    except Exception as fault:
        raise damaged(fault, name) from None


def damaged(fault: Exception, name: str) -> FrictionError:
    """What is said in the place of a library's words."""
    from friction.files import full_disk

    return full_disk(fault) or InputError(
        "place.damaged_table",
        f"the table cannot be read ({type(fault).__name__}): its log is damaged or uses what is not known here",
        remedy="write it anew or export it as Parquet",
        file=name,
    )


def outside(name: str) -> InputError:
    """Whoever writes the log of a table must not choose what else of this machine or bucket is read."""
    return InputError(
        "place.outside",
        "the log of the table names files that do not lie in its folder",
        remedy="copy the table with its files into one folder",
        file=name,
    )


def _table(root: Path, name: str) -> Any:
    needed("deltalake", "lakes", name)
    from deltalake import DeltaTable

    try:
        return DeltaTable(str(root.absolute()))
    except Exception as fault:
        raise damaged(fault, name) from None
