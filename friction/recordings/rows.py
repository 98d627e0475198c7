"""Cells of rows → one frame with columns of the event table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from friction.recordings.cells import Cells, Coded, cells, named
from friction.schema import EVENT, TS


def frame(rows: Iterable[dict[str, Any]], columns: frozenset[str] | None = None) -> pl.DataFrame:
    """One row each, in their order; `columns` null gives all of `COLUMNS`, else those and `ALWAYS`.

    `ts` of the rows is milliseconds, of the frame microseconds UTC. A missing key is null.
    """
    rows, names = list(rows), named(columns)
    return framed(cells(rows, names), names, len(rows))


def framed(found: Mapping[str, Cells], names: Sequence[str], height: int) -> pl.DataFrame:
    """The frame of these cells; a column without any is null."""
    return pl.DataFrame([_column(name, found.get(name), height) for name in names])


def _column(name: str, found: Cells | None, height: int) -> pl.Series:
    if found is None:
        return pl.Series(name, [None], EVENT[name]).new_from_index(0, height)
    if isinstance(found, Coded):
        words = pl.Series(name, found.words, EVENT[name])
        return words.gather(pl.Series(np.frombuffer(found.places, np.intc)))
    return (
        pl.Series(name, found, pl.Int64()).cast(TS) if name == "ts" else pl.Series(name, found, EVENT[name])
    )
