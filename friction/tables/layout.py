"""Where in a text the table lies: lines before it, header rows, its width, what is a footnote.

Only the first records are looked at. Lines outside the table are no records; how many there are is stated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from friction.tables.cut import Record
from friction.tables.guess import usual_width
from friction.values import dataclass

DATA = re.compile(
    r"^\s*-?\d[\d.,:]*\s*$|://|@\w|\d{4}-\d\d-\d\d|\d+/\w+/\d{4}|\d+\.\d+\.\d+\.\d+|^.{81}"
    r"|^\d\d?[/.]\d\d?[/.]\d\d|^/\w|^[$€£]?-?\d[\d.,]* ?[%$€£]?$",
    re.DOTALL,
)
"""Numbers, addresses, times and long texts are no names of columns."""
_VALUE = re.compile(r"\s*(?:\S*\d\S*(?:[ T]\d\d?:\d\d\S*)?|https?://\S+|/\S*)\s*")
"""A single value, while titles and remarks are words."""
MOST_HEADERS = 3


@dataclass(frozen=True)
class Layout:
    """Physical lines count from 1."""

    width: int
    """Cells of the usual record."""
    line: int
    """First line of the table: of its header, or of its first record."""
    headers: tuple[tuple[str, ...], ...]
    """Header rows; none when the table begins with data."""
    body: int
    """First line of the records."""
    first: tuple[str, ...] = ()
    """Cells of the first row of the table."""
    top: int = 1
    """First line of another table above, else of this one."""

    @property
    def names(self) -> tuple[str, ...]:
        """Cells of the header row that names most columns; none without a header."""
        return max(self.headers, key=lambda cells: len(set(filter(None, cells))), default=())


def lay_out(records: Sequence[Record], said: int | None = None) -> Layout:
    """The layout of a table with these first records; `said` is the line of its header, 0 for none."""
    records = [record for record in records if not said or record.line >= said]
    if not records:
        return Layout(0, 1, (), 1)
    width = usual_width(records)
    start = 0 if said else _start(records, width)
    count = _headers(records[start:], width) if said is None else min(said, 1)
    after = start + count
    body = records[after].line if after < len(records) else records[-1].last + 1
    headers = tuple(tuple(record.cells) for record in records[start:after])
    top = records[_top(records, start)].line
    return Layout(width, records[start].line, headers, body, tuple(records[start].cells), top)


def is_lone(cells: Sequence[str], width: int) -> bool:
    """A text in the first cell and nothing else: a title or a remark, where a table has three columns or more."""
    return width > 2 and bool(cells[0]) and not any(cells[1:]) and is_remark(cells[0])


def is_remark(cell: str) -> bool:
    """Words, not a single value."""
    return not _VALUE.fullmatch(cell)


def _start(records: Sequence[Record], width: int) -> int:
    """Place of the first record of the table."""
    fits = [
        place
        for place, record in enumerate(records)
        if len(record.cells) == width and _is_filled(record, width)
    ]
    if not fits:
        return next((place for place, record in enumerate(records) if len(record.cells) == width), 0)
    start = fits[0]
    # A header may have a cell more or less than its records.
    if start and _is_ragged_header(records[start - 1], records[start], width):
        start -= 1
    return start


def _top(records: Sequence[Record], start: int) -> int:
    """Place of the first of two neighbours that look like rows of one table; `start` when none do."""
    rows = [
        sum(map(bool, record.cells)) > 1 and not record.cells[0].startswith("#") and len(record.cells)
        for record in records[: start + 1]
    ]
    pairs = (place for place in range(start) if rows[place] and rows[place] == rows[place + 1])
    return next(pairs, start)


def _is_filled(record: Record, width: int) -> bool:
    """More than a title, or a row of nothing, with delimiters after it."""
    return any(record.cells) and not is_lone(record.cells, width)


def _is_ragged_header(record: Record, following: Record, width: int) -> bool:
    touches = following.line == record.last + 1
    cells = [cell for cell in record.cells if cell.strip()]
    # What the next row holds decides: below a remark stands a header, below a header stand data.
    holds_data = any(DATA.search(cell) for cell in following.cells)
    return (
        touches
        and holds_data
        and len(cells) >= 2
        and len(cells) * 2 > width
        and not record.cells[0].startswith("#")
    )


def _headers(records: Sequence[Record], width: int) -> int:
    """How many rows at the top are header."""
    if _has_data(records[0]) or _comes_again(records, width):
        return 0
    typed = _typed(records, width)
    count = 1
    while count < min(MOST_HEADERS, len(records) - 1) and _continues(records[count], typed, width):
        count += 1
    return count


def _comes_again(records: Sequence[Record], width: int) -> bool:
    """Most cells of the first row stand below in more than half of all rows: it is one of them."""
    body = [record.cells for record in records[1:] if len(record.cells) == width]
    if len(body) < MOST_HEADERS + 1:
        return False
    cells = [(place, cell) for place, cell in enumerate(records[0].cells[:width]) if cell]
    again = sum(2 * sum(row[place] == cell for row in body) > len(body) for place, cell in cells)
    return 2 * again > width


def _has_data(record: Record) -> bool:
    return any(DATA.search(cell) for cell in record.cells)


def _typed(records: Sequence[Record], width: int) -> list[int]:
    """Columns that hold data, as the records further down show."""
    body = [record.cells for record in records[MOST_HEADERS:] if len(record.cells) == width]
    return [
        place
        for place in range(width)
        if body and sum(bool(DATA.search(row[place])) for row in body) > 0.8 * len(body)
    ]


def _continues(record: Record, typed: Sequence[int], width: int) -> bool:
    """One more header row: no data where all records have some."""
    if not typed or len(record.cells) != width or _has_data(record):
        return False
    return any(record.cells[place] for place in typed) or len(typed) > 1
