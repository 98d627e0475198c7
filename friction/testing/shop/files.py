"""The two files of a shop: always the same bytes for the same shop."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl


def events_bytes(events: pl.DataFrame) -> bytes:
    """The events as Parquet, in row groups of a fixed size so that the number of threads does not show."""
    buffer = io.BytesIO()
    events.write_parquet(buffer, compression="zstd", compression_level=15, row_group_size=65_536)
    return buffer.getvalue()


def truth_bytes(truth: dict[str, Any]) -> bytes:
    """The truth as JSON, to be read by people as well."""
    return (json.dumps(truth, indent=2, ensure_ascii=False) + "\n").encode()
