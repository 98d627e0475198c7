"""Our own Parquet comes back as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from friction.schema import EVENT, conform
from friction.sources import recognise
from friction.sources.base import Options


def written(folder: Path) -> pl.DataFrame:
    few = pl.LazyFrame(
        {
            "ts": [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)],
            "seq": [0, 1],
            "session_id": ["a", "a"],
            "kind": ["click", "custom"],
            "el_classes": [["x", "y"], None],
            "source": ["rrweb", "rrweb"],
            "file_id": [3, 3],
            "row_no": [17, 5],
        }
    )
    events = conform(few).collect()
    events.write_parquet(folder / "events.csv")
    return events


def test_every_column_comes_back(tmp_path: Path) -> None:
    events = written(tmp_path)

    source, confidence, file = recognise(tmp_path / "events.csv", "events.csv")

    assert (source.name, confidence) == ("friction", 1.0)
    assert_frame_equal(source.read(file, Options()).events.collect(), events)


def test_only_wanted_columns_are_read(tmp_path: Path) -> None:
    written(tmp_path)
    source, _, file = recognise(tmp_path / "events.csv", "events.csv")

    names = set(source.read(file, Options(columns=frozenset({"ts", "url"}))).events.collect_schema())

    assert "url" in names
    assert "el_classes" not in names


def test_a_table_with_other_types_is_not_ours(tmp_path: Path) -> None:
    events = written(tmp_path).with_columns(pl.col("kind").cast(pl.String))
    events.write_parquet(tmp_path / "x")

    assert recognise(tmp_path / "x", "x")[0].name == "generic"


def test_the_schema_survives(tmp_path: Path) -> None:
    written(tmp_path)

    assert pl.read_parquet_schema(tmp_path / "events.csv") == dict(EVENT)
