"""The floor under every figure, `python -m tests.bench.floor FILE`: reading the needed columns, no more.

Every value is decoded and looked at once; nothing is kept. Times in text formats stay text.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

NEEDED = (
    *("session_id", "visitor_id", "ts", "type", "url", "target", "x", "y", "load_ms", "form_id", "field"),
    *("error", "device", "browser", "country"),
)
"""What the default detectors ask of the generated log: all but the depth of scrolling."""
_TEXTS = {name: pl.String() for name in NEEDED if name not in {"x", "y", "load_ms"}}
_NUMBERS = {"x": pl.Int32(), "y": pl.Int32(), "load_ms": pl.Float32()}


def scan(path: Path) -> pl.LazyFrame:
    """The needed columns, lazily; raises `KeyError` for another suffix than parquet, csv and jsonl."""
    types = pl.Schema({**_TEXTS, **_NUMBERS})
    frame = {
        ".parquet": lambda: pl.scan_parquet(path),
        ".csv": lambda: pl.scan_csv(path, schema_overrides=types),
        ".jsonl": lambda: pl.scan_ndjson(path, schema_overrides=types),
    }[path.suffix]()
    return frame.select(NEEDED)


def touched(frame: pl.LazyFrame) -> pl.DataFrame:
    """One row that depends on every value."""
    schema = frame.collect_schema()
    looked_at = [
        pl.col(name).str.len_bytes().sum() if dtype == pl.String() else pl.col(name).max()
        for name, dtype in schema.items()
    ]
    return frame.select(looked_at).collect()


if __name__ == "__main__":
    touched(scan(Path(sys.argv[1])))
