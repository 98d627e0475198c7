"""Events that were sent or exported more than once are kept once, however their rows and files are ordered.

Rows are alike by a number that their source gives them (`friction.sources.base.ALIKE`): 8 bytes a row, and nothing
of the ids themselves, stay in memory. Of 10 M events two different ones share a number with a chance of 3 in a
million. Files with the same content count as one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from friction.sources.base import ALIKE, VERSION

PLACES = ("file_id", "row_no")
FEW_RECORDS = 20
"""Files with fewer may have the same content by chance: a single line that happened twice."""


def once(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, int]]:
    """The rows without those that repeat another, and how many were left out by `file_id` (0 where there is none).

    Of rows alike the one with the largest version stays, then the earliest, then whichever its content decides.
    """
    if ALIKE not in rows.columns:
        return rows, {}
    alike = rows[ALIKE].cast(pl.UInt64)
    bare = rows.drop(ALIKE, VERSION, strict=False)
    if not _repeats(alike):
        return bare, {}
    repeated = (alike.is_not_null() & alike.is_duplicated()).arg_true()
    spare = spare_of(rows[repeated], repeated)
    files = (
        rows["file_id"].gather(spare) if "file_id" in rows.columns else pl.repeat(0, spare.len(), eager=True)
    )
    counts = files.value_counts(name="rows").sort(files.name)
    keep = pl.repeat(value=True, n=rows.height, eager=True).scatter(spare, values=False)
    return bare.filter(keep), dict(counts.iter_rows())


def copies(files: Sequence[tuple[str, int]]) -> list[bool]:
    """For every file whether one before it has the same content, by SHA-256 and number of records."""
    seen: set[str] = set()
    found = []
    for content, records in files:
        found.append(records >= FEW_RECORDS and content in seen)
        seen.add(content)
    return found


def _repeats(alike: pl.Series) -> bool:
    """Whether a number occurs twice: sorting them is quicker than counting."""
    ordered = np.sort(alike.drop_nulls().to_numpy())
    return bool((ordered[1:] == ordered[:-1]).any())


def spare_of(rows: pl.DataFrame, places: pl.Series) -> pl.Series:
    """Of rows that all repeat another, the places of those that are left out."""
    version = pl.col(VERSION) if VERSION in rows.columns else pl.lit(0.0)
    content = [pl.col(name).cast(pl.String) for name in rows.columns if name not in {*PLACES, ALIKE, VERSION}]
    found = rows.select(
        ALIKE,
        "ts",
        version=-version.fill_null(float("-inf")),
        content=pl.struct(content).hash(),
        place=places,
    )
    kept = found.sort(ALIKE, "version", "ts", "content", "place").unique(
        ALIKE, keep="first", maintain_order=True
    )
    return found.join(kept.select("place"), on="place", how="anti")["place"].sort()
