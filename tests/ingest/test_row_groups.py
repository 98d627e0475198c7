"""Parquet of several row groups, as every other writer makes it, is read row by row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from friction.library import read

SESSIONS, EVENTS = 200, 100


def test_values_of_a_column_stay_in_their_rows_whatever_the_row_groups(tmp_path: Path) -> None:
    """Row groups came back in any order in half of the readings of a column that is asked for alone."""
    rows = pl.DataFrame({"row": range(SESSIONS * EVENTS)}).select(
        session_id=pl.format("s{}", pl.col("row") // EVENTS),
        ts=pl.datetime(2026, 3, 2) + pl.duration(milliseconds=pl.col("row")),
        kind=pl.lit("click"),
        returning=pl.col("row") // EVENTS % 3 == 0,
    )
    path = tmp_path / "events.parquet"
    pq.write_table(rows.to_arrow(), path, row_group_size=EVENTS * 10)

    for _ in range(5):
        found = read(path, columns=["session_id", "returning"]).unique()
        wrong = found.filter(
            pl.col("returning") != (pl.col("session_id").str.strip_prefix("s").cast(pl.Int64) % 3 == 0)
        )
        assert wrong.is_empty()
