"""Shards without a cluster: the functions that a Spark worker runs, over Arrow batches of this process."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from friction.config import Settings
from friction.engines import driver
from friction.engines.columns import understood, whose
from friction.engines.job import Along, Job
from friction.engines.partitions import answered, answered_again, unpacked
from friction.library.options import settings
from friction.scan import analyze

Result = TypeVar("Result")
BATCH_ROWS = 1_000


@dataclass(frozen=True)
class Batches:
    """Each shard a frame that comes batch by batch, as Spark hands over a partition."""

    frames: Sequence[pl.DataFrame]
    twice: int | None = None
    """The shard whose worker is killed at the end of its work, so that another does it again."""

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """What `work` says of each."""
        told = pickle.dumps(work)
        for at, frame in enumerate(self.frames):
            for _ in range(2 if at == self.twice else 1):
                rows = [row for batch in answered(told, _batches(frame)) for row in batch.to_pylist()]
            if rows:
                yield unpacked((row["piece"], row["answer"]) for row in rows)

    in_turn = each

    def left(self, work: Callable[[Path], bytes | None]) -> Answers:
        """As batches again."""
        told = pickle.dumps(work)
        return Answers([[*answered(told, _batches(frame))] for frame in self.frames], self.twice)

    def hand(self, told: Mapping[str, bytes]) -> Along:
        """With every piece of work."""
        return Along(told)


@dataclass(frozen=True)
class Answers:
    """What was said of shards, in the batches of as many partitions."""

    partitions: Sequence[Sequence[Any]]
    twice: int | None

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """What `work` says of each; one worker is killed as before."""
        told = pickle.dumps(work)
        for at, batches in enumerate(self.partitions):
            for _ in range(2 if at == self.twice else 1):
                rows = [row for batch in answered_again(told, batches) for row in batch.to_pylist()]
            if rows:
                yield unpacked((row["piece"], row["answer"]) for row in rows)

    in_turn = each

    def left(self, work: Callable[[Path], bytes | None]) -> Answers:
        """The analysis leaves answers of shards with the engine, never answers of answers."""
        raise NotImplementedError

    def hand(self, told: Mapping[str, bytes]) -> Along:
        """With every piece of work."""
        return Along(told)


def _batches(frame: pl.DataFrame) -> list[Any]:
    found: list[Any] = frame.to_arrow().to_batches(max_chunksize=BATCH_ROWS)
    return found


def shards(table: pl.DataFrame, job: Job, count: int, seed: int = 1) -> list[pl.DataFrame]:
    """The rows of a table in shards of whole sessions, in any order within each."""
    number = whose(job).hash(seed) % count
    numbered = table.with_columns(number.alias("shard"))
    return [
        numbered.filter(shard=at).drop("shard").sample(fraction=1, shuffle=True, seed=seed + at)
        for at in range(count)
    ]


def both(path: Path, count: int, **options: Any) -> tuple[bytes, bytes]:
    """The report of a Parquet file from one machine, and from `count` shards."""
    known = of(**options)
    return written(analyze([path], ["events"], known)), apart(path, count, known)


def of(**options: Any) -> Settings:
    """Settings as a call of the library says them."""
    said = {"config": None, "mapping": None, "tz": None, "period": (None, None), **options}
    return settings(**said)


def apart(path: Path, count: int, known: Settings, twice: int | None = None, seed: int = 1) -> bytes:
    """The report from `count` shards."""
    table = understood(path, known, "events")
    rows = pl.read_parquet(path, columns=list(table.columns))
    rows = rows.with_columns(pl.col(pl.Enum).cast(pl.String()))  # as Spark has them
    found = Batches(shards(rows, table.job, count, seed), twice)
    return written(driver.analyze(found, known, table.job))


def written(report: Any) -> bytes:
    """As a file has it."""
    found: bytes = report.to_json()
    return found
