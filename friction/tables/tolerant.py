"""The slow reader, for delimited files that are not regular: one broken record costs one record.

Its records are the ones that `friction.tables.cut` finds between the header and the footnotes. `repaired` writes the
whole ones into a regular copy for the fast engine; each record it sets aside gets its number, its first
physical line and a reason.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from friction.sources.base import REJECT
from friction.tables.cut import Cutter, Lines, Record
from friction.tables.dialect import Dialect
from friction.tables.files import temporary
from friction.tables.layout import Layout, is_lone, is_remark
from friction.tables.text import Text

CHUNK_ROWS = 50_000
MOST_FOOTNOTES = 20
COPY = Dialect("\x1f")
"""How copies are written: a separator that hardly any cell contains needs hardly any quotes."""


@dataclass
class Body:
    """The records of a table, without blank lines and footnotes; `footnotes` is known at the end."""

    text: Text
    dialect: Dialect
    layout: Layout
    footnotes: int = 0
    mended: int = 0
    """Records that break the rules and were read as they were probably meant, so far."""
    _lone: bool = field(default=False, init=False)

    def records(self) -> Iterator[Record]:
        """In the order of the file."""
        with self.text.source.open("rb") as stream:
            reader = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
            longest = self.text.limits.line_length
            lines = Lines(iter(lambda: self._line(reader, longest), ""))
            lines.skip(self.layout.body - 1)
            yield from self._without_footnotes(Cutter(self.dialect, self.layout.width).records(lines))

    def _line(self, reader: io.TextIOWrapper, longest: int) -> str:
        line = reader.readline(longest)
        if len(line) == longest:
            raise self.text.limits.refusal("line_length", file=self.text.name)
        return line

    def _without_footnotes(self, records: Iterator[Record]) -> Iterator[Record]:
        """Records with a text in the first cell alone wait until it is clear whether more records follow."""
        waiting: list[Record] = []
        last, is_apart = self.layout.body - 1, False
        for record in records:
            gap = record.line > last + 1
            last = record.last
            if len(waiting) < MOST_FOOTNOTES and self._may_be_footnote(record, is_apart=gap or is_apart):
                is_apart = is_apart or (gap and not waiting)
                waiting.append(record)
                continue
            self._lone |= bool(waiting)
            yield from waiting
            waiting, is_apart = [], False
            self.mended += record.sound and not record.strict
            yield record
        if waiting and (is_apart or not (self._lone or self._is_torn(waiting[-1]))):
            self.footnotes = len(waiting)
        else:
            yield from waiting

    def _may_be_footnote(self, record: Record, *, is_apart: bool) -> bool:
        cells, width = record.cells, self.layout.width
        if any(cells[1:]) or width < 2:
            return False
        # In a table of two columns only a blank line tells a footnote from a short record.
        return is_lone(cells, width) if width > 2 else len(cells) == 1 and is_apart and is_remark(cells[0])

    def _is_torn(self, record: Record) -> bool:
        """The file ends within a word: this is the beginning of a record."""
        with self.text.source.open("rb") as stream:
            stream.seek(-1, io.SEEK_END)
            return " " not in record.cells[0] and len(record.cells) == 1 and stream.read() not in b"\r\n"


@dataclass(frozen=True)
class Repaired:
    """A regular copy of a broken file: its records, which record of the original each is, and the rejects."""

    path: Path
    numbers: pl.Series
    """Number in the original of each record in the copy."""
    lines: pl.Series
    """First physical line in the original of each record in the copy."""
    rejects: pl.DataFrame
    footnotes: int = 0
    mended: int = 0


def repaired(body: Body, width: int) -> Repaired:
    """Write every record of `width` cells into a regular file without a header."""
    numbers, lines = array("q"), array("q")
    rejects: list[tuple[int, int, None, str]] = []

    def blocks() -> Iterator[bytes]:
        block: list[str] = []
        for number, record in enumerate(body.records(), start=1):
            if reason := wrong(record, width):
                rejects.append((number, record.line, None, reason))
                continue
            numbers.append(number)
            lines.append(record.line)
            block.append(_written(record.cells[:width]))
            if len(block) == CHUNK_ROWS:
                yield "".join(block).encode()
                block = []
        yield "".join(block).encode()

    path = temporary(blocks())
    return Repaired(
        path,
        pl.Series("row_no", np.array(numbers, np.int64)),
        pl.Series("line", np.array(lines, np.int64)),
        pl.DataFrame(rejects, schema=REJECT, orient="row"),
        body.footnotes,
        body.mended,
    )


def wrong(record: Record, width: int) -> str | None:
    """Why this is no whole record; empty cells beyond the width do no harm."""
    if not record.sound:
        return "unclosed_quote"
    if len(record.cells) < width:
        return "too_few_cells"
    return "too_many_cells" if any(record.cells[width:]) else None


def _written(cells: list[str]) -> str:
    """The cells as a line of the copy, quoted only where it must be."""
    cut = COPY.delimiter
    line = cut.join(cells)
    if '"' in line or "\n" in line or "\r" in line or line.count(cut) != len(cells) - 1:
        line = cut.join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return line + "\n"
