"""Each event once, and without who does not count, for rows on disk (`friction.ingest.once`, `exclude`)."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.ingest.disk.rows import DiskRows
from friction.ingest.exclude import Exclusion, left_out, marked
from friction.ingest.once import spare_of
from friction.report import Excluded
from friction.sources.base import ALIKE, VERSION

NUMBERS = 8_000_000
"""Of rows that may be alike, so many numbers are looked at together."""


def once(rows: DiskRows) -> tuple[DiskRows, dict[int, int]]:
    """The rows without those that repeat another, and how many were left out by `file_id`.

    What is alike has the same number, so a share of all numbers at a time sees every repetition.
    """
    if ALIKE not in rows.columns:
        return rows, {}
    shares, spare, counts = rows.height // NUMBERS + 1, [np.empty(0, np.int64)], Counter[int]()
    for share in range(shares):
        if len(numbers := _repeated(rows, share, shares)):
            repeated = _rows_of(rows, numbers)
            places = spare_of(repeated.drop("_at"), repeated["_at"])
            spare.append(places.to_numpy().astype(np.int64))
            left = repeated.filter(pl.col("_at").is_in(places.implode()))
            files = left["file_id"] if "file_id" in left.columns else pl.repeat(0, left.height, eager=True)
            counts.update(files.to_list())
    bare = rows.drop(ALIKE, VERSION)
    places_of_all = np.concatenate(spare)
    return (bare.without(places_of_all) if len(places_of_all) else bare), dict(sorted(counts.items()))


def _repeated(rows: DiskRows, share: int, shares: int) -> NDArray[np.uint64]:
    """Numbers of this share that occur more than once."""
    found = [np.empty(0, np.uint64)]
    for piece in rows.pieces([ALIKE]):
        numbers = piece[ALIKE].drop_nulls().cast(pl.UInt64()).to_numpy()
        found.append(numbers[numbers % shares == share] if shares > 1 else numbers)
    numbers = np.sort(np.concatenate(found))
    return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])


def _rows_of(rows: DiskRows, numbers: NDArray[np.uint64]) -> pl.DataFrame:
    """The rows with these numbers, and `_at`, their place among all."""
    found, at = [], 0
    wanted = pl.Series(numbers).implode()
    for piece in rows.pieces():
        alike = pl.col(ALIKE).cast(pl.UInt64()).is_in(wanted)
        found.append(piece.with_row_index("_at", at).filter(alike))
        at += piece.height
    return pl.concat(found)


def without(rows: DiskRows, exclusion: Exclusion) -> tuple[DiskRows, list[Excluded]]:
    """The rows whose sessions count, without the marks of reading, and what was left out by each line."""
    bare = rows.drop(*marked(rows.columns))
    if exclusion.is_empty:
        return bare, []
    told, sizes = [], []
    asked = [*marked(rows.columns), "session_id", *(["url"] if "url" in rows.columns else [])]
    for piece in rows.pieces(asked):
        told.append(exclusion.fitting(piece).unique())
        sizes.append(piece["session_id"].to_physical().value_counts(name="events"))
    events = pl.concat(sizes).group_by("session_id").agg(pl.col("events").sum())
    gone, counted = left_out(pl.concat(told), events, exclusion)
    if not gone.len():
        return bare, counted
    places, at = [], 0
    for piece in bare.pieces(["session_id"]):
        is_gone = piece["session_id"].to_physical().is_in(gone.implode())
        places.append(is_gone.arg_true().to_numpy().astype(np.int64) + at)
        at += piece.height
    return bare.without(np.concatenate(places)), counted
