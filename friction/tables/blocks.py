"""Large files of lines in blocks, so that memory holds a few blocks' text and not the file's.

The engine maps a file it scans, and the pages it touched count as memory until it is done. Each block is therefore
read from bytes of its own, and what is asked for of it waits in a temporary Parquet file. As many blocks are read at
once as the engine has threads; records are numbered in the order of the file all the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from friction.tables.files import temporary

BLOCK_BYTES = 8 << 20
MANY = 16
"""Of files with more than so many blocks, each is twice as large: what every one costs is then halved."""


@dataclass(frozen=True)
class Block:
    """What was made of one block. `row_no` counts from 1 within it."""

    frame: pl.DataFrame
    records: int
    rejects: pl.DataFrame | None = None
    """`line` counts from 1 within the block too."""
    lines: int = 0
    """Of the block, where there are rejects to be counted by line."""


@dataclass(frozen=True)
class Blocks:
    """What was made of a file."""

    frame: pl.LazyFrame
    records: int
    rejects: list[pl.DataFrame] = field(default_factory=list)


Read = Callable[[bytes], Block]
"""What to make of whole lines."""
Before = tuple[int, int]
"""Records and lines of the file before a block."""


def in_blocks(path: Path, read: Read) -> Blocks:
    """The file by `read`. Whatever that raises goes on."""
    if path.stat().st_size <= BLOCK_BYTES:
        only = read(path.read_bytes())
        return Blocks(only.frame.lazy(), only.records, _list(only.rejects))
    threads, waiting = pl.thread_pool_size(), deque[Future[tuple[Path, list[pl.DataFrame]]]]()
    before: Future[Before] = Future()
    before.set_result((0, 0))
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for block in pieces_of(path):
            after: Future[Before] = Future()
            waiting.append(pool.submit(_waiting, read, block, before, after))
            before = after
            if len(waiting) > threads:
                found.append(waiting.popleft().result())
        found += [one.result() for one in waiting]
    frame = pl.scan_parquet([file for file, _ in found], glob=False)
    return Blocks(frame, before.result()[0], [one for _, rejects in found for one in rejects])


def _waiting(
    read: Read, block: bytes, before: Future[Before], after: Future[Before]
) -> tuple[Path, list[pl.DataFrame]]:
    """What was made of a block, in a file, numbered on from what is before it, which is known a little later."""
    try:
        made = read(block)
        records, lines = before.result()
    except BaseException as error:
        after.set_exception(error)  # whoever waits for the number must not wait for ever
        raise
    after.set_result((records + made.records, lines + made.lines))
    path, numbered = temporary(()), pl.col("row_no") + records
    frame = made.frame.with_columns(numbered)
    frame.write_parquet(path, compression="uncompressed", statistics=False)
    return path, [one.with_columns(numbered, pl.col("line") + lines) for one in _list(made.rejects)]


def _list(rejects: pl.DataFrame | None) -> list[pl.DataFrame]:
    return [] if rejects is None else [rejects]


def pieces_of(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines."""
    with path.open("rb") as stream:
        start, size = 0, path.stat().st_size
        step = BLOCK_BYTES * 2 if size > BLOCK_BYTES * MANY else BLOCK_BYTES
        while start < size:
            stream.seek(start + step)
            stream.readline()
            end = min(stream.tell(), size)
            stream.seek(start)
            yield stream.read(end - start)
            start = end
