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

import polars as pl

from friction.sources.base import REJECT
from friction.tables.table import text_frame
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


def read_tolerantly(text: Text, delimiter: str, width: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All whole records as text `c0`, `c1` … with `row_no`, and the rejects; blank lines are not records."""
    frames: list[pl.DataFrame] = []
    rejects: list[tuple[int, int, None, str]] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    with text.source.open("rb") as stream:
        reader = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
        for number, (line, cells) in enumerate(_records(_Lines(reader), delimiter)):
            if number == 0:
                continue
            reason = _fault(cells, width)
            if reason:
                rejects.append((number, line, None, reason))
                continue
            rows.append(cells[:width])
            numbers.append(number)
            if len(rows) == CHUNK_ROWS:
                frames.append(_frame(rows, numbers, width))
                rows, numbers = [], []
        reader.detach()
    frames.append(_frame(rows, numbers, width))
    return pl.concat(frames), pl.DataFrame(rejects, schema=REJECT, orient="row")


def _fault(cells: list[str], width: int) -> str | None:
    """Why these cells are not a record; surplus cells that are empty (a delimiter at the end) do no harm."""
    if not cells:
        return "unclosed_quote"
    if len(cells) < width:
        return "too_few_cells"
    return "too_many_cells" if any(cells[width:]) else None


def _frame(rows: list[list[str]], numbers: list[int], width: int) -> pl.DataFrame:
    return text_frame(rows, width).with_columns(pl.Series("row_no", numbers, dtype=pl.Int64()))


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of each record; no cells where a quote never closes."""
    while (line := lines.take()) is not None:
        first = lines.number
        bare = line.rstrip("\r\n")
        if not bare:
            continue
        yield first, _quoted(lines, line, delimiter) if '"' in bare else bare.split(delimiter)


def _quoted(lines: _Lines, line: str, delimiter: str) -> list[str]:
    """Cells of a record with quotes, which may go on over further lines."""
    taken = [line]
    while (cells := _cells(taken, delimiter)) is None:
        more = lines.take() if len(taken) < MOST_LINES else None
        if more is None:
            break
        taken.append(more)
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
