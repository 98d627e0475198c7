"""Rejected records as a list."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from friction.export.cells import for_people
from friction.ingest import Ingested


def write_rejects(ingested: Ingested, path: Path) -> None:
    """Every rejected record as CSV: file, number, line, column and reason; never its contents."""
    files = pl.Series([file.name for file in ingested.books.files])
    table = ingested.books.with_lines(ingested.books.all_rejects)
    named = table.select(files.gather(table["file_id"]).alias("file"), "row_no", "line", "column", "reason")
    for_people(named).write_csv(path)
