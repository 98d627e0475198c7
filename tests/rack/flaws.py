"""What is wrong with the files that people have, and what a reader should make of each.

A case holds the bytes of a file and the rows it means: the first is the header (or, in a file without one, the first
record), the others are the records. The rules of what a file means:

- lines before the table and footnotes are no rows; blank lines neither
- of several header rows the first is the header, the others stand among the records; so do both tables of a file
- a record keeps the cells it has, one more or less than usual
- a stray quote is a character of its cell; a line end outside quotes ends the record
- numbers and texts stay as they are written
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.rack.tables import WORDS, Grid, grid
from tests.rack.writing import Style

Rows = list[list[str]]


@dataclass(frozen=True)
class Case:
    """One file and the rows it means."""

    flaw: str
    content: bytes
    rows: Rows


def made(flaw: str, seed: int) -> Case:
    """The case of this class and seed."""
    rng = Random(f"{flaw} {seed}")
    content, rows = FLAWS[flaw][1](rng)
    return Case(flaw, content if isinstance(content, bytes) else content.encode(), rows)


def _rows(table: Grid) -> Rows:
    return [table.header, *table.rows]


def _base(rng: Random) -> Style:
    """The styles that are usual, for files with a flaw of another kind."""
    delimiter = rng.choices(",;\t|", (70, 20, 8, 2))[0]
    return Style(
        delimiter,
        ends=(rng.choice(("\n", "\r\n")),),
        quote_all=rng.random() < 0.4,
        last_end=rng.random() < 0.8,
    )


def _in(*, texts: bool = True, **style: object) -> Callable[[Random], tuple[str, Rows]]:
    """A clean table in one style."""

    def make(rng: Random) -> tuple[str, Rows]:
        rows = _rows(grid(rng, texts=texts))
        return replace(_base(rng), **style).text(rows), rows  # type: ignore[arg-type]

    return make


def _clean(rng: Random) -> tuple[str, Rows]:
    rows = _rows(grid(rng))
    return _base(rng).text(rows), rows


def _spaced(rng: Random) -> tuple[str, Rows]:
    """Blanks between cells; a cell with blanks or nothing in it is quoted."""
    table, style = grid(rng, texts=False), Style(" ")
    lines = [" ".join(style.cell(cell) if cell else '""' for cell in row) for row in _rows(table)]
    return style.joined(lines), _rows(table)


def _padded(rng: Random) -> tuple[str, Rows]:
    rows, style = _rows(grid(rng)), replace(_base(rng), delimiter=",")
    return style.joined([", ".join(map(style.cell, row)) for row in rows]), rows


def _odd_quote(rng: Random) -> tuple[str, Rows]:
    rows = _rows(grid(rng))
    quote = rng.choice("`~^$%")
    return replace(_base(rng), quote=quote, quote_all=True).text(rows), rows


def _no_quote(rng: Random) -> tuple[str, Rows]:
    """Quotation marks are letters like others."""
    rows = _rows(grid(rng, texts=False))
    for row in rows[1:]:
        row[rng.randrange(len(row))] = f'{rng.choice(WORDS)} {rng.randrange(9)}"'
    return replace(_base(rng), quote=None, quote_all=False).text(rows), rows


def _mixed_ends(rng: Random) -> tuple[str, Rows]:
    rows = _rows(grid(rng))
    ends = tuple(rng.choice(("\n", "\r\n", "\r")) for _ in range(7))
    return replace(_base(rng), ends=ends).text(rows), rows


def _one_other_end(rng: Random) -> tuple[str, Rows]:
    rows = _rows(grid(rng))
    at = rng.randrange(len(rows))
    ends = tuple("\r\n" if place == at else "\n" for place in range(len(rows)))
    return replace(_base(rng), ends=ends).text(rows), rows


def _no_header(rng: Random) -> tuple[str, Rows]:
    rows = grid(rng).rows
    return _base(rng).text(rows), rows


def _headers(rng: Random) -> tuple[str, Rows]:
    """The header again, or a row of groups or units above or below it."""
    table = grid(rng)
    kind = rng.randrange(3)
    if kind == 0:
        rows = [table.header, *[table.header] * rng.randrange(1, 3), *table.rows]
    elif kind == 1:
        rows = [table.header, [rng.choice(("text", "ms", "px", "count")) for _ in table.header], *table.rows]
    else:
        groups = ["" if place % 3 != 1 else rng.choice(WORDS) for place in range(table.width)]
        rows = [groups, *_rows(table)]
    return _base(rng).text(rows), rows


TITLES = (
    "Export of all events",
    "# exported 2026-03-01, by the night job",
    "Report: visits, clicks and sales",
    "Period 2026-03-01 to 2026-03-31",
    "Confidential",
)


def _preamble(rng: Random) -> tuple[str, Rows]:
    table, style = grid(rng), _base(rng)
    titles = [_outside(rng, rng.choice(TITLES), table.width, style) for _ in range(rng.randrange(1, 5))]
    gap = ["" if rng.random() < 0.5 else style.delimiter * (table.width - 1)] * rng.randrange(2)
    return style.joined([*titles, *gap, *map(style.line, _rows(table))]), _rows(table)


def _outside(rng: Random, text: str, width: int, style: Style) -> str:
    """A line that is no record; with as many delimiters as one, as spreadsheets write it, or with none."""
    return style.cell(text) + style.delimiter * (width - 1) if rng.random() < 0.5 else style.line([text])


NOTES = (
    "Source: the shop",
    "* without tests",
    "Note that March has 31 days.",
    "End of report",
    "(provisional)",
)


def _footnotes(rng: Random) -> tuple[str, Rows]:
    table, style = grid(rng), _base(rng)
    notes = [_outside(rng, rng.choice(NOTES), table.width, style) for _ in range(rng.randrange(1, 4))]
    gap = [""] * rng.randrange(2)
    return style.joined([*map(style.line, _rows(table)), *gap, *notes]), _rows(table)


def _two_tables(rng: Random) -> tuple[str, Rows]:
    first, second, style = grid(rng), grid(rng, least=2), _base(rng)
    second = second.with_rows(second.rows[: max(1, len(first.rows) // 2)])
    rows = [*_rows(first), *_rows(second)]
    gap = [""] * rng.randrange(2)
    return style.joined([*map(style.line, _rows(first)), *gap, *map(style.line, _rows(second))]), rows


def _ragged(change: Callable[[Random, list[str]], list[str]]) -> Callable[[Random], tuple[str, Rows]]:
    def make(rng: Random) -> tuple[str, Rows]:
        rows = _rows(grid(rng))
        at = rng.randrange(len(rows))
        rows = [*rows[:at], change(rng, rows[at]), *rows[at + 1 :]]
        return _base(rng).text(rows), rows

    return make


def _less(rng: Random, row: list[str]) -> list[str]:
    at = rng.randrange(len(row))
    return row[:at] + row[at + 1 :]


def _more(rng: Random, row: list[str]) -> list[str]:
    at = rng.randrange(len(row) + 1)
    return [*row[:at], rng.choice(row), *row[at:]]


def _extra_delimiter(rng: Random, row: list[str]) -> list[str]:
    at = rng.randrange(len(row) + 1)
    return [*row[:at], "", *row[at:]]


def _other_delimiter(rng: Random) -> tuple[str, Rows]:
    """One row is written with another delimiter."""
    rows, style = _rows(grid(rng)), _base(rng)
    at = rng.randrange(len(rows))
    other = replace(style, delimiter=";" if style.delimiter != ";" else ",")
    lines = [(other if place == at else style).line(row) for place, row in enumerate(rows)]
    return style.joined(lines), rows


def _stray_quote(rng: Random) -> tuple[str, Rows]:
    """A quote at the start, in the middle or at the end of one cell, which may be quoted."""
    table, style = grid(rng), _base(rng)
    rows = _rows(table)
    at, column = rng.randrange(len(rows)), rng.randrange(table.width)
    text = rows[at][column].replace('"', "").replace("\n", " ").replace(style.delimiter, " ")
    place = rng.choice((0, len(text) // 2, len(text)))
    text = text[:place] + '"' + text[place:]
    cells = [*map(style.cell, rows[at])]
    cells[column] = f'"{text}"' if style.quote_all else text
    lines = [style.line(row) for row in rows]
    lines[at] = style.delimiter.join(cells)
    rows[at] = [*rows[at][:column], text, *rows[at][column + 1 :]]
    return style.joined(lines), rows


def _stray_end(rng: Random) -> tuple[str, Rows]:
    """A line end in one cell, which is quoted or not."""
    table, style = grid(rng), _base(rng)
    rows = _rows(table)
    at, column = rng.randrange(1, len(rows)), rng.randrange(table.width)
    left, right = [*rows[at][:column], rng.choice(WORDS)], [rng.choice(WORDS), *rows[at][column + 1 :]]
    if rng.random() < 0.5:
        rows[at] = [*left[:-1], f"{left[-1]}\n{right[0]}", *right[1:]]
    else:
        rows[at : at + 1] = [left, right]
    return style.text(rows), rows


def _blank_lines(rng: Random) -> tuple[str, Rows]:
    rows, style = _rows(grid(rng)), _base(rng)
    lines = [*map(style.line, rows)]
    for _ in range(rng.randrange(1, 4)):
        lines.insert(rng.randrange(1, len(lines) + 1), "")
    return style.joined(lines), rows


def _empty(rng: Random) -> tuple[str, Rows]:
    return rng.choice(("", "\n", "\r\n", "\ufeff")), []


def _header_only(rng: Random) -> tuple[str, Rows]:
    rows = [grid(rng).header]
    return _base(rng).text(rows), rows


def _one_row(rng: Random) -> tuple[str, Rows]:
    table = grid(rng)
    rows = [table.header, table.rows[0]]
    return _base(rng).text(rows), rows


def _one_column(rng: Random) -> tuple[str, Rows]:
    table = grid(rng)
    column = rng.randrange(table.width)
    rows = [[row[column]] for row in _rows(table) if row[column]]
    return replace(_base(rng), delimiter=",").text(rows), rows


def _many_columns(rng: Random) -> tuple[str, Rows]:
    rows = [[f"c{place}" for place in range(1024)]]
    rows += [[str(rng.randrange(99)) for _ in range(1024)] for _ in range(20)]
    return _base(rng).text(rows), rows


def _encoded(encoding: str, mark: bytes = b"") -> Callable[[Random], tuple[bytes, Rows]]:
    def make(rng: Random) -> tuple[bytes, Rows]:
        rows = _rows(grid(rng))
        rows = [[cell.encode(encoding, "replace").decode(encoding) for cell in row] for row in rows]
        return mark + _base(rng).text(rows).encode(encoding), rows

    return make


def _numbers(rng: Random) -> tuple[str, Rows]:
    """The numbers of some rows in another form."""
    table, style = grid(rng, texts=False), _base(rng)
    rows = _rows(table)
    forms = ("{:,.2f}", "{:.3e}", "{:.2f} €", "$ {:,.2f}", "{:.1f} %", "+{:.0f}")
    form = rng.choice(forms)
    for row in rows[1:]:
        if rng.random() < 0.6:
            text = form.format(rng.random() * 10_000)
            row[rng.randrange(len(row))] = text if rng.random() < 0.5 else text.translate({44: ".", 46: ","})
    return style.text(rows), rows


def _nuls(rng: Random) -> tuple[str, Rows]:
    rows, style = _rows(grid(rng)), _base(rng)
    text = style.text(rows)
    at = rng.randrange(len(text))
    return text[:at] + "\0" + text[at:], rows


def _several(rng: Random) -> tuple[str, Rows]:
    """Preamble, a short row and a stray quote in one file of an unusual style."""
    table = grid(rng)
    style = replace(
        _base(rng), delimiter=rng.choice((";", "\t", "|")), ends=(rng.choice(("\n", "\r\n", "\r")),)
    )
    rows = _rows(table)
    at = rng.randrange(1, len(rows))
    rows[at] = _less(rng, rows[at])
    return style.joined([rng.choice(TITLES), "", *map(style.line, rows)]), rows


def _comments(rng: Random) -> tuple[str, Rows]:
    """Remarks of a program above the header, which may look like cells."""
    table, style = grid(rng), _base(rng)
    remarks = ("# made by tool 1.2", "# rows: all", "# tz=UTC, lang=en", "#")
    lines = [rng.choice(remarks) for _ in range(rng.randrange(1, 5))]
    return style.joined([*lines, *map(style.line, _rows(table))]), _rows(table)


def _trailing(rng: Random) -> tuple[str, Rows]:
    """A delimiter after the last cell of every row."""
    rows, style = _rows(grid(rng)), _base(rng)
    return style.joined([style.line(row) + style.delimiter for row in rows]), [[*row, ""] for row in rows]


def _numbered(rng: Random) -> tuple[str, Rows]:
    """The number of the row before each record, which the header does not name."""
    table, style = grid(rng), _base(rng)
    rows = [table.header, *([str(place), *row] for place, row in enumerate(table.rows, start=1))]
    return style.text(rows), rows


def _often_short(rng: Random) -> tuple[str, Rows]:
    """The last cell is missing in one record of ten."""
    rows = _rows(grid(rng))
    rows[1:] = [row[:-1] if rng.random() < 0.1 else row for row in rows[1:]]
    return _base(rng).text(rows), rows


def _unclosed(rng: Random) -> tuple[str, Rows]:
    """A quote opens one cell and never closes."""
    table, style = grid(rng, texts=False), replace(_base(rng), quote_all=False)
    rows = _rows(table)
    at, column = rng.randrange(1, len(rows)), rng.randrange(table.width)
    rows[at] = [*rows[at][:column], '"' + rows[at][column], *rows[at][column + 1 :]]
    return style.joined([style.delimiter.join(row) for row in rows]), rows


FLAWS: dict[str, tuple[float, Callable[[Random], tuple[str | bytes, Rows]]]] = {
    "none": (300, _clean),
    "delimiter ;": (120, _in(delimiter=";")),
    "delimiter tab": (60, _in(delimiter="\t")),
    "delimiter |": (15, _in(delimiter="|")),
    "delimiter space": (5, _spaced),
    "delimiter ::": (1, _in(delimiter="::")),
    "delimiter comma and blank": (8, _padded),
    "quote '": (8, _in(quote="'", quote_all=True)),
    "quote other": (1, _odd_quote),
    "quote none": (20, _no_quote),
    "escape \\": (20, _in(escape="backslash")),
    "escape none": (5, _in(escape="none", quote_all=True)),
    "ends CRLF": (200, _in(ends=("\r\n",))),
    "ends CR": (3, _in(ends=("\r",))),
    "ends mixed": (4, _mixed_ends),
    "end of one row": (6, _one_other_end),
    "header missing": (50, _no_header),
    "header rows": (30, _headers),
    "preamble": (60, _preamble),
    "footnotes": (30, _footnotes),
    "two tables": (10, _two_tables),
    "a cell less": (30, _ragged(_less)),
    "a cell more": (30, _ragged(_more)),
    "delimiter inserted": (15, _ragged(_extra_delimiter)),
    "delimiter of one row": (2, _other_delimiter),
    "quote inserted": (20, _stray_quote),
    "line end inserted": (15, _stray_end),
    "blank lines": (20, _blank_lines),
    "empty": (5, _empty),
    "header only": (5, _header_only),
    "one row": (10, _one_row),
    "one column": (15, _one_column),
    "many columns": (2, _many_columns),
    "BOM": (60, _encoded("utf-8-sig")),
    "UTF-16": (8, _encoded("utf-16")),
    "UTF-16 without mark": (1, _encoded("utf-16-le")),
    "UTF-16 big-endian without mark": (1, _encoded("utf-16-be")),
    "latin-1": (30, _encoded("latin-1")),
    "cp1252": (30, _encoded("cp1252")),
    "numbers": (60, _numbers),
    "NUL": (2, _nuls),
    "several": (20, _several),
    "comments": (15, _comments),
    "trailing delimiters": (15, _trailing),
    "numbered rows": (5, _numbered),
    "a cell less, often": (15, _often_short),
    "quote unclosed": (15, _unclosed),
}
"""Class → how often we believe it is met in some 1,300 files of users, and its maker."""
