"""A report does not tell whether rows were held in memory or went by way of the disk, nor in how many pieces."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction import order, points, scan
from friction.config import Settings
from friction.errors import InputError
from friction.impact import Room
from friction.ingest import room
from friction.ingest.disk import Disk, columns, once, rows, store
from friction.ingest.disk.columns import Columns
from friction.ingest.words import pool_words
from tests.exports import Row, row, written

SHOP = Path(__file__).parents[2] / "fixtures/sites/shop/events.parquet"
Report = Callable[..., bytes]
asked, tables, kept, lots, watched, costs, ones, loss, by_lot = (
    import_module(f"friction.{name}")
    for name in (
        *("impact.asked", "reduce.tables", "reduce.kept", "impact.lots.kept", "summary.watched"),
        *("summary.costs", "impact.ones", "impact.loss", "impact.lots.answered"),
    )
)


STRETCHES = (
    (points, "HITS_AT_ONCE"),
    (points, "USES_AT_ONCE"),
    (points, "VIEWS_AT_ONCE"),
    (points, "PAIRS_AT_ONCE"),
    (tables, "STRETCH"),
    (watched, "AT_ONCE"),
    (watched, "MOST_AT_ONCE"),
    (kept, "VIEW_ROWS"),
    (ones, "PAIRS"),
    (loss, "AT_ONCE"),
    (by_lot, "LARGE"),
    (asked, "BLOCK"),
    (lots, "LOT"),
    (order, "BLOCK"),
)
"""What is worked on at a time after there are tables."""


@pytest.fixture
def by_disk(monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of these files by way of the disk, so many rows at a time."""

    def report(*paths: Path, batch: int, at_once: int, part: int, **settings: Any) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(room, "ENGINE_BYTES", 1 << 60)
            patch.setattr(room, "DISK_PART_ROWS", part)
            patch.setattr(room, "Disk", partial(Disk, batch_rows=batch))
            patch.setattr(once, "NUMBERS", max(1, at_once // 2))
            for module in (columns, rows, store):
                patch.setattr(module, "AT_ONCE", at_once)
            for module, name in STRETCHES:
                patch.setattr(module, name, at_once)
            return in_memory(*paths, **settings)

    return report


def in_memory(*paths: Path, **settings: Any) -> bytes:
    return scan.analyze(paths, None, Settings.model_validate(settings)).to_json()


def visits(people: int, seed: int = 7) -> list[Row]:
    """Visits of several pages with bursts of clicks, sent twice now and then, in no order."""
    chosen = random.Random(seed)
    found = []
    for number in range(people):
        at = chosen.uniform(0, 80_000)
        who: Row = {"visitor_id": f"p{number % (people // 2)}", "browser": chosen.choice(["Safari", None])}
        for page in range(chosen.randint(1, 4)):
            path = chosen.choice(["/cart", "/checkout", f"/product/{number}"])
            found.append(row(f"s{number}", at, "page_view", path, **who, event_id=f"{number}-{page}"))
            clicks = chosen.choice([1, 1, 5])
            for click in range(clicks):
                id_, since = f"{number}-{page}-{click}", at + 1 + click / 5
                found.append(
                    row(f"s{number}", since, "click", path, "button#pay", x=5, y=5, **who, event_id=id_)
                )
            at += chosen.uniform(5, 900)
    found += chosen.sample(found, len(found) // 10)
    chosen.shuffle(found)
    return found


def test_the_shop_gives_the_same_bytes_by_way_of_the_disk(by_disk: Report) -> None:
    assert by_disk(SHOP, batch=7_000, at_once=5_000, part=9_000) == in_memory(SHOP)


def test_drawn_views_and_what_they_bring_give_the_same_bytes(
    by_disk: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("estimate", "estimate_by_lot"):
        monkeypatch.setattr(costs, name, partial(getattr(costs, name), room=Room(4_000, 100)))
    settings = {"goals": {"buy": {"when": "event=purchase"}}}

    expected = in_memory(SHOP, **settings)

    assert b"costs_sampled" in expected
    assert by_disk(SHOP, batch=30_000, at_once=5_000, part=9_000, **settings) == expected


def test_repeated_shuffled_and_excluded_rows_of_several_files_give_the_same_bytes(
    by_disk: Report, tmp_path: Path
) -> None:
    found = visits(160)
    half = len(found) // 2
    files = [written(tmp_path / "a.csv", found[:half]), written(tmp_path / "b.csv", found[half:])]
    copy = tmp_path / "c.csv"
    copy.write_bytes(files[0].read_bytes())
    settings = {
        "exclude": {"visitors": ["p1*"], "pages": ["*/product/7"]},
        "goals": {"pay": {"when": "page=/checkout"}},
    }

    expected = in_memory(*files, copy, **settings)

    assert by_disk(*files, copy, batch=100, at_once=90, part=150, **settings) == expected


def test_lines_of_json_give_the_same_bytes(by_disk: Report, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    pl.DataFrame(visits(100), infer_schema_length=None).write_ndjson(path)

    assert by_disk(path, batch=100, at_once=50, part=90) == in_memory(path)


def test_when_parts_are_arranged_the_pools_of_ids_are_gone(
    by_disk: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wordless, placed, pools, left = Disk.wordless, Disk.placed, list[pl.Categories](), list[int]()

    def heard(self: Disk, found: Any, name: str) -> Any:
        pools.append(found.held.types[name].categories)
        return wordless(self, found, name)

    def looked(self: Disk, *asked: Any) -> Any:
        left.extend(pool_words(pool).len() for pool in pools)
        return placed(self, *asked)

    monkeypatch.setattr(Disk, "wordless", heard)
    monkeypatch.setattr(Disk, "placed", looked)
    by_disk(written(tmp_path / "few.csv", visits(6)), batch=5, at_once=9, part=20)

    assert left == [0, 0]


def test_one_session_may_be_larger_than_a_part(by_disk: Report, tmp_path: Path) -> None:
    rows = [row("one", at, "click", "/cart", "button#pay", x=1, y=1) for at in range(3_000)]
    path = written(tmp_path / "a.csv", [*rows, *visits(20)])

    assert by_disk(path, batch=200, at_once=100, part=50) == in_memory(path)


@pytest.fixture
def table() -> pl.DataFrame:
    """All types of columns, with nulls."""
    words = pl.Categorical(pl.Categories.random())
    return pl.DataFrame(
        {
            "word": pl.Series(["a", None, "b"]).cast(words),
            "kind": pl.Series(["p", None, "q"], dtype=pl.Enum(["p", "q"])),
            "text": ["x", None, ""],
            "list": [["a", "b"], None, []],
            "truth": [True, None, False],
            "real": pl.Series([1.5, None, 2.0], dtype=pl.Float32),
            "ts": pl.Series([1, None, 3]).cast(pl.Datetime("us", "UTC")),
        }
    )


def test_a_table_on_disk_comes_back_as_it_was(table: pl.DataFrame, tmp_path: Path) -> None:
    other = table.drop("real").with_columns(late=pl.Series([1, 2, 3], dtype=pl.Int16()))
    held = Columns(tmp_path / "held")
    for piece in (table, other, table.head(1)):
        held.append(piece)
    expected = pl.concat([table, other, table.head(1)], how="diagonal")

    assert_frame_equal(held.read(0, 7, expected.columns), expected)
    assert_frame_equal(held.read(2, 3, expected.columns), expected.slice(2, 3))


def test_what_lies_on_disk_says_nothing_of_anybody(table: pl.DataFrame, tmp_path: Path) -> None:
    held = Columns(tmp_path / "held")
    held.append(table.with_columns(text=pl.lit("ann@example.com"), word=table["word"]))

    assert (tmp_path / "held").stat().st_mode & 0o777 == 0o700
    assert any(path.stat().st_size for path in (tmp_path / "held").iterdir())
    assert not any(b"ann@" in path.read_bytes() for path in (tmp_path / "held").iterdir())


def test_the_files_go_with_the_table(table: pl.DataFrame, tmp_path: Path) -> None:
    held = Columns(tmp_path / "held")
    held.append(table)
    del held

    assert not (tmp_path / "held").exists()


def test_a_period_without_events_is_told_alike(by_disk: Report, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", visits(300))
    told = set()
    for way in (in_memory, partial(by_disk, batch=100, at_once=90, part=150)):
        with pytest.raises(InputError, match="to 2026-03-") as caught:
            way(path, analysis={"since": "2027-01-01"})
        told.add(caught.value.problem.detail)

    assert len(told) == 1
