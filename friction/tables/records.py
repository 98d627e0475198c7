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

import numpy as np
import numpy.typing as npt
import polars as pl

from friction.threads import mapped

BLOCK = 1 << 18
"""Bytes at a time: what is worked out of them stays in the cache, and calling the engine costs little beside it."""
LARGE = 8 << 20
"""Files of more bytes are worth several threads."""
LONGEST = 1 << 26
"""A file without a line end for this long is not judged here."""
LF, CR = 10, 13
Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
_ONE, _LAST, _ALL = np.uint64(1), np.uint64(63), np.uint64(2**64 - 1)
_SHIFTS = tuple(np.uint64(1 << step) for step in range(6))
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
    """Where in a regular file the first record begins, and every few hundred kilobytes one ends; the last without its
    line end."""


def measure(source: Path, delimiter: str, width: int, *, quote: str | None = '"', skip: int = 0) -> Measure:
    """Walk through the file once (0.7 to 1.2 GB/s and core), leaving out the first `skip` lines. `records` is only
    meant when `regular`.
    """
    marks = _Marks(ord(delimiter), width - 1, ord(quote) if quote else None)
    with source.open("rb") as stream:
        before = [stream.readline(LONGEST) for _ in range(skip)]
        spans = _spans(stream, source.stat().st_size)
    walk = _Walk(marks)
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

    walk: _Walk
    utf8: bool
    nuls: int
    blank_end: bool
    cuts: Sequence[int]


def _walked(source: Path, marks: _Marks, span: tuple[int, int], *, inside: bool = False) -> _Found:
    walk, utf8, nuls, blank_end = _Walk(marks, is_inside=inside), True, 0, False
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


@dataclass
class _Walk:
    """Where a walk over whole lines stands: inside a quoted cell or not, how many records it has met."""

    marks: _Marks
    is_inside: bool = False
    records: int = 0
    first: int = 0
    """Delimiters before the first line end that closes a record."""
    last: int = 0
    """Delimiters behind the last one."""
    is_sound: bool = True
    """Quotes and returns stand well, and every record but the first has the wanted delimiters."""

    @property
    def is_regular(self) -> bool:
        """All was well from the beginning of the file, and nothing is left open."""
        is_first_sound = not self.records or self.first == self.marks.wanted
        return self.is_sound and is_first_sound and not self.is_inside and self.last == 0

    def step(self, block: bytes) -> None:
        """Take one block."""
        self.join(self.marks.walked(block, inside=self.is_inside))

    def join(self, other: _Walk) -> None:
        """Go on with a walk that began where this one stands."""
        between = self.last + other.first
        self.is_sound &= other.is_sound
        if self.records and other.records:
            self.is_sound &= between == self.marks.wanted
        elif not self.records:
            self.first = between
        self.last = other.last if other.records else between
        self.records += other.records
        self.is_inside = other.is_inside


@dataclass(frozen=True)
class _Marks:
    """The characters with a meaning, and how many delimiters a record should have."""

    delimiter: int
    wanted: int
    quote: int | None

    def walked(self, block: bytes, *, inside: bool) -> _Walk:
        """A walk over one block of whole lines that begins between two cells, or `inside` a quoted one."""
        if not block.endswith(b"\n"):
            return _Walk(self, is_sound=False)  # a line beyond every measure
        data = np.frombuffer(block, np.uint8)
        is_end = data == LF
        cuts, ends = words_of(data == self.delimiter), np.flatnonzero(is_end)
        has_returns, is_plain = CR in block, not inside and (self.quote is None or self.quote not in block)
        if is_plain and not has_returns:
            return self._counted(cuts, ends)
        line_ends = words_of(is_end)
        returns = words_of(data == CR) if has_returns else np.zeros_like(cuts)
        is_sound = not (returns & ~after(line_ends)).any()
        if is_plain:
            return self._counted(cuts, ends, is_sound=is_sound)
        quotes = words_of(data == self.quote)
        quoted, is_open = _quoted(quotes, inside=inside)
        is_sound = is_sound and _stand_well(quotes, quoted, quotes | cuts | line_ends, returns)
        return self._counted(cuts & ~quoted, ends[~_bits(quoted, ends)], is_sound=is_sound, is_inside=is_open)

    def _counted(self, cuts: Words, ends: Places, *, is_sound: bool = True, is_inside: bool = False) -> _Walk:
        """With the delimiters of every record that ends here."""
        by_word = np.cumsum(np.bitwise_count(cuts), dtype=np.int64)
        total = int(by_word[-1])
        if not len(ends):
            return _Walk(self, is_inside, 0, total, total, is_sound)
        at, bit = ends >> 6, (ends & 63).astype(np.uint64)
        before = by_word[at] - np.bitwise_count(cuts[at] >> bit)
        is_even = bool((np.diff(before) == self.wanted).all())
        return _Walk(
            self, is_inside, len(ends), int(before[0]), total - int(before[-1]), is_sound and is_even
        )


def _quoted(quotes: Words, *, inside: bool) -> tuple[Words, bool]:
    """Which bytes of a block lie behind an odd number of quotes, themselves included; and whether its end does."""
    found = quotes.copy()
    for width in _SHIFTS:
        found ^= found << width
    odd = np.bitwise_xor.accumulate(found >> _LAST) ^ np.uint64(inside)
    before = np.concatenate(([np.uint64(inside)], odd[:-1]))
    return np.bitwise_xor(found, before * _ALL, out=found), bool(odd[-1])


def words_of(found: npt.NDArray[np.bool_]) -> Words:
    """Truths as bits, 64 a word, the first the lowest; zeros behind the last."""
    packed = np.packbits(found, bitorder="little")
    words = np.zeros((len(packed) + 7) // 8 * 8, np.uint8)
    words[: len(packed)] = packed
    return words.view("<u8")


def after(words: Words) -> Words:
    """Of every bit the next one; none behind the last."""
    found = words >> _ONE
    found[:-1] |= words[1:] << _LAST
    return found


def _bits(words: Words, places: Places) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (words[places >> 6] >> (places & 63).astype(np.uint64)) & _ONE != 0
    return found


def _stand_well(quotes: Words, inside: Words, marks: Words, returns: Words) -> bool:
    """Opening quotes begin a cell, closing ones end it, or both are the halves of a doubled quote.

    `marks` are quotes, delimiters and line ends. A block begins after a line end and ends with one.
    """
    before = marks << _ONE
    before[1:] |= marks[:-1] >> _LAST
    before[0] |= _ONE
    opens, closes = quotes & inside, quotes & ~inside
    return not ((opens & ~before) | (closes & ~after(marks | returns))).any()


def _is_utf8(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
