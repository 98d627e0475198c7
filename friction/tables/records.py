"""An independent look at a delimited file: how many records it has, and whether every one has the same width.

Engines fill short rows with nulls, skip what follows a lone CR and drop surplus cells, all without a word.
So before one of them may read a file, its separators are counted here with numpy, knowing nothing but
quotes and delimiters. A file that passes is read by the fast engine, any other by the tolerant reader
(`friction.tables.tolerant`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import polars as pl

from friction.tables.walks import LF, Marks, Walk
from friction.threads import mapped

BLOCK = 1 << 19
"""Bytes at a time: what is worked out of them stays in the cache, and calling numpy costs little beside it."""
LARGE = 8 << 20
"""Files of more bytes are worth several threads."""
LONGEST = 1 << 26
"""A file without a line end for this long is not judged here."""
_FILE_END = b"\r\n"


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
    """Where in a regular file the first record begins, and every half a megabyte one ends; the last without its
    line end."""


def measure(source: Path, delimiter: str, width: int, *, quote: str | None = '"', skip: int = 0) -> Measure:
    """Walk through the file once (0.7 to 1.2 GB/s and core), leaving out the first `skip` lines. `records` is only
    meant when `regular`.
    """
    marks = Marks(ord(delimiter), width - 1, ord(quote) if quote else None)
    with source.open("rb") as stream:
        before = [stream.readline(LONGEST) for _ in range(skip)]
        spans = _spans(stream, source.stat().st_size)
    walk = Walk(marks)
    utf8 = all(map(_is_utf8, before))
    nuls, blank_end = sum(line.count(0) for line in before), False
    cuts = [spans[0][0]]
    for span, found in zip(spans, mapped(partial(_walked, source, marks), spans, len(spans)), strict=True):
        # A span that begins inside a quoted cell was walked as if it did not.
        right = found if not walk.is_inside else _walked(source, marks, span, inside=True)
        walk.join(right.walk)
        utf8, nuls, blank_end = utf8 and right.utf8, nuls + right.nuls, right.blank_end
        cuts += right.cuts
    return Measure(walk.records, walk.is_regular and not nuls, utf8, blank_end, nuls, cuts)


def _spans(stream: BinaryIO, size: int) -> list[tuple[int, int]]:
    """What is left of a file, in about equal spans of whole lines, as many as the engine has threads."""
    start = stream.tell()
    count = pl.thread_pool_size() if size - start > LARGE else 1
    cuts = [start]
    for number in range(1, count):
        stream.seek(max(cuts[-1], start + (size - start) * number // count))
        stream.readline(LONGEST)
        cuts.append(stream.tell())
    return list(pairwise(dict.fromkeys([*cuts, size]))) or [(start, size)]


@dataclass(frozen=True)
class _Found:
    """What one span of the file holds."""

    walk: Walk
    utf8: bool
    nuls: int
    blank_end: bool
    cuts: Sequence[int]


def _walked(source: Path, marks: Marks, span: tuple[int, int], *, inside: bool = False) -> _Found:
    walk, utf8, nuls, blank_end = Walk(marks, is_inside=inside), True, 0, False
    at, cuts = span[0], list[int]()
    with source.open("rb") as stream:
        stream.seek(span[0])
        is_end = span[1] == source.stat().st_size
        for block, is_last in line_blocks(stream, span[1] - span[0]):
            utf8 = utf8 and _is_utf8(block)
            nuls += block.count(0) if 0 in block else 0
            at += len(block)
            if is_last and is_end:
                body = block.rstrip(_FILE_END)
                at -= len(block) - len(body)
                blank_end = block[len(body) :].count(LF) > 1
                block = body + b"\n"  # noqa: PLW2901
            walk.step(block)
            if not walk.is_inside:
                cuts.append(at)
    return _Found(walk, utf8, nuls, blank_end, cuts)


def is_utf8(source: Path) -> bool:
    """Whether the whole file is UTF-8."""
    with source.open("rb") as stream:
        spans = _spans(stream, source.stat().st_size)
    return all(mapped(partial(_is_span_utf8, source), spans, len(spans)))


def _is_span_utf8(source: Path, span: tuple[int, int]) -> bool:
    with source.open("rb") as stream:
        stream.seek(span[0])
        return all(_is_utf8(block) for block, _ in line_blocks(stream, span[1] - span[0]))


def line_blocks(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """The next `size` bytes in blocks of whole lines, each with the word whether it is the last one."""
    rest = waiting = b""
    while piece := stream.read(min(BLOCK, size)):
        size -= len(piece)
        cut = piece.rfind(b"\n") + 1
        if not cut and len(rest) < LONGEST:
            rest += piece
            continue
        if waiting:
            yield waiting, False
        waiting, rest = rest + piece[:cut], piece[cut:]
    if waiting and rest:
        yield waiting, False
    yield rest or waiting, True


def _is_utf8(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
