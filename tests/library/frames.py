"""The same small export as every kind of frame that programs have."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from tests.exports import Row, visits, written

GOAL = "page=/thanks"


def rows() -> list[Row]:
    """Two in five sessions hammer the cart's button, and many of them leave."""
    return visits(120)


def of_polars(csv: bytes) -> pl.DataFrame:
    return pl.read_csv(csv, try_parse_dates=True)


def lazy(csv: bytes) -> pl.LazyFrame:
    return pl.read_csv(csv).lazy()


def of_pandas(csv: bytes) -> Any:
    return pd.read_csv(io.BytesIO(csv))


def with_times(csv: bytes) -> Any:
    return pd.read_csv(io.BytesIO(csv), parse_dates=["timestamp"])


def with_index(csv: bytes) -> Any:
    return pd.read_csv(io.BytesIO(csv)).set_index(["session_id", "timestamp"])


def of_arrow(csv: bytes) -> Any:
    return arrow_csv.read_csv(pa.BufferReader(csv))


def as_batches(csv: bytes) -> Any:
    table = of_arrow(csv)
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=100))


FRAMES: dict[str, Callable[[bytes], Any]] = {
    frame.__name__: frame
    for frame in (of_polars, lazy, of_pandas, with_times, with_index, of_arrow, as_batches)
}

__all__ = ["FRAMES", "GOAL", "rows", "written"]
