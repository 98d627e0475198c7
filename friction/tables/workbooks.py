"""Workbooks of Excel: every sheet as a table of text, which is then read like any CSV.

Cells come as they are stored: dates in ISO form whatever the workbook's language, numbers in full, yes and no in lower
case. The library that reads them (extra `excel`) unpacks everything into memory at once, so before it sees a workbook
every member is unpacked within the limits, and sheets are refused that span more cells than they could hold.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from friction.errors import InputError, MissingExtra
from friction.limits import Limits
from friction.sources.serials import of_1900
from friction.tables.archives import zips
from friction.tables.archives.base import Budget, Damaged
from friction.tables.files import temporary

BOOK = "xl/workbook.xml"
MOST_CELLS = 100_000_000
"""Between the first and the last cell of a sheet; one that stands far away makes room for all before it."""
_SINCE_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST_PLACE = 16


def is_workbook(stream: BinaryIO, limits: Limits) -> bool:
    """Whether this ZIP archive is a workbook of Excel, by the names of its members."""
    stream.seek(0)
    if stream.read(2) != b"PK":
        return False
    try:
        return any(member.name == BOOK for member in zips.entries(stream, Budget(limits, stream.seek(0, 2))))
    except (Damaged, InputError):
        return False


def sheets(path: Path, name: str, budget: Budget) -> Iterator[tuple[str, Path | None]]:
    """Name and table of every sheet that holds anything, as CSV without a header of its own; null for the table
    where it has but one row or column.

    Raises `InputError` for a workbook that is damaged, encrypted or far too wide, `LimitError` for one that unpacks to
    too much, `MissingExtra` where the library is not installed.
    """
    _examine(path, name, budget)
    book, is_of_1904 = _opened(path, name), _counts_from_1904(path)
    for sheet in book.sheet_names:
        cells: pl.DataFrame = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
        cells = cells.filter(~pl.all_horizontal(pl.all().is_null())) if cells.width else cells
        if min(cells.shape) > 1:
            cells = of_1900(cells) if is_of_1904 else cells
            yield sheet, temporary([cells.write_csv(include_header=False).encode()])
        elif not cells.is_empty():
            yield sheet, None


def _opened(path: Path, name: str) -> Any:
    try:
        import fastexcel
    except ImportError:
        raise MissingExtra(
            "extra.missing",
            "workbooks are read by a package that is not installed",
            remedy='pip install "friction-analyser[excel]", or save the sheet as CSV',
        ) from None
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        raise _damaged(name) from None


def _counts_from_1904(path: Path) -> bool:
    """Whether its days are counted from 1904. The library heeds it in cells that are dates, not in plain numbers."""
    with zipfile.ZipFile(path) as archive:
        return _SINCE_1904.search(archive.read(BOOK)) is not None


def _examine(path: Path, name: str, budget: Budget) -> None:
    """Unpack every member once, within the limits, and look where the cells of its sheets stand."""
    with path.open("rb") as stream:
        try:
            for member in zips.entries(stream, budget):
                if member.reason == "encrypted":
                    raise _damaged(name)
                is_sheet = member.name.startswith("xl/worksheets/")
                far, end = [0, 0], b""
                for block in member.blocks if member.reason is None else ():
                    if is_sheet:
                        _reach(end + block, far)
                        end = block[-_LONGEST_PLACE:]
                if far[0] * far[1] > MOST_CELLS:
                    raise budget.limits.refusal("rows", file=name)
        except Damaged:
            raise _damaged(name) from None


def _reach(block: bytes, far: list[int]) -> None:
    """The furthest column and row of the cells in this piece of a sheet."""
    for letters, row in set(_PLACE.findall(block)):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        far[0], far[1] = max(far[0], column), max(far[1], int(row))


def _damaged(name: str) -> InputError:
    return InputError(
        "input.damaged_archive",
        "the workbook is damaged or protected: nothing in it can be read",
        file=name,
        remedy="open it in Excel and save the sheet as CSV",
    )
