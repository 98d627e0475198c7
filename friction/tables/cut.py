"""Cutting lines into records and records into cells, whatever state they are in.

What is written by the rules is read by the rules, over several lines where quotes ask for it. A record that
breaks them is read as it was most probably meant: of the readings of its first line, the one that gives the
expected number of cells. So a stray quote costs one record at most, also when it never closes.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, product
from typing import NamedTuple

from friction.tables.dialect import Dialect

MOST_LINES = 100
"""Lines that one record may span."""
_WAYS = (1, 0, 2)
"""How a broken cell may end, the most probable way first: at the first or second quote before a delimiter, or (0)
at the first delimiter."""
_MOST_BROKEN = 2
"""Broken cells of a record whose ways are tried apart from each other."""
_FEW = 3
_OTHERS = ",;\t|"
_OPEN = "unexpected end of data"

# The module's own limit of 131,072 characters a cell would make an error of an honest long cell.
csv.field_size_limit(1 << 26)


class Record(NamedTuple):
    """One record: its first and last physical line, its cells, and whether its quotes hold."""

    line: int
    last: int
    cells: list[str]
    sound: bool = True
    """False: a quote opens and never closes."""
    strict: bool = True
    """Written by the rules; false: read as it was probably meant."""


@dataclass
class Lines:
    """Physical lines with a way to put some back."""

    stream: Iterator[str]
    number: int = 0
    """Lines taken so far."""
    waiting: deque[str] = field(default_factory=deque)

    def take(self) -> str | None:
        """The next line with its end; null after the last."""
        line = self.waiting.popleft() if self.waiting else next(self.stream, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        """Lines that were taken too much, in their order."""
        self.waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def skip(self, count: int) -> None:
        """Pass over as many lines."""
        for _ in range(count):
            self.take()


class Cutter:
    """Cuts by one dialect; `width` is the expected number of cells, null while it is unknown."""

    def __init__(self, dialect: Dialect, width: int | None = None) -> None:
        self.dialect, self.width = dialect, width
        self._strict, self._lenient = dialect.csv(), dialect.csv(strict=False)
        self._simple = dialect.is_plain
        self._quote = dialect.quote or "\ufdd4"
        cut, quote = re.escape(dialect.cut), re.escape(self._quote)
        self._whole = re.compile(f" *{quote}((?:[^{quote}]|{quote}{quote})*){quote} *(?={cut}|$)", re.DOTALL)
        self._last = re.compile(f"{quote} *(?={cut}|$)")

    def records(self, lines: Lines) -> Iterator[Record]:
        """All records; blank lines are none."""
        quote, cut = self.dialect.quote, self.dialect.cut
        while (line := lines.take()) is not None:
            first = lines.number
            bare = line.rstrip("\r\n")
            if not self._simple or "\0" in bare:
                bare = self.dialect.plain(bare)
            if not bare:
                continue
            if quote and quote in bare:
                yield self._quoted(lines, first, bare, line)
                continue
            cells = next(csv.reader([bare], **self._lenient)) if self.dialect.padded else bare.split(cut)
            if len(cells) == 1 and (others := self._otherwise(bare)):
                yield Record(first, first, others, strict=False)
            else:
                yield Record(first, first, cells if self._simple else self.dialect.restored(cells))

    def _quoted(self, lines: Lines, first: int, bare: str, line: str) -> Record:
        """A record with quotes, which may go on over further lines."""
        cells = self._by_rules(bare)
        if len(cells or "") <= 1 and (others := self._otherwise(bare)):
            return Record(first, first, others, strict=False)
        if cells and (self.width is None or len(cells) == self.width):
            return Record(first, first, self.dialect.restored(cells))
        if cells is None and (cells := self._over_lines(lines, line)):
            return Record(first, lines.number, self.dialect.restored(cells))
        meant = self._meant(bare, cells or [])
        sound = bool(cells) or not self._is_open(bare)
        return Record(first, first, self.dialect.restored(meant), sound, bool(cells) and meant == cells)

    def _is_open(self, bare: str) -> bool:
        return self._by_rules(bare) is None

    def _otherwise(self, bare: str) -> list[str]:
        """Cells of a line that another delimiter cuts into exactly the expected number; none if it does not."""
        width = self.width or 0
        for other in _OTHERS if width > 2 else "":
            if other != self.dialect.cut and bare.count(other) >= width - 1:
                with suppress(csv.Error):
                    cells = next(csv.reader([bare], **{**self._strict, "delimiter": other}))
                    if len(cells) == width:
                        return cells
        return []

    def _by_rules(self, text: str) -> list[str] | None:
        """Cells of this text; null while a quote is open, none when it breaks the rules."""
        try:
            return next(csv.reader([text], **self._strict))
        except csv.Error as error:
            return None if _OPEN in str(error) else []

    def _over_lines(self, lines: Lines, line: str) -> list[str]:
        """Cells of the record that goes on over further lines; none, and the lines given back, when it does not."""
        taken: list[str] = []
        text, cells = line if self._simple and "\0" not in line else self.dialect.plain(line), None
        quote = self.dialect.quote or ""
        while cells is None and not self._is_endless(text, taken) and (more := lines.take()) is not None:
            taken.append(more)
            text += more if self._simple and "\0" not in more else self.dialect.plain(more)
            # A line without a quote leaves an open one open; parsing it again would only cost time.
            cells = self._by_rules(text.rstrip("\r\n")) if quote in more else None
        if cells and not self._swallows(taken[:-1]):
            return cells
        lines.give_back(taken)
        return []

    def _is_endless(self, text: str, taken: list[str]) -> bool:
        return len(taken) >= MOST_LINES or len(text) > csv.field_size_limit()

    def _swallows(self, inner: list[str]) -> bool:
        """Whole records lie between the quotes: these belong to two different records."""
        if self.width is None or self.width < 3:
            return False
        whole = sum(self.dialect.plain(line).count(self.dialect.cut) == self.width - 1 for line in inner)
        # Lines of an honest text may have a comma or two themselves.
        return whole >= (2 if self.width <= _FEW else 1) and whole * 2 >= len(inner)

    def _meant(self, line: str, by_rules: list[str]) -> list[str]:
        """The most probable cells of a line that breaks the rules, or that they cut into a wrong number."""
        first = by_rules
        for ways in product(_WAYS, repeat=_MOST_BROKEN):
            cells, broken = self._reading(line, ways)
            if len(cells) == self.width:
                return cells
            first = first or cells
            if not broken:
                break
        return first

    def _reading(self, line: str, ways: Sequence[int]) -> tuple[list[str], int]:
        """Cells when each broken cell ends at the n-th quote before a delimiter, or (way 0) at the next
        delimiter; and how many broken cells there are.
        """
        cells, at, broken = [], 0, 0
        while at <= len(line):
            if found := self._whole.match(line, at):
                cells.append(found[1].replace(self._quote * 2, self._quote))
                at = found.end() + 1
                continue
            is_broken = line.startswith(self._quote, at)
            way = ways[min(broken, _MOST_BROKEN - 1)] if is_broken else 0
            broken += is_broken
            cell, end = self._ended(line, at, way)
            cells.append(cell)
            at = end + 1
        return cells, broken

    def _ended(self, line: str, at: int, way: int) -> tuple[str, int]:
        """The cell that begins at `at`, and its end; a cell without so many quotes ends at the delimiter."""
        if way and (found := next(islice(self._last.finditer(line, at + 1), way - 1, way), None)):
            return line[at + 1 : found.start()], found.end()
        end = line.find(self.dialect.cut, at)
        end = len(line) if end < 0 else end
        return line[at:end], end
