"""The words behind a column of categories."""

from __future__ import annotations

import polars as pl


def distinct(column: pl.Series) -> pl.Series:
    """All words of a categorical column's pool up to the last one that the column has, in the order of its numbers."""
    last = column.to_physical().max()
    numbers = pl.int_range(0 if last is None else int(str(last)) + 1, dtype=pl.UInt32, eager=True)
    return numbers.cat.to(column.dtype).cast(pl.String).alias(column.name)
