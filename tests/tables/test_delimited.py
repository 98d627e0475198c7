"""Delimiters, headers, and the agreement of the fast and the tolerant reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.tables.delimited import Delimited, dialect, open_delimited
from friction.tables.files import look
from friction.tables.tolerant import COPY, repaired
from friction.tables.written import named

CELLS = st.text(alphabet='ab",; \n é', min_size=1, max_size=6).filter(str.strip)


PLAIN = {"delimiter": "comma", "quote": "double", "escape": "doubled", "header": "1"}


def opened(folder: Path, content: str, words: Mapping[str, str] | None = None) -> Delimited:
    path = folder / "table"
    path.write_bytes(content.encode())
    return open_delimited(look(path, "table"), words)


def cells(table: Delimited) -> list[tuple[str, ...]]:
    columns = [pl.col(f"c{i}") for i in range(len(table.names))]
    return table.select(columns).events.drop("row_no").collect().rows()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_regularly(delimiter: str) -> None:
    rows = [["when", "who", "what"], ["1, or so", "a;b", "x"], ["2", "b|c", "y\tz"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)

    assert dialect(text.getvalue()) == (delimiter, rows[0])


def test_missing_and_repeated_names_are_told_apart() -> None:
    assert named(["a", " ", "a", "\ufeffb "]) == ("a", "column 2", "a (2)", "b")


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_the_repair_of_a_regular_file_changes_nothing(
    rows: list[tuple[str, str]], tmp_path_factory: object
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("left", "right"), *rows])
    folder: Path = tmp_path_factory.mktemp("both")  # type: ignore[attr-defined]
    table = opened(folder, text.getvalue(), PLAIN)

    repair = repaired(table.written.body(), 2)
    copied = pl.read_csv(repair.path, separator=COPY.delimiter, has_header=False, infer_schema=False)

    assert cells(table) == rows == copied.rows()
    assert repair.rejects.is_empty()
    assert repair.numbers.to_list() == list(range(1, len(rows) + 1))


def test_a_delimiter_at_the_end_of_lines_does_no_harm(tmp_path: Path) -> None:
    table = opened(tmp_path, "a,b\n1,2,\n3,4,\n5,6\n")

    assert cells(table) == [("1", "2"), ("3", "4"), ("5", "6")]


def test_a_quote_that_never_closes_costs_one_record(tmp_path: Path) -> None:
    lines = ["a,b\n", '1,"open\n', *(f'{i},"x{i}"\n' for i in range(300))]

    rows = opened(tmp_path, "".join(lines)).select([pl.col("c0")])

    assert rows.rejects.rows() == [(1, 2, None, "unclosed_quote")]
    assert rows.events.collect()["row_no"].to_list() == list(range(2, 302))


def test_a_cell_longer_than_the_usual_limit_is_kept(tmp_path: Path) -> None:
    table = opened(tmp_path, 'a,b\n1,"' + "x" * 200_000 + '"\n2\n')

    assert len(cells(table)[0][1]) == 200_000


def test_rows_keep_their_numbers_under_a_filter(tmp_path: Path) -> None:
    table = opened(tmp_path, "a,b\n" + "".join(f"{i},x\n" for i in range(1, 100)))

    frame = table.select([pl.col("c0").cast(pl.Int64)]).events.filter(pl.col("c0") % 7 == 0).collect()

    assert frame["row_no"].to_list() == frame["c0"].to_list()
