"""How deep JSON is nested, counted before any parser sees it.

Parsers call themselves for every level, and streaming ones keep a path for each, so that 200 kB of brackets
can take gigabytes. Counted are the brackets outside strings, with numpy, about as fast as memory is read.
A line end closes an open string: valid JSON has none inside strings, and so a torn line cannot hide what
comes after it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

BLOCK_BYTES = 1 << 16
_Bytes = npt.NDArray[np.uint8]
_FILE_END = b"\r\n"
QUOTE, BACKSLASH, LF = 34, 92, 10
_BRACKET_BITS, _BRACKET, _CLOSES = 0x26, 0x7F, 4
_OPENING_BIT, _OPENING = 0x20, 0x7B
"""`[ ] { }` are the bytes that become 0x7F with these bits set; 4 is the bit of the closing ones. With 0x20
set `[` becomes `{`, and no other byte does."""


def is_deeper(data: bytes, limit: int) -> bool:
    """Whether this text is nested deeper than `limit` levels, read as one document."""
    # Fewer opening brackets than the limit, wherever they stand, cannot be too deep; this settles short texts.
    return data.count(b"{") + data.count(b"[") > limit and deepest(data) > limit


def deepest(data: bytes) -> int:
    """The most levels that are open at once."""
    walk = _Walk()
    for start in range(0, len(data), BLOCK_BYTES):
        walk.step(data[start : start + BLOCK_BYTES])
    return walk.deepest


class TooDeep(Exception):
    """A line is nested deeper than it may be."""


class Look:
    """An independent look at JSON lines while they are read: how many there are, and that none is too deep.

    `limit`: levels that a line may have; null: the lines are ours, and only counted.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._ends = 0
        self._tail = b""

    @property
    def lines(self) -> int:
        """Lines taken so far, without blank ones at the end."""
        return self._ends - self._tail[len(self._tail.rstrip(_FILE_END)) :].count(b"\n") + 1

    def take(self, block: bytes) -> None:
        """The next bytes, whole lines but for the last of all. Raises `TooDeep`."""
        self._tail = block[-BLOCK_BYTES:]
        whole = np.frombuffer(block, np.uint8)
        for start, end in _in_pieces(block):
            data = whole[start:end]
            ends = data == LF
            self._ends += int(np.count_nonzero(ends))
            if self._limit is not None and _has_crowded_line(data, ends, self._limit):
                self._judge(block[start:end], self._limit)

    def _judge(self, piece: bytes, limit: int) -> None:
        """As one document first: lines that close what they open are no deeper together than alone."""
        walk = _Walk()
        for start in range(0, len(piece), BLOCK_BYTES):
            walk.step(piece[start : start + BLOCK_BYTES])
        if walk.deepest <= limit and walk.lowest >= 0:
            return
        if any(is_deeper(line, limit) for line in piece.split(b"\n")):
            raise TooDeep


def refuse_deep(lines: pl.Series, limit: int) -> None:
    """Raise `TooDeep` where one of these lines is nested deeper than `limit`."""
    # Few lines are as long as so many brackets, and of these few have as many: only they need a closer look.
    long = lines.filter(lines.str.len_bytes() > limit)
    crowded = long.filter(long.str.count_matches(r"[\[{]") > limit)
    if crowded.len():
        Look(limit).take(crowded.str.join("\n").item().encode())


def _in_pieces(block: bytes) -> Iterator[tuple[int, int]]:
    """Where pieces of whole lines begin and end, about a cache's worth each; a longer line is a piece of its own."""
    start = 0
    while start < len(block):
        end = start + BLOCK_BYTES
        if end < len(block):
            end = block.rfind(b"\n", start, end) + 1 or block.find(b"\n", end) + 1 or len(block)
        yield start, end
        start = end


def _has_crowded_line(data: _Bytes, ends: npt.NDArray[np.bool_], limit: int) -> bool:
    """Whether a line has more opening brackets than the limit, wherever they stand: others need no closer look."""
    is_opening = (data | _OPENING_BIT) == _OPENING
    # A line that begins with a bracket has it for itself. That settles flat records by counting.
    begins = np.count_nonzero(is_opening[1:] & ends[:-1])
    if np.count_nonzero(is_opening) - begins < limit:
        return False
    opened = np.searchsorted(np.flatnonzero(is_opening), [0, *np.flatnonzero(ends), len(data)])
    return int(np.diff(opened).max()) > limit


class _Walk:
    """Where the walk stands: inside a string or not, after an odd backslash, at which depth."""

    def __init__(self) -> None:
        self.deepest = self.lowest = self._depth = 0
        self._is_inside = self._is_escaped = False

    def step(self, block: bytes) -> None:
        """Take the next bytes."""
        if self._is_escaped:
            block, self._is_escaped = block[block[:1] in {b'"', b"\\"} :], False
        if BACKSLASH in block:
            self._is_escaped = (len(block) - len(block.rstrip(b"\\"))) % 2 == 1
            block = block.replace(b"\\\\", b"")
        data = np.frombuffer(block, np.uint8)
        found = data == QUOTE
        if BACKSLASH in block:
            found[1:] &= data[:-1] != BACKSLASH
        found |= (data | _BRACKET_BITS) == _BRACKET
        found |= data == LF
        self._count(data.take(np.flatnonzero(found)))

    def _count(self, marks: npt.NDArray[np.uint8]) -> None:
        quotes, ends = marks == QUOTE, marks == LF
        inside = np.bitwise_xor.accumulate(quotes) ^ self._is_inside if len(marks) else quotes
        if (inside & ends).any():
            inside = self._closed_at_line_ends(marks)
        if len(marks):
            self._is_inside = bool(inside[-1])
        brackets = marks[~(inside | quotes | ends)]
        if len(brackets):
            depths = np.cumsum(1 - ((brackets & _CLOSES) >> 1).view(np.int8), dtype=np.int64) + self._depth
            self.deepest, self.lowest = (
                max(self.deepest, int(depths.max())),
                min(self.lowest, int(depths.min())),
            )
            self._depth = int(depths[-1])

    def _closed_at_line_ends(self, marks: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Inside a string or not, for each mark, counting its quotes from the last line end on."""
        quotes = np.cumsum(marks == QUOTE) + self._is_inside
        before = np.maximum.accumulate(np.where(marks == LF, quotes, 0))
        inside: npt.NDArray[np.bool_] = ((quotes - before) % 2 == 1) & (marks != LF)
        return inside
