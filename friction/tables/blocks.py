"""Large JSON lines in blocks, so that memory holds one block's text and not the file's.

The engine maps a file it scans, and the pages it touched count as memory until it is done. Each block is therefore
read from bytes of its own, and what is asked for of it waits in a temporary Parquet file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from friction.tables.files import temporary

BLOCK_BYTES = 16 << 20


def in_blocks(path: Path, read: Callable[[bytes, int], pl.DataFrame]) -> tuple[int, pl.LazyFrame]:
    """How many rows `read` makes of the file, and the rows; it is given whole lines and the rows before them."""
    if path.stat().st_size <= BLOCK_BYTES:
        frame = read(path.read_bytes(), 0)
        return frame.height, frame.lazy()
    rows, files = 0, []
    for block in _blocks(path):
        frame = read(block, rows)
        rows += frame.height
        files.append(temporary(()))
        frame.write_parquet(files[-1], compression="uncompressed", statistics=False)
    return rows, pl.scan_parquet(files, glob=False)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block + stream.readline()
