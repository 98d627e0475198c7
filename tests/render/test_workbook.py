"""The points as a workbook: what the CSV says, as numbers and texts, and never as formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from friction.i18n import language
from friction.render.forms import rendered
from friction.render.table import points
from tests.render.samples import every_kind

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes) -> list[list[str]]:
    """What stands in the sheet, row by row; formulas would stand in elements of their own."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SPACE}f"))
    return [["".join(cell.itertext()) for cell in _of(row)] for row in sheet.iter(f"{SPACE}row")]


def _of(row: Element) -> list[Element]:
    return list(row.iter(f"{SPACE}c"))


def test_it_holds_what_the_csv_holds() -> None:
    report = every_kind()
    written = [[cell for cell in row if cell] for row in csv.reader(io.StringIO(points(report)))]

    assert [[cell for cell in row if cell] for row in cells(rendered(report, "xlsx"))] == written


def test_a_text_that_would_be_a_formula_is_a_text() -> None:
    report = every_kind()
    evil = [replace(each, page="=HYPERLINK(A1)") for each in report.points]
    said = {cell for row in cells(rendered(replace(report, points=evil), "xlsx")) for cell in row}

    assert "'=HYPERLINK(A1)" in said


def test_the_same_report_is_the_same_file() -> None:
    assert rendered(every_kind(), "xlsx", language("fr")) == rendered(every_kind(), "xlsx", language("fr"))
