"""Whether a text has a line beyond the limit, told before anything holds that line in memory."""

from __future__ import annotations

import mmap
from pathlib import Path

from friction.limits import Limits


def refuse_long_lines(source: Path, name: str, limits: Limits) -> None:
    """Raise `LimitError` (`limit.line_length`) when a line of this file is longer than it may be."""
    if has_longer_line(source, limits.line_length):
        raise limits.refusal("line_length", file=name)


def has_longer_line(source: Path, limit: int) -> bool:
    """Whether more than `limit` bytes lie between two line ends, be they LF or CR.

    Looks for one line end in every stretch of that length, from its end, so hardly any of the file is read.
    """
    size = source.stat().st_size
    if size <= limit:
        return False
    with source.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = 0
        while size - start > limit:
            stop = start + limit + 1
            end = content.rfind(b"\n", start, stop)
            end = end if end >= 0 else content.rfind(b"\r", start, stop)
            if end < 0:
                return True
            start = end + 1
    return False
