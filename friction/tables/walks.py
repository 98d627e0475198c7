"""A walk over the whole lines of a delimited file, in pieces that are joined: how many records there are, whether each
has the same delimiters, and whether quotes and returns stand well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from friction.tables.bits import (
    Bytes,
    Places,
    Words,
    after,
    before,
    places_of,
    quoted,
    words_of,
)

LF, CR = 10, 13


@dataclass
class Walk:
    """Where a walk over whole lines stands: inside a quoted cell or not, how many records it has met."""

    marks: Marks
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

    def join(self, other: Walk) -> None:
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
class Marks:
    """The characters with a meaning, and how many delimiters a record should have."""

    delimiter: int
    wanted: int
    quote: int | None

    def walked(self, block: bytes, *, inside: bool) -> Walk:
        """A walk over one block of whole lines that begins between two cells, or `inside` a quoted one."""
        if not block.endswith(b"\n"):
            return Walk(self, is_sound=False)  # a line beyond every measure
        data = np.frombuffer(block, np.uint8)
        if not inside and (self.quote is None or self.quote not in block):
            return self._plain(data, has_returns=CR in block)
        quotes, cuts, ends = (words_of(data == mark) for mark in (self.quote, self.delimiter, LF))
        behind, is_open = quoted(quotes, inside=inside)
        marks = quotes | cuts | ends
        returns = words_of(data == CR) if CR in block else None
        is_sound = returns is None or _end_lines(returns, ends)
        is_sound = is_sound and _stand_well(
            quotes, behind, marks, marks if returns is None else marks | returns
        )
        bare = ~behind
        return self._counted(cuts & bare, places_of(ends & bare), is_sound=is_sound, is_inside=is_open)

    def _plain(self, data: Bytes, *, has_returns: bool) -> Walk:
        """Without quotes."""
        # One at a time: of several blocks of truths most of the memory would be asked for anew each time.
        cuts, ends = (words_of(data == mark) for mark in (self.delimiter, LF))
        is_sound = not has_returns or _end_lines(words_of(data == CR), ends)
        return self._counted(cuts, places_of(ends), is_sound=is_sound)

    def _counted(self, cuts: Words, ends: Places, *, is_sound: bool, is_inside: bool = False) -> Walk:
        """With the delimiters of every record that ends here."""
        by_word = np.cumsum(np.bitwise_count(cuts), dtype=np.int64)
        total = int(by_word[-1]) if len(by_word) else 0
        if not len(ends):
            return Walk(self, is_inside, 0, total, total, is_sound)
        at, bit = ends >> 6, (ends & 63).astype(np.uint64)
        until = by_word[at] - np.bitwise_count(cuts[at] >> bit)
        is_even = bool((np.diff(until) == self.wanted).all())
        return Walk(self, is_inside, len(ends), int(until[0]), total - int(until[-1]), is_sound and is_even)


def _end_lines(returns: Words, line_ends: Words) -> bool:
    """Whether a line end follows every return."""
    return not (returns & ~after(line_ends)).any()


def _stand_well(quotes: Words, behind: Words, marks: Words, closing: Words) -> bool:
    """Opening quotes begin a cell, closing ones end it, or both are the halves of a doubled quote.

    `marks` are quotes, delimiters and line ends outside of quotes, of which any may stand before an opening quote;
    `closing` may follow one that closes. A block begins after a line end and ends with one.
    """
    opens, closes = quotes & behind, quotes & ~behind
    return not ((opens & ~before(marks)) | (closes & ~after(closing))).any()
