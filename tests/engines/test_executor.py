"""Whoever has a `map` can do the work: processes that are started anew here, clusters elsewhere."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import friction
from friction.compare import exact
from friction.engines import executor
from friction.errors import UsageError

SHOP = Path(__file__).parents[2] / "fixtures/sites/shop/events.parquet"
SMALL = 20_000
"""Bytes: more would be rows."""


class Counted:
    """One after the other, in this process; knows how much was handed over."""

    def __init__(self) -> None:
        self.largest = 0

    def map(self, fn: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """`fn` of each item."""
        for item in items:
            self.largest = max(self.largest, len(pickle.dumps(item)))
            yield fn(item)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Some visits to the sample shop in two files, sessions in both."""
    folder, rows = tmp_path_factory.mktemp("shop"), pl.scan_parquet(SHOP).head(15_000).collect()
    paths = [folder / "first.parquet", folder / "second.parquet"]
    for path, half in zip(paths, (0, 1), strict=True):
        rows.filter(pl.int_range(pl.len()) % 2 == half).write_parquet(path)
    return paths


def test_processes_started_anew_find_what_one_machine_finds(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    monkeypatch.setattr(executor, "FEWEST", 2)
    alone = friction.analyze(files)

    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        together = friction.analyze(files, executor=pool)

    assert not exact(alone.to_json().encode(), together.to_json().encode())


def test_what_is_handed_over_are_names_of_files(files: list[Path]) -> None:
    one_by_one = Counted()

    friction.analyze(files, executor=one_by_one, detectors="rage_click")

    assert 0 < one_by_one.largest < SMALL


def test_files_that_are_no_table_in_parquet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("session_id,ts,url\n1,2026-01-01T00:00:00Z,/\n", encoding="utf-8")

    with pytest.raises(UsageError, match="tables in Parquet"):
        friction.analyze(path, executor=Counted())
