"""The slow reader for delimited files that are not regular: one broken record costs one record.

It splits at LF, CRLF and CR alike, takes quoted line ends, and gives every record it sets aside its number,
its first physical line and a reason. A quote that never closes would swallow the rest of the file; so a
record may only span `MOST_LINES` lines, and after a quote that does not close by then reading goes on with
the next line.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from friction.sources.base import REJECT
from friction.tables.files import temporary
from friction.tables.text import Text

MOST_LINES = 100
CHUNK_ROWS = 50_000
_OPEN = "unexpected end of data"

# The module's own limit of 131,072 characters a cell would make an error of an honest long cell.
csv.field_size_limit(1 << 24)


@dataclass
class _Lines:
    """Physical lines with a way to put some back."""

    stream: Iterator[str]
    number: int = 0
    waiting: deque[str] = field(default_factory=deque)

    def take(self) -> str | None:
        line = self.waiting.popleft() if self.waiting else next(self.stream, None)
        self.number += line is not None
        return line

    def give_back(self, lines: list[str]) -> None:
        self.waiting.extendleft(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True)
class Repaired:
    """A regular copy of a broken file: its records, which record of the original each is, and the rejects."""

    path: Path
    numbers: pl.Series
    rejects: pl.DataFrame


def repaired(text: Text, delimiter: str, width: int) -> Repaired:
    """Write every whole record into a regular file, under an empty header; blank lines are not records."""
    numbers: list[int] = []
    rejects: list[tuple[int, int, None, str]] = []
    with text.source.open("rb") as stream:
        reader = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
        path = temporary(_regular(_Lines(reader), delimiter, width, numbers, rejects))
    kept = pl.Series("row_no", numbers[1:], dtype=pl.Int64())
    return Repaired(path, kept, pl.DataFrame(rejects, schema=REJECT, orient="row"))


def _regular(
    lines: _Lines, delimiter: str, width: int, numbers: list[int], rejects: list[tuple[int, int, None, str]]
) -> Iterator[bytes]:
    """Blocks of regular records after an empty header; fills in their numbers, and the rejects."""
    block: list[str] = []
    header = delimiter * (width - 1) + "\n"
    for number, (line, record) in enumerate(_records(lines, delimiter)):
        whole, reason = _checked(record, delimiter, width) if number else (header, None)
        if reason:
            rejects.append((number, line, None, reason))
            continue
        numbers.append(number)
        block.append(whole)
        if len(block) == CHUNK_ROWS:
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()


def _checked(record: str | list[str], delimiter: str, width: int) -> tuple[str, str | None]:
    """The record as one regular line, or why it is none; empty cells beyond the width do no harm."""
    if isinstance(record, str):
        if record.count(delimiter) == width - 1:
            return record + "\n", None
        record = record.split(delimiter)
    if not record:
        return "", "unclosed_quote"
    if len(record) < width:
        return "", "too_few_cells"
    if any(record[width:]):
        return "", "too_many_cells"
    return delimiter.join(_written(cell, delimiter) for cell in record[:width]) + "\n", None


def _written(cell: str, delimiter: str) -> str:
    """One cell, quoted where it must be."""
    if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, str | list[str]]]:
    """First line of each record, with its text, or its cells where it has quotes (none: never closed)."""
    while (line := lines.take()) is not None:
        first = lines.number
        bare = line.rstrip("\r\n")
        if bare:
            yield first, _quoted(lines, line, delimiter) if '"' in bare else bare


def _quoted(lines: _Lines, line: str, delimiter: str) -> list[str]:
    """Cells of a record with quotes, which may go on over further lines."""
    taken = [line]
    cells = _cells(taken, delimiter)
    while cells is None:
        more = lines.take() if len(taken) < MOST_LINES else None
        if more is None:
            break
        taken.append(more)
        # A line without a quote leaves an open one open; parsing it again would only cost time.
        cells = _cells(taken, delimiter) if '"' in more else None
    if not cells:
        lines.give_back(taken[1:])
    return cells or []


def _cells(taken: list[str], delimiter: str) -> list[str] | None:
    """Cells of these lines; null while a quote is open, none when it will not close.

    On a line of its own a quote in an odd place is taken as it is; over several lines it is the next
    record's.
    """
    record = "".join(taken).rstrip("\r\n")
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if _OPEN in str(error):
            return None
    return next(csv.reader([record], delimiter=delimiter)) if len(taken) == 1 else []
