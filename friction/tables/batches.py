"""Rows of wide records in larger batches than the engine's reader of delimited text hands on.

That gives some two thousand rows of a kilobyte at a time, for which calling on a source to read times and objects
inside cells takes several times as long as its work.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars.io.plugins import register_io_source

BATCH_BYTES = 16 << 20
WIDE = 500
"""Bytes of a record from which on it pays."""


def in_batches(frame: pl.LazyFrame, width: int) -> pl.LazyFrame:
    """The same rows in the same order; `width`: bytes of a record."""
    if width < WIDE:
        return frame
    size = max(1, BATCH_BYTES // width)

    def read(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = frame if columns is None else frame.select(columns)
        wanted = wanted if rows is None else wanted.head(rows)
        for batch in wanted.collect_batches(chunk_size=size, maintain_order=True):
            yield batch if predicate is None else batch.filter(predicate)

    return register_io_source(read, schema=frame.collect_schema(), is_pure=True)
