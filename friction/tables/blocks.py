"""Large files of lines or records in blocks, so that memory holds a few blocks' text and not the file's.

The engine maps a file it scans, and the pages it touched count as memory until it is done. Each block is therefore
read from bytes of its own, and what is asked for of it waits in a temporary Parquet file; in memory where it is numbers
and there is little of it. As many blocks are read at once as the engine has threads; records are numbered in the order
of the file all the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from pathlib import Path

import polars as pl
import polars.selectors as cs

from friction.tables.files import temporary
from friction.values import dataclass

BLOCK_BYTES = 8 << 20
MANY = 16
"""Of files with more than so many blocks, each is twice as large: what every one costs is then halved."""

HELD, LITTLE = 1 << 30, 32 << 20
"""Bytes of what blocks hand on that stay in memory: about as many as the rows that are made of them take, and few."""
_HELD: list[int] = []
"""`LITTLE`, once somebody wants little held."""


def hold_little() -> None:
    """Have most of what blocks hand on wait on disk, for the rest of this process: rows will not stay in memory."""
    _HELD[:] = [LITTLE]


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
Before = tuple[int, int, int]
"""Records and lines of the file before a block, and bytes that were handed on."""
Waiting = tuple[pl.DataFrame | Path, list[pl.DataFrame]]


def in_blocks(path: Path, read: Read, cuts: Sequence[int] | None = None) -> Blocks:
    """The file by `read`. Whatever that raises goes on.

    `cuts`: where the first record begins and where some end, if lines are no records; the last is the end of all.
    """
    pieces = pieces_of(path) if cuts is None else _between(path, cuts)
    if path.stat().st_size <= BLOCK_BYTES:
        only = read(b"".join(pieces))
        return Blocks(only.frame.lazy(), only.records, _list(only.rejects))
    threads, waiting = pl.thread_pool_size(), deque[Future[Waiting]]()
    before: Future[Before] = Future()
    before.set_result((0, 0, 0))
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for block in pieces:
            after: Future[Before] = Future()
            waiting.append(pool.submit(_waiting, read, block, before, after))
            before = after
            if len(waiting) > threads:
                found.append(waiting.popleft().result())
        found += [one.result() for one in waiting]
    rejects = [one for _, rejects in found for one in rejects]
    return Blocks(_whole([piece for piece, _ in found]), before.result()[0], rejects)


def _waiting(read: Read, block: bytes, before: Future[Before], after: Future[Before]) -> Waiting:
    """What was made of a block, numbered on from what is before it, which is known a little later."""
    try:
        made = read(block)
        records, lines, held = before.result()
    except BaseException as error:
        after.set_exception(error)  # whoever waits for the number must not wait for ever
        raise
    # Texts would keep the bytes that they were cut out of.
    most = min([HELD, *_HELD])
    size = most if pl.String() in made.frame.dtypes else int(made.frame.estimated_size())
    after.set_result((records + made.records, lines + made.lines, held + size))
    numbered = pl.col("row_no") + records
    frame = made.frame.with_columns(numbered)
    rejects = [one.with_columns(numbered, pl.col("line") + lines) for one in _list(made.rejects)]
    # The first one with words stays in any case: their pools forget their numbers when nothing in memory uses them.
    is_anchor = not held and any(isinstance(dtype, pl.Categorical) for dtype in frame.dtypes)
    return (frame if is_anchor or held + size < most else _stored(frame)), rejects


def _stored(frame: pl.DataFrame) -> Path:
    path = temporary(())
    codes = frame.with_columns(cs.categorical().to_physical())
    codes.write_parquet(path, compression="uncompressed", statistics=False)
    return path


def _whole(pieces: Sequence[pl.DataFrame | Path]) -> pl.LazyFrame:
    """All pieces, of which the first ones are in memory, the others in files."""
    held = [one for one in pieces if isinstance(one, pl.DataFrame)]
    files = [one for one in pieces if isinstance(one, Path)]
    if not held:
        return pl.scan_parquet(files, glob=False)
    first = joined(held)
    if not files:
        return first.lazy()
    words = {name: dtype for name, dtype in first.schema.items() if isinstance(dtype, pl.Categorical)}
    rest = pl.scan_parquet(files, glob=False)
    return pl.concat(
        [first.lazy(), rest.with_columns(pl.col(name).cat.to(dtype) for name, dtype in words.items())]
    )


def joined(pieces: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows, each column in one piece; what is joined is let go of column by column, so that nothing else is there
    twice.
    """
    return pl.DataFrame(
        [pl.concat([one.drop_in_place(name) for one in pieces]).rechunk() for name in pieces[0].columns]
    )


def _list(rejects: pl.DataFrame | None) -> list[pl.DataFrame]:
    return [] if rejects is None else [rejects]


def pieces_of(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines."""
    with path.open("rb") as stream:
        start, size = 0, path.stat().st_size
        step = _step(size)
        while start < size:
            stream.seek(start + step)
            stream.readline()
            end = min(stream.tell(), size)
            stream.seek(start)
            yield stream.read(end - start)
            start = end


def _between(path: Path, cuts: Sequence[int]) -> Iterator[bytes]:
    """The file in blocks that begin and end at some of these places."""
    with path.open("rb") as stream:
        start, step = stream.seek(cuts[0]), _step(cuts[-1])
        while start < cuts[-1]:
            end = cuts[min(bisect_left(cuts, start + step), len(cuts) - 1)]
            yield stream.read(end - start)
            start = end


def _step(size: int) -> int:
    return BLOCK_BYTES * 2 if size > BLOCK_BYTES * MANY else BLOCK_BYTES
