"""What is asked of Spark, of a stand-in that answers as Spark does; `make spark` asks a real cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import friction
from friction.compare import exact
from friction.engines import partitions, spark
from friction.errors import InputError

SHOP = Path(__file__).parents[2] / "fixtures/sites/shop/events.parquet"
BATCH_ROWS = 2_000


@dataclass
class Session:
    """A session with its settings."""

    said: dict[str, str] = field(default_factory=lambda: {spark.ZONE: "Europe/Paris"})

    @property
    def conf(self) -> Session:
        """Its settings."""
        return self

    def get(self, name: str, otherwise: str | None = None) -> str | None:
        """One of them."""
        return self.said.get(name, otherwise)

    def set(self, name: str, value: str) -> None:
        """Change one of them."""
        self.said[name] = value


@dataclass(frozen=True)
class Frame:
    """A frame in partitions, of those calls that friction makes."""

    partitions: list[pl.DataFrame]
    sparkSession: Session = field(default_factory=Session)

    def _each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Frame:
        return replace(self, partitions=[change(each) for each in self.partitions])

    def limit(self, rows: int) -> Frame:
        """Some rows."""
        return replace(self, partitions=[pl.concat(self.partitions).head(rows)])

    def coalesce(self, count: int) -> Frame:
        """In fewer partitions."""
        assert count == len(self.partitions) == 1
        return self

    def select(self, *names: str) -> Frame:
        """Columns by their quoted names."""
        return self._each(lambda rows: rows.select(pl.sql_expr(list(names))))

    def selectExpr(self, *words: str) -> Frame:
        """Columns as SQL says."""
        return self._each(
            lambda rows: rows.with_columns(pl.sql_expr([each for each in words if each != "*"]))
        )

    def repartition(self, count: int, key: str) -> Frame:
        """Rows with the same key together."""
        rows = pl.concat(self.partitions).with_columns(to=pl.col(key).hash() % count)
        return replace(self, partitions=[rows.filter(to=at).drop("to") for at in range(count)])

    def drop(self, name: str) -> Frame:
        """Without a column."""
        return self._each(lambda rows: rows.drop(name))

    def mapInArrow(self, function: Callable[[Iterable[Any]], Iterator[Any]], _schema: str) -> Frame:
        """What a function makes of the batches of each partition."""
        assert self.sparkSession.get(spark.ZONE) == "UTC"
        made = []
        for rows in self.partitions:
            made += [pl.DataFrame(each) for each in function(rows.to_arrow().to_batches(BATCH_ROWS))]
        return replace(self, partitions=made)

    def collect(self) -> list[dict[str, Any]]:
        """All rows."""
        return [*self.toLocalIterator()]

    def toLocalIterator(self) -> Iterator[dict[str, Any]]:
        """The same one by one."""
        return (row for each in self.partitions for row in each.iter_rows(named=True))

    def count(self) -> int:
        """How many rows there are."""
        return sum(each.height for each in self.partitions)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """Some visits to the sample shop, words as Spark has them."""
    return pl.scan_parquet(SHOP).head(8_000).with_columns(pl.col(pl.Enum).cast(pl.String())).collect()


def test_a_frame_gives_the_report_of_one_machine(rows: pl.DataFrame) -> None:
    session = Session()
    frame = Frame([rows[:3_000], rows[3_000:]], session)

    together = spark.analyze(frame, shards=3)

    alone = friction.analyze(rows.with_columns(pl.col("kind").cast(friction_kind())))
    assert not exact(alone.to_json().encode(), together.to_json().encode())
    assert session.get(spark.ZONE) == "Europe/Paris"
    assert "<code>…</code>" not in together.to_html(), "a frame has no fingerprint to be shown"


def test_what_workers_keep_gives_the_same_as_what_is_fetched(
    rows: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark keeps tables on the disks of its workers; other engines cannot, and the driver has them as files."""
    some = rows[:4_000]
    fetched = spark.analyze(Frame([some]), shards=2, detectors="dead_click")

    monkeypatch.setattr(partitions, "_persisted", lambda frame: frame)

    kept = spark.analyze(Frame([some]), shards=2, detectors="dead_click")
    assert kept.to_json() == fetched.to_json()


@pytest.mark.parametrize("keeps", [True, False])
def test_an_engine_is_asked_whether_it_keeps_rows_as_it_said(
    keeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = SimpleNamespace(DISK_ONLY="disk")
    monkeypatch.setitem(sys.modules, "pyspark", SimpleNamespace(StorageLevel=levels))
    kept = SimpleNamespace(storageLevel=SimpleNamespace(useDisk=keeps))
    frame = SimpleNamespace(persist={"disk": kept}.get)

    assert partitions._persisted(frame) is (kept if keeps else None)


def friction_kind() -> pl.DataType:
    """The type by which an event table is known."""
    return pl.scan_parquet(SHOP).collect_schema()["kind"]


def test_names_for_nobody_in_a_plain_table_bring_no_strangers_together(rows: pl.DataFrame) -> None:
    plain = rows.select(
        pl.when(pl.int_range(pl.len()) % 5 == 0)
        .then(pl.lit("-"))
        .otherwise("session_id")
        .alias("session id"),
        "visitor_id",
        pl.col("ts").alias("time"),
        pl.col("kind").alias("event"),
        *("url", "target", "x", "y"),
    )

    together = spark.analyze(Frame([plain]), shards=4, detectors="rage_click")

    alone = friction.analyze(plain, detectors="rage_click")
    assert not exact(alone.to_json().encode(), together.to_json().encode())


def test_a_frame_without_rows_is_said(rows: pl.DataFrame) -> None:
    with pytest.raises(InputError) as raised:
        spark.analyze(Frame([rows.clear()]))

    assert raised.value.problem.code == "input.no_usable_rows"
