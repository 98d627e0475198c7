"""`friction convert --raw`: every record as it was read, in a regular table."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from friction.errors import InputError, LimitError, UsageError
from friction.limits import Limits
from friction.raw import line, write_raw
from tests.tables.packing import Packed, zipped

SPECTRUM = Path(__file__).parents[2] / "shared" / "samples" / "csv_spectrum"
CASES = sorted(SPECTRUM.glob("*.csv"))


def raw(folder: Path, content: bytes, **words: str) -> tuple[list[list[str]], dict[str, Any]]:
    source, target = folder / "source", folder / "table.csv"
    source.write_bytes(content)
    answer = write_raw([source], ["source"], words, target)
    with target.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream)), answer


@pytest.mark.skipif(not CASES, reason="the samples are not here")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_spectrum_of_awkward_files_is_read(path: Path, tmp_path: Path) -> None:
    expected = json.loads(
        (SPECTRUM / "expected" / path.with_suffix(".json").name).read_text(encoding="utf-8")
    )

    (header, *rows), _ = raw(tmp_path, path.read_bytes())

    assert [dict(zip(header, row, strict=True)) for row in rows] == expected


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_table(tmp_path: Path, content: bytes) -> None:
    rows, answer = raw(tmp_path, content)

    assert (rows, answer["records"]) == ([], 0)


def test_records_keep_the_cells_they_have_and_are_counted(tmp_path: Path) -> None:
    rows, answer = raw(tmp_path, b'a;b;c\n1;2;3\n4;5\n6;7;8;9\n"x;y\n1;2;3\n')

    assert rows == [
        ["a", "b", "c"],
        ["1", "2", "3"],
        ["4", "5"],
        ["6", "7", "8", "9"],
        ['"x', "y"],
        ["1", "2", "3"],
    ]
    counted = {
        name: answer[name] for name in ("records", "too_few_cells", "too_many_cells", "unclosed_quote")
    }
    assert counted == {"records": 5, "too_few_cells": 2, "too_many_cells": 1, "unclosed_quote": 1}


def test_a_table_without_a_header_or_with_one_column_is_one(tmp_path: Path) -> None:
    assert raw(tmp_path, b"1,2\n3,4\n")[0] == [["1", "2"], ["3", "4"]]
    assert raw(tmp_path, b"name\nAnn\nBob\n")[0] == [["name"], ["Ann"], ["Bob"]]


def test_both_tables_of_a_file_are_written(tmp_path: Path) -> None:
    small, large = "x,y\n1,2\n3,4\n", "a,b,c,d\n" + "1,2,3,4\n" * 20

    assert len(raw(tmp_path, f"{small}\n{large}".encode())[0]) == 24
    assert len(raw(tmp_path, f"{large}\n{small}".encode())[0]) == 24


def test_json_is_a_table_too(tmp_path: Path) -> None:
    rows, answer = raw(tmp_path, b'{"a": 1, "b": "x, y"}\n{"a": 2, "b": null}\n')

    assert rows == [["a", "b"], ["1", "x, y"], ["2", ""]]
    assert answer["facts"]["format"] == "jsonl"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        raw(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(50))


def test_only_one_file_is_one_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2 inputs"):
        write_raw([tmp_path, tmp_path], ["a", "b"], {}, tmp_path / "c.csv")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_a_packed_file_is_the_file(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    assert raw(tmp_path, pack(b"a;b\n1;2\n"))[0] == [["a", "b"], ["1", "2"]]


def test_one_file_of_an_archive_is_its_table(tmp_path: Path) -> None:
    rows, answer = raw(tmp_path, zipped([Packed(b"d/"), Packed(b"d/a.csv", b"a;b\n1;2\n")]))

    assert rows == [["a", "b"], ["1", "2"]]
    assert (answer["archive"], answer["records"]) == ("source", 1)
    assert answer["files"][0]["file"] == "source › d/a.csv"
    assert answer["files"][0]["facts"]["delimiter"] == "semicolon"
    assert answer["passed_over"] == [
        {"file": "source", "reason": "folder", "members": 1, "example": "source › d"}
    ]


def test_files_with_the_same_columns_are_one_table_however_they_are_written(tmp_path: Path) -> None:
    members = [
        Packed(b"1.csv", b"a;b\n1;2\n"),
        Packed(b"2.csv", b'a,b\r\n3,"x, y"\r\n'),
        Packed(b"3.jsonl", b'{"a": 5, "b": 6}\n'),
        Packed(b"4.csv.gz", gzip.compress("a\tb\n7\té\n".encode("utf-16"))),
    ]

    rows, answer = raw(tmp_path, zipped(members))

    assert rows == [["a", "b"], ["1", "2"], ["3", "x, y"], ["5", "6"], ["7", "é"]]
    assert [each["records"] for each in answer["files"]] == [1, 1, 1, 1]


def test_files_with_other_columns_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"source › b\.csv have different columns"):
        raw(tmp_path, zipped([Packed(b"a.csv", b"a,b\n1,2\n"), Packed(b"b.csv", b"a,c\n1,2\n")]))


def test_a_member_that_is_no_table_costs_only_itself(tmp_path: Path) -> None:
    picture, table = Packed(b"a.png", b"\x89PNG\r\n\x1a\n" + bytes(50)), Packed(b"b.csv", b"a,b\n1,2\n")

    rows, answer = raw(tmp_path, zipped([picture, table]))

    assert rows == [["a", "b"], ["1", "2"]]
    assert answer["passed_over"][0]["reason"] == "input.not_a_table"
    with pytest.raises(InputError, match="PNG"):
        raw(tmp_path, zipped([picture]))


@pytest.mark.parametrize("content", [b"a,b\n" + b"1,2\n" * 4, b'{"a": 1, "b": 2}\n' * 4])
def test_more_records_than_allowed_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "source").write_bytes(content)

    with pytest.raises(LimitError, match="more than 3 records"):
        write_raw([tmp_path / "source"], ["source"], {}, tmp_path / "table.csv", Limits(rows=3))


def test_only_what_needs_quotes_has_them() -> None:
    assert line(["a", 'b "c"', "d\re", "", "f,g"]) == 'a,"b ""c""","d\re",,"f,g"\n'
    assert line([""]) == '""\n'
