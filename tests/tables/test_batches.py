"""Rows in larger batches are the same rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from friction.tables import batches
from friction.tables.batches import in_batches


@pytest.fixture
def rows(tmp_path: Path) -> pl.LazyFrame:
    path = tmp_path / "rows.csv"
    pl.DataFrame({"a": range(5_000), "b": [f"w{n % 7}" for n in range(5_000)]}).write_csv(path)
    return pl.scan_csv(path, infer_schema=False)


def test_rows_of_wide_records_come_in_few_batches_and_in_their_order(
    rows: pl.LazyFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_BYTES", 1_000_000)
    sizes = []

    def seen(values: pl.Series) -> pl.Series:
        sizes.append(values.len())
        return values

    looked = pl.all().map_batches(seen, is_elementwise=True)

    assert in_batches(rows, 1_000).select(looked).collect().equals(rows.collect())
    assert max(sizes) == 1_000


def test_what_is_asked_of_batches_is_asked_of_the_reader(rows: pl.LazyFrame) -> None:
    batched = in_batches(rows, 10_000)
    asked = pl.col("b") == "w3"

    assert batched.filter(asked).select("a").collect().equals(rows.filter(asked).select("a").collect())
    assert batched.head(9).collect().equals(rows.head(9).collect())
    assert batched.tail(3).collect().equals(rows.tail(3).collect())


def test_rows_of_narrow_records_are_left_to_the_reader(rows: pl.LazyFrame) -> None:
    assert in_batches(rows, 100) is rows
