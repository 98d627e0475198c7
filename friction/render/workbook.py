"""A table as a workbook for spreadsheets (Office Open XML, ECMA-376): one sheet, its first row fixed and bold.

Texts are written as texts, so no program takes them for formulas; `friction.render.cells` has marked those that would
become some when the sheet is saved as CSV. The same table gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of the parts in the archive; the earliest it can say."""
NARROW, WIDE, LONG = 12, 60, 20
"""Characters: the least and the most of a column's width, and from how long on a text makes its column wide."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
}

Cell = str | int | float | bool | None


def workbook(title: str, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The workbook; `title` is the name of its sheet, of which 31 characters are kept, null cells stay empty."""
    body = [list(row) for row in rows]
    parts = {**_PARTS, "xl/workbook.xml": _book(title), "xl/worksheets/sheet1.xml": _sheet(names, body)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            about = zipfile.ZipInfo(name, EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, _HEAD + content)
    return out.getvalue()


def _book(title: str) -> str:
    called = escape("".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:31], {'"': "&quot;"})
    sheet = f'<sheet name="{called}" sheetId="1" r:id="r1"/>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheet}</sheets></workbook>'


def _sheet(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    fixed = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{fixed}</sheetView></sheetViews>'
    cols = "".join(
        f'<col min="{at}" max="{at}" width="{_width(name, [row[at - 1] for row in rows])}" customWidth="1"/>'
        for at, name in enumerate(names, 1)
    )
    lines = [_row(1, names, ' s="1"'), *(_row(number, row, "") for number, row in enumerate(rows, 2))]
    return f'<worksheet xmlns="{_MAIN}">{view}<cols>{cols}</cols><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _width(name: str, cells: Sequence[Cell]) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(NARROW, len(name) + 2, longest if longest > LONG else NARROW), WIDE)


def _row(number: int, cells: Sequence[Cell], style: str) -> str:
    told = (_cell(f"{_letters(at)}{number}", cell, style) for at, cell in enumerate(cells))
    return f'<row r="{number}">{"".join(told)}</row>'


def _cell(place: str, cell: Cell, style: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        kept = '<t xml:space="preserve">' + escape(cell) + "</t>"
        return f'<c r="{place}"{style} t="inlineStr"><is>{kept}</is></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}"{style} t="b"><v>{int(cell)}</v></c>'
    return f'<c r="{place}"{style}><v>{cell!r}</v></c>'


def _letters(at: int) -> str:
    """The name of a column: A, B … Z, AA …"""
    before, here = divmod(at, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + here)
