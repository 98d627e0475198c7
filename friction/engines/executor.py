"""Shards as files, in the hands of anything with a `map`: processes of this machine, Ray, Dask.

What travels to a worker is the name of a file and the words of the job, never rows; all workers must see the files,
which lie where temporary files go (`TMPDIR`) and are gone with the report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any, Protocol, TypeVar

import polars as pl
from polars.exceptions import PolarsError

from friction.config import Settings
from friction.engines import driver
from friction.engines.columns import Understood, understood, whose
from friction.errors import UsageError
from friction.report import Report
from friction.tables.parquet import MAGIC
from friction.values import dataclass

Result = TypeVar("Result")
SHARD_ROWS, FEWEST = 500_000, 4
"""Rows of a shard, about, of which a worker needs 250 B each; and how many shards there are at least."""
SAMPLE_ROWS = 10_000
SHARD = "friction shard"


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

    def in_turn(self, work: Callable[[Path], Result]) -> Iterator[Result]:
        """The same, worked out here: an executor would work on while nobody looks at what it said."""
        yield from map(work, self.paths)

    def left(self, work: Callable[[Path], bytes | None]) -> Files:
        """What `work` says of each file, in a file beside it."""
        written = self.executor.map(partial(_left, work=work), self.paths)
        return Files([path for path in written if path is not None], self.executor)

    def hand(self, told: Mapping[str, bytes]) -> Beside:
        """A file for each."""
        folder = Path(mkdtemp(prefix="told-", dir=self.paths[0].parent)) if self.paths else Path()
        for shard, data in told.items():
            (folder / _file(shard)).write_bytes(data)
        return Beside(folder)


@dataclass(frozen=True)
class Beside:
    """What is told of each shard, as files that all workers see."""

    folder: Path

    def of(self, shard: str) -> bytes:
        """By the name of the shard."""
        return (self.folder / _file(shard)).read_bytes()


def _file(shard: str) -> str:
    return blake2b(shard.encode(), digest_size=16).hexdigest()


def _left(path: Path, work: Callable[[Path], bytes | None]) -> Path | None:
    data = work(path)
    if data is None:
        return None
    # Whole or not at all: another worker may do the same again.
    place, half = path.with_suffix(".left"), path.with_suffix(f".{token_hex(8)}")
    half.write_bytes(data)
    return half.replace(place)


def analyze(paths: Sequence[Path], name: str, settings: Settings, executor: Executor, folder: Path) -> Report:
    """The report of one table in Parquet files, worked out by an executor; shards are written into `folder`.

    Raises `UsageError` for other files: what has to be read by its content first is read on one machine.
    """
    rows = sum(map(_rows, paths))
    sample = folder / "sample.parquet"
    pl.scan_parquet(paths[0], glob=False).head(SAMPLE_ROWS).sink_parquet(sample)
    table = understood(sample, settings, name)
    if not rows:
        raise driver.no_rows(name)
    count = max(FEWEST, -(-rows // SHARD_ROWS))
    cut = partial(_cut, table=table, shards=count)
    pieces: dict[str, list[Path]] = defaultdict(list)
    for found in executor.map(cut, [(path, folder / f"file-{at}") for at, path in enumerate(paths)]):
        for number, piece in found:
            pieces[number].append(piece)
    together = [(each, folder / f"shard-{number}.parquet") for number, each in sorted(pieces.items())]
    return driver.analyze(Files([*executor.map(_joined, together)], executor), settings, table.job)


def _rows(path: Path) -> int:
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) == MAGIC:
                return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except (OSError, PolarsError):
        pass
    raise UsageError(
        "usage.wrong",
        "an executor works on tables in Parquet",
        remedy="write one with friction convert EXPORT -o events.parquet",
        file=path.name,
    )


def _cut(item: tuple[Path, Path], table: Understood, shards: int) -> list[tuple[str, Path]]:
    """One file in pieces by shard, rows of a session in one: number of the shard and the piece."""
    path, folder = item
    number = (whose(table.job).fill_null("").hash() % shards).alias(SHARD)
    rows = pl.scan_parquet(path, glob=False).select(table.columns).with_columns(number)
    place = pl.PartitionBy(folder, key=SHARD, include_key=False, approximate_bytes_per_file=None)
    rows.sink_parquet(place, compression="lz4", mkdir=True)
    return [(piece.parent.name.rpartition("=")[2], piece) for piece in sorted(folder.rglob("*.parquet"))]


def _joined(item: tuple[Sequence[Path], Path]) -> Path:
    """The pieces of a shard as one file."""
    pieces, path = item
    if len(pieces) == 1:
        return pieces[0].rename(path)
    pl.scan_parquet([*pieces], glob=False).sink_parquet(path, compression="lz4")
    for piece in pieces:
        piece.unlink()
    return path
