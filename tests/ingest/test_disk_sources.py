"""Exports of tools give the same rows by the disk as in memory, whatever the batches."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction import detectors
from friction.ingest.columns import wanted
from friction.ingest.disk import Disk
from friction.ingest.gather import Pools, gather
from friction.sources import recognise
from friction.sources.base import Options

SOURCES = Path(__file__).parents[2] / "fixtures" / "sources"
FILES = (
    *("amplitude/hour.jsonl", "mixpanel/warehouse.csv", "snowplow/enriched.bare.tsv", "ga4/nested.parquet"),
    *("access_log/combined.log", "datadog/documents.jsonl"),
)
WANT = wanted({column for one in detectors.configure(None, {}) for column in one.columns})


def told(rows: pl.DataFrame) -> pl.DataFrame:
    """Words in place of their codes."""
    coded = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.Categorical)]
    return rows.with_columns(pl.col(coded).cast(pl.String())).select(sorted(rows.columns))


@pytest.mark.parametrize("file", FILES)
def test_the_disk_gives_what_memory_gives(tmp_path: Path, file: str) -> None:
    source, _, looked = recognise(SOURCES / file, file)
    reading = source.read(looked, Options(columns=WANT.raw))
    pools, others = Pools(), Pools()

    at_once = gather(reading, WANT, pools).rows
    by_disk = Disk(tmp_path, 1_000, batch_rows=37).gather(reading, WANT, others, None, None).rows

    assert_frame_equal(told(pl.concat(list(by_disk.pieces()))), told(at_once))
