"""Workbooks: every source reads its table out of a sheet as out of a CSV; what cannot be read is said."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from friction.errors import InputError, LimitError, MissingExtra
from friction.limits import DEFAULT, Limits
from friction.tables.inputs import plain_files
from tests.exports import analysed
from tests.tables.workbook import workbook

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
NAMES = ["session_id", "ts", "event", "url", "is_bot"]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def visits(rows: int = 6) -> list[list[Any]]:
    """A small table of events, its times those of Excel."""
    times = [START + timedelta(seconds=7 * number) for number in range(rows)]
    return [NAMES, *(["s1", at, "click" if n % 2 else "view", "/a", False] for n, at in enumerate(times))]


def saved(folder: Path, content: bytes, name: str = "export.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_times_of_excel_are_times_and_empty_rows_are_none(tmp_path: Path) -> None:
    rows = visits()
    path = saved(tmp_path, workbook({"Events": [*rows[:3], [None] * 5, *rows[3:]]}))

    report = analysed(path)

    assert (report.input.events, report.input.rows_rejected) == (6, 0)
    assert report.input.start == "2026-03-02T08:00:00.000Z"
    assert [file.name for file in report.input.files] == ["export.xlsx › Events"]


@pytest.mark.parametrize(
    "name", ["amplitude/warehouse.csv", "fullstory/segment.csv", "heap/events.csv", "posthog/list.csv"]
)
def test_a_table_of_any_source_is_the_same_in_a_workbook(tmp_path: Path, name: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    sheet = [[cell or None for cell in row] for row in csv.reader(io.StringIO(text))]
    path = saved(tmp_path, workbook({"Sheet1": sheet}))

    left, right = analysed(FIXTURES / name), analysed(path)

    assert right.input.files[0].source == name.partition("/")[0]
    assert (right.input.events, right.input.sessions) == (left.input.events, left.input.sessions)
    assert [point.id for point in right.points] == [point.id for point in left.points]


@pytest.mark.parametrize(
    ("said", "start"), [("", "2022-03-02"), (' date1904="0"', "2022-03-02"), (' date1904="1"', "2026-03-03")]
)
def test_plain_numbers_are_the_days_that_the_workbook_counts(tmp_path: Path, said: str, start: str) -> None:
    rows = [["s1", 44622.5 + number / 86_400, "click", 44000.5] for number in range(6)]
    content = workbook({"Events": [["session_id", "ts", "event", "value"], *rows]})
    path = saved(tmp_path, rewritten(content, b"<sheets>", f"<workbookPr{said}/><sheets>".encode()))

    report = analysed(path)

    assert (report.input.start, report.input.end) == (f"{start}T12:00:00.000Z", f"{start}T12:00:05.000Z")
    assert report.input.files[0].facts["time"] == "serial"


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in its list of sheets."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(stream, "w") as copy,
    ):
        for name in archive.namelist():
            copy.writestr(name, archive.read(name).replace(old, new))
    return stream.getvalue()


def test_sheets_without_a_table_of_events_are_passed_over(tmp_path: Path) -> None:
    notes = [["what", "who"], ["checked", "ann"]]
    path = saved(tmp_path, workbook({"Read me": notes, "Events": visits(), "Blank": [], "One": [["x"]]}))

    report = analysed(path)

    assert [file.name for file in report.input.files] == ["export.xlsx › Events"]
    assert {passed.example: passed.reason for passed in report.input.passed_over} == {
        "export.xlsx › Read me": "input.no_time_column",
        "export.xlsx › One": "input.not_a_table",
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("is_seekable", [True, False])
def test_workbooks_in_an_archive_are_read_sheet_by_sheet(
    tmp_path: Path, method: int, *, is_seekable: bool
) -> None:
    books = {
        "a.xlsx": workbook({"May": visits(3), "List": [["url"], ["/a"]]}),
        "b.xlsx": workbook({"June": visits(4)}),
    }
    path = saved(
        tmp_path,
        _zipped(
            {**books, "c.xlsx": _with(books["a.xlsx"], "xl/workbook.xml", lambda _: b"<nothing")},
            method,
            is_seekable=is_seekable,
        ),
        "export.zip",
    )

    found = plain_files([path], ["export.zip"], DEFAULT)

    assert [file.name for file in found.files] == ["export.zip › a.xlsx › May", "export.zip › b.xlsx › June"]
    assert {file.archive for file in found.files} == {"export.zip"}
    assert {passed.reason: passed.example for passed in found.passed_over} == {
        "input.not_a_table": "export.zip › a.xlsx › List",
        "input.damaged_archive": "export.zip › c.xlsx",
    }


def test_an_archive_of_workbooks_without_a_table_says_so(tmp_path: Path) -> None:
    path = saved(
        tmp_path, _zipped({"a.xlsx": workbook({"One": [["hello"]]})}, zipfile.ZIP_STORED), "export.zip"
    )

    with pytest.raises(InputError, match="no sheet of the workbooks in the archive holds a table"):
        plain_files([path], ["export.zip"], DEFAULT)


def test_all_workbooks_of_an_archive_draw_on_one_limit(tmp_path: Path) -> None:
    book = workbook({"Events": visits(500)})
    path = saved(tmp_path, _zipped({f"{n}.xlsx": book for n in range(8)}, zipfile.ZIP_STORED), "export.zip")

    with pytest.raises(LimitError):
        plain_files([path], ["export.zip"], Limits(inflated_size=200_000))


class _Pipe(io.BytesIO):
    """What cannot be gone back in: sizes of members then stand behind them."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def _zipped(members: dict[str, bytes], method: int, *, is_seekable: bool = True) -> bytes:
    stream = io.BytesIO() if is_seekable else _Pipe()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_workbook_without_any_table_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, workbook({"One": [["hello"]]}))

    with pytest.raises(InputError, match="no sheet of the workbook holds a table"):
        plain_files([path], ["export.xlsx"], DEFAULT)


def test_a_cell_far_away_makes_no_room_for_all_before_it(tmp_path: Path) -> None:
    content = workbook({"Events": visits()})
    far = _with(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="A1"', b'r="XFD1048576"'))

    with pytest.raises(LimitError):
        plain_files([saved(tmp_path, far)], ["export.xlsx"], DEFAULT)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = saved(tmp_path, workbook({"Events": visits(500)}))

    with pytest.raises(LimitError):
        plain_files([path], ["export.xlsx"], Limits(inflated_size=10_000))


def test_a_damaged_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    content = _with(workbook({"Events": visits()}), "xl/workbook.xml", lambda _: b"<nothing")

    with pytest.raises(InputError, match="the workbook is damaged"):
        plain_files([saved(tmp_path, content)], ["export.xlsx"], DEFAULT)


def test_without_its_package_a_workbook_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)

    with pytest.raises(MissingExtra) as refusal:
        plain_files([saved(tmp_path, workbook({"Events": visits()}))], ["export.xlsx"], DEFAULT)

    assert "friction-analyser[excel]" in (refusal.value.problem.remedy or "")


def _with(content: bytes, member: str, change: Any) -> bytes:
    """The archive with one member changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return stream.getvalue()
