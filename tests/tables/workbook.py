"""Workbooks as Excel writes them, in the smallest form that it opens."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
DATED = 1
"""The style of cells that are times."""
Sheet = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """A workbook of these sheets, row by row; times become serial numbers in the style of a date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _members(sheets):
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return stream.getvalue()


def _members(sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, str]]:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{place}.xml", "worksheet") for place in range(1, len(sheets) + 1)]
    types = "".join(f'<Override PartName="{part}" ContentType="{TYPE}.{kind}+xml"/>' for part, kind in parts)
    rels = (
        f'<Default Extension="rels" ContentType="{PACKAGE.replace("http://schemas.", "application/vnd.")}"/>'
    )
    yield "[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{rels}{types}</Types>'
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, name in enumerate(sheets, start=1)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    inner = [("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheets) + 1)]
    yield "xl/_rels/workbook.xml.rels", _relations([*inner, ("styles", "styles.xml")])
    yield (
        "xl/styles.xml",
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    )
    for place, sheet in enumerate(sheets.values(), start=1):
        rows = "".join(
            f'<row r="{number}">{"".join(_cell(number, column, value) for column, value in enumerate(row))}</row>'
            for number, row in enumerate(sheet, start=1)
        )
        yield (
            f"xl/worksheets/sheet{place}.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _cell(row: int, column: int, value: Any) -> str:
    place = f"{letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        return f'<c r="{place}" s="{DATED}"><v>{(value - DAY_ZERO).total_seconds() / 86_400!r}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def letters(column: int) -> str:
    """The name of a column, counted from 0."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
