"""Shards as files, in the hands of anything with a `map`: processes of this machine, Ray, Dask.

What travels to a worker is the name of a file and the words of the job, never rows; all workers must see the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import polars as pl

from friction.sources.casts import identity

Result = TypeVar("Result")


class Executor(Protocol):
    """What `concurrent.futures` calls so; others need a line or two around them (README, "Beyond one machine")."""

    def map(self, fn: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """`fn` of each item, in their order."""


@dataclass(frozen=True)
class Files:
    """Shards that lie as Parquet files where all workers see them."""

    paths: Sequence[Path]
    executor: Executor

    def each(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """What `work` says of each file."""
        yield from self.executor.map(work, self.paths)


def split(path: Path, columns: Sequence[str], keys: Sequence[str], shards: int, folder: Path) -> list[Path]:
    """The rows of a Parquet file in files of whole sessions, at most `shards`; those of a session in one.

    `keys` are the columns that tell sessions apart, of which the first counts that says anything.
    """
    rows = pl.scan_parquet(path, glob=False).select(columns)
    number = (pl.coalesce(identity(pl.col(key)) for key in keys).fill_null("").hash() % shards).alias(SHARD)
    rows.with_columns(number).sink_parquet(
        pl.PartitionBy(folder, key=[SHARD], include_key=False), compression="lz4", mkdir=True
    )
    return sorted(folder.rglob("*.parquet"))


SHARD = "friction shard"


def sharded(
    paths: Sequence[Path],
    columns: Sequence[str],
    keys: Sequence[str],
    shards: int,
    folder: Path,
    executor: Executor,
) -> Files:
    """All files cut into shards, each by a worker, and put together again by shard."""
    work = partial(_split, columns=tuple(columns), keys=tuple(keys), shards=shards)
    parts = executor.map(work, [(path, folder / str(at)) for at, path in enumerate(paths)])
    return Files([each for found in parts for each in found], executor)


def _split(item: tuple[Path, Path], columns: Sequence[str], keys: Sequence[str], shards: int) -> list[Path]:
    path, folder = item
    return split(path, columns, keys, shards, folder)
