"""An independent look at a delimited file: how many records it has, and whether every one has the same width.

Engines fill short rows with nulls, skip what follows a lone CR and drop surplus cells, all without a word.
So before one of them may read a file, its separators are counted here with numpy, knowing nothing but
quotes and delimiters. A file that passes is read by the fast engine, any other by the tolerant reader
(`friction.tables.tolerant`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import polars as pl

from friction.tables.walks import Marks, Walk
from friction.threads import mapped

BLOCK = 1 << 21
"""Bytes at a time: what is worked out of them stays in the cache, and several threads seldom ask for Python's lock."""
LARGE = 8 << 20
"""Files of more bytes are worth several threads."""
LONGEST = 1 << 26
"""A file without a line end for this long is not judged here."""
_RETURNS = b"\r\n"
_FILE_ENDS = (b"", b"\n", b"\r\n", b"\r")


@dataclass(frozen=True)
class Measure:
    """Records including the header; `regular` claims that each has the expected cells and stands on its
    own.
    """

    records: int
    regular: bool
    utf8: bool
    blank_end: bool
    """Blank lines follow the last record; an engine would return them as rows of nulls."""
    nuls: int = 0
    """NUL characters, which no table means; a file that has some is not regular."""
    cuts: Sequence[int] = field(default=(), compare=False, repr=False)
    """Where in a regular file the first record begins, and every two megabytes one ends; the last without its
    line end."""


def measure(source: Path, delimiter: str, width: int, *, quote: str | None = '"', skip: int = 0) -> Measure:
    """Walk through the file once (0.7 to 1.2 GB/s and core), leaving out the first `skip` lines. `records` is only
    meant when `regular`.
    """
    marks = Marks(ord(delimiter), width - 1, ord(quote) if quote else None)
    with source.open("rb") as stream:
        before = [stream.readline(LONGEST) for _ in range(skip)]
        end, blank_end = _end(stream)
        spans = _spans(stream, end)
    walk = Walk(marks)
    utf8, nuls = all(map(_is_utf8, before)), sum(line.count(0) for line in before)
    cuts = [spans[0][0]]
    look = partial(_walked, source, marks, end)
    for span, found in zip(spans, mapped(look, spans, len(spans)), strict=True):
        # A span that begins inside a quoted cell was walked as if it did not.
        right = found if not walk.is_inside else look(span, inside=True)
        walk.join(right.walk)
        utf8, nuls = utf8 and right.utf8, nuls + right.nuls
        cuts += right.cuts
    return Measure(walk.records, walk.is_regular and not nuls, utf8, blank_end, nuls, cuts)


def _end(stream: BinaryIO) -> tuple[int, bool]:
    """Where the last line with something in it ends, from where the stream stands; and whether more than a line end
    follows.
    """
    start, end = stream.tell(), stream.seek(0, io.SEEK_END)
    body = b""
    while end > start and not body:
        at = stream.seek(max(start, end - BLOCK))
        body = stream.read(end - at).rstrip(_RETURNS)
        end = at + len(body)
    stream.seek(end)
    is_blank = stream.read(3) not in _FILE_ENDS
    stream.seek(start)
    return end, is_blank


def _spans(stream: BinaryIO, end: int) -> list[tuple[int, int]]:
    """What is left up to this end, in about equal spans of whole lines, as many as the engine has threads."""
    start = stream.tell()
    count = pl.thread_pool_size() if end - start > LARGE else 1
    cuts = [start]
    for number in range(1, count):
        stream.seek(max(cuts[-1], start + (end - start) * number // count))
        stream.readline(LONGEST)
        cuts.append(min(stream.tell(), end))
    return list(pairwise(dict.fromkeys([*cuts, end]))) or [(start, end)]


@dataclass(frozen=True)
class _Found:
    """What one span of the file holds."""

    walk: Walk
    utf8: bool
    nuls: int
    cuts: Sequence[int]


def _walked(source: Path, marks: Marks, end: int, span: tuple[int, int], *, inside: bool = False) -> _Found:
    walk, utf8, nuls = Walk(marks, is_inside=inside), True, 0
    at, cuts = span[0], list[int]()
    with source.open("rb") as stream:
        stream.seek(span[0])
        for block in line_blocks(stream, span[1] - span[0]):
            utf8 = utf8 and _is_utf8(block)
            nuls += block.count(0) if 0 in block else 0
            at += len(block)
            walk.step(block if at < end else block + b"\n")
            if not walk.is_inside:
                cuts.append(at)
    return _Found(walk, utf8, nuls, cuts)


def is_utf8(source: Path) -> bool:
    """Whether the whole file is UTF-8."""
    with source.open("rb") as stream:
        spans = _spans(stream, source.stat().st_size)
    return all(mapped(partial(_is_span_utf8, source), spans, len(spans)))


def _is_span_utf8(source: Path, span: tuple[int, int]) -> bool:
    with source.open("rb") as stream:
        stream.seek(span[0])
        return all(_is_utf8(block) for block in line_blocks(stream, span[1] - span[0]))


def line_blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes in blocks of whole lines; one, if an empty one, in any case."""
    start = stream.tell()
    end = start + size
    if not size:
        yield b""
    while start < end:
        # Looking for the line end first costs less than joining what was read of its line.
        stream.seek(start + BLOCK)
        stream.readline(LONGEST)
        stop = min(stream.tell(), end)
        stream.seek(start)
        yield stream.read(stop - start)
        start = stop


def _is_utf8(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
