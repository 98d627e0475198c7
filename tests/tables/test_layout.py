"""Titles, header rows and footnotes are told from records, and stated."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from friction.errors import InputError
from friction.tables.delimited import Delimited, open_delimited
from friction.tables.files import look

HEADER = "session,ts,page\n"
BODY = "".join(f"s{i},2026-01-01T00:00:0{i},/p{i}\n" for i in range(8))


def opened(folder: Path, content: str | bytes, **words: str) -> Delimited:
    path = folder / "table"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_delimited(look(path, "table"), words)


def first(table: Delimited) -> list[str]:
    return table.select([pl.col("c0")]).events.collect()["c0"].to_list()


@pytest.mark.parametrize(
    "title",
    [
        "Export of all events\n",
        "# tz=UTC, lang=en\n# rows=all, of=us\n",
        "# by the night job, 2026-03-01\n\n",
        "Visits,,\n,,\n",
        "One\nTwo, three\n",
    ],
)
def test_titles_are_no_records(tmp_path: Path, title: str) -> None:
    table = opened(tmp_path, title + HEADER + BODY)

    assert table.names == ("session", "ts", "page")
    assert first(table) == [f"s{i}" for i in range(8)]
    assert table.facts["lines_before_table"] == title.count("\n")


def test_the_header_may_come_again_or_be_followed_by_units(tmp_path: Path) -> None:
    table = opened(tmp_path, HEADER + HEADER + "text,time,text\n" + BODY)

    assert (table.names, table.facts["header_rows"], len(first(table))) == (("session", "ts", "page"), 3, 8)


def test_of_several_header_rows_the_one_with_most_names_counts(tmp_path: Path) -> None:
    assert opened(tmp_path, ",visit,\n" + HEADER + BODY).names == ("session", "ts", "page")


def test_a_first_row_that_comes_again_and_again_is_no_header(tmp_path: Path) -> None:
    rows = "click,home,button\n" * 9

    with pytest.raises(InputError) as caught:
        opened(tmp_path, rows)

    assert caught.value.problem.code == "input.no_header"


@pytest.mark.parametrize("notes", ["\nSource: us\n", "Source: us\nEnd of report\n", "Total of all,,\n"])
def test_footnotes_are_no_records_and_said(tmp_path: Path, notes: str) -> None:
    table = opened(tmp_path, HEADER + BODY + notes)

    assert len(first(table)) == 8
    assert table.facts["footnotes"] == len(notes.strip().splitlines())
    assert table.select([pl.col("c0")]).rejects.is_empty()


def test_a_record_that_is_torn_at_the_end_is_a_reject(tmp_path: Path) -> None:
    rejects = opened(tmp_path, HEADER + BODY + "sess").select([pl.col("c0")]).rejects

    assert rejects.rows() == [(9, 10, None, "too_few_cells")]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_physical_lines_are_those_of_the_original(tmp_path: Path, ends: str, quote: str) -> None:
    body = BODY.replace("s3,", f"{quote}s\n3{quote},")
    table = opened(tmp_path, ("Title\n\n" + HEADER + body).replace("\n", ends))

    assert table.lines_of([8, 1, 4, 5]) == [12, 4, 7, 9]


def test_nuls_are_left_out_and_said(tmp_path: Path) -> None:
    table = opened(tmp_path, HEADER + BODY.replace("s3", "s\0003"))

    assert (first(table)[3], table.facts["nuls_left_out"]) == ("s3", 1)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-16", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32-le"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found(tmp_path: Path, encoding: str, said: str) -> None:
    table = opened(tmp_path, (HEADER + BODY.replace("s3", "sé3")).encode(encoding))

    assert (first(table)[3], table.facts["encoding"]) == ("sé3", said)


def test_everything_can_be_said_by_the_user(tmp_path: Path) -> None:
    content = "a;b,c;d\n'x;y';z,ł;2\n1;2,3;4\n".encode("cp1250")
    table = opened(tmp_path, content, delimiter=";", quote="'", encoding="cp1250", header="1")

    assert table.names == ("a", "b,c", "d")
    assert table.select([pl.col("c0"), pl.col("c1")]).events.collect().row(0) == (1, "x;y", "z,ł")


def test_without_a_header_the_columns_are_numbered_when_the_user_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the names of columns"):
        opened(tmp_path, BODY)

    table = opened(tmp_path, BODY, header="none")
    assert table.names == ("column 1", "column 2", "column 3")
    assert len(first(table)) == 8
