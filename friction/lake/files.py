"""Tables of a data set on the disk: each durable before a manifest names it, and never changed afterwards."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path

import polars as pl

from friction.files import full_disk
from friction.lake.manifest import Manifest, PartFile
from friction.lake.placed import OURS, START
from friction.schema import EVENT, TS

WHO = ("visitor_id", "user_id", "email_hash")
"""Columns that say whose a session is."""
INDEX = pl.Schema(
    {
        **dict.fromkeys(("session_id", *WHO), pl.String()),
        **{"start": TS, "end": TS, "rows": pl.UInt32(), "path": pl.String()},
    }
)
"""One row a session, who it says it is of, and file: where the sessions lie, and whose they are."""


def write_table(table: pl.DataFrame, path: Path) -> int:
    """Write a table, durably; its bytes. Raises `LimitError` when the disk is full."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        table.write_parquet(path, compression="zstd")
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except Exception as fault:
        path.unlink(missing_ok=True)
        if (known := full_disk(fault)) is not None:
            raise known from None
        raise
    return path.stat().st_size


def write_part(folder: Path, rows: pl.DataFrame, part: PartFile) -> PartFile:
    """Write events, without the columns that none of them fills; `part` with its figures."""
    kept = rows.select(name for name in EVENT if name in filled(rows))
    size = write_table(kept, folder / part.path)
    last = rows["ts"].max()
    assert last is not None
    end = last.astimezone(UTC).isoformat()  # type: ignore[union-attr]
    return PartFile(**{**vars(part), "rows": rows.height, "bytes": size, "end": end})


def filled(rows: pl.DataFrame) -> set[str]:
    """Columns of the event table that say anything."""
    return {name for name in rows.columns if name in EVENT and rows[name].null_count() < rows.height}


def listed(rows: pl.DataFrame, path: str) -> pl.DataFrame:
    """The rows of the index for placed events that lie in one file."""
    have = rows.lazy().with_columns(
        pl.lit(None, pl.String()).alias(name) for name in WHO if name not in rows.columns
    )
    found = have.group_by("session_id", *WHO, START).agg(
        end=pl.col("ts").max(), rows=pl.len().cast(pl.UInt32)
    )
    named = found.rename({START: "start"}).with_columns(path=pl.lit(path)).select(INDEX.names())
    return named.sort(INDEX.names()).collect()


def unplaced(rows: pl.DataFrame) -> pl.DataFrame:
    """Without the columns that only said where the rows go."""
    return rows.drop(name for name in OURS if name in rows.columns)


def read_index(folder: Path, manifest: Manifest) -> pl.DataFrame:
    """The index of the data set."""
    return pl.concat(
        [INDEX.to_frame(), *(pl.read_parquet(folder / path, glob=False) for path in manifest.index)]
    )


def read_open(folder: Path, manifest: Manifest) -> pl.DataFrame:
    """Events that wait for the next delivery."""
    tables = [pl.read_parquet(folder / path, glob=False) for path in manifest.open]
    return pl.concat(tables, how="diagonal") if tables else pl.DataFrame(schema={"session_id": pl.String()})
