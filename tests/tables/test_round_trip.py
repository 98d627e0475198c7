"""Any table, written in any dialect and form, comes back with the same rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from friction.sources.generic import open_table
from friction.tables.files import look

NAMES = ("timestamp", "session_id", "event", "note", "more")
Rows = list[tuple[str, ...]]
Quoting = tuple[str, Literal[0, 1, 2, 3]]
"""The mark that quotes and how much the csv module quotes."""


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    delimiter: str = ","
    quoting: Quoting = ('"', csv.QUOTE_MINIMAL)
    end: str = "\n"
    encoding: str = "utf-8"


UNUSUAL = "`~^*$%#!§"
"""Other marks that may quote: two cells that are nothing but such marks leave a reader no way to know."""
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\"',;\t|\\ab 01.:-/=é“日\U0001f600\n"),
        st.characters(
            codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\x85"
        ),
    ),
    max_size=12,
)
TABLES = st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=12)
QUOTINGS: list[Quoting] = [('"', csv.QUOTE_MINIMAL), ('"', csv.QUOTE_ALL), ("'", csv.QUOTE_ALL)]
"""An apostrophe that quotes nothing cannot be seen, and a lone quotation mark in such a text is an open quote."""
DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from(QUOTINGS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
PACKED = {"plain": bytes, "gz": lambda content: gzip.compress(content, mtime=0), "zst": zstandard.compress}
QUICK = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def table(texts: list[tuple[str, str]]) -> Rows:
    """The texts in a table of events: two columns say where a reader stands, whatever the others hold."""
    return [
        (f"2026-03-02T09:{at:02}:00Z", f"s{at:03}", "click", note, more)
        for at, (note, more) in enumerate(texts)
    ]


def written(rows: Rows, dialect: Dialect) -> bytes:
    page = io.StringIO(newline="")
    quote, quoting = dialect.quoting
    if dialect.end == "\r":  # the writer leaves an LF bare where lines end otherwise
        quoting = csv.QUOTE_ALL
    writer = csv.writer(
        page, delimiter=dialect.delimiter, quotechar=quote, quoting=quoting, lineterminator=dialect.end,
    )  # fmt: skip
    writer.writerows([NAMES, *rows])
    return page.getvalue().encode(dialect.encoding)


def read_back(content: bytes, path: Path) -> Rows:
    """What the generic reader makes of it, without being told anything; an empty cell is an empty text."""
    path.write_bytes(content)
    found = open_table(look(path, "upload"))
    assert found.names == NAMES
    frame = found.select([pl.col(f"c{at}").cast(pl.String()) for at in range(len(NAMES))]).events.collect()
    assert frame["row_no"].to_list() == list(range(1, frame.height + 1))
    return [tuple(cell or "" for cell in row) for row in frame.drop("row_no").rows()]


@QUICK
@given(texts=TABLES, dialect=DIALECTS)
def test_any_table_in_any_dialect_comes_back(
    texts: list[tuple[str, str]], dialect: Dialect, tmp_path: Path
) -> None:
    rows = table(texts)

    assert read_back(written(rows, dialect), tmp_path / "a") == rows


@QUICK
@given(texts=TABLES, as_list=st.booleans(), is_ascii=st.booleans())
def test_any_table_as_json_comes_back(
    texts: list[tuple[str, str]], as_list: bool, is_ascii: bool, tmp_path: Path
) -> None:
    rows = table([("x", "x"), *texts])
    values = [dict(zip(NAMES, row, strict=True)) for row in rows]
    lines = [json.dumps(value, ensure_ascii=is_ascii) for value in values]
    content = f"[{','.join(lines)}]" if as_list else "".join(f"{line}\n" for line in lines)

    assert read_back(content.encode(), tmp_path / "a") == rows


@settings(QUICK, max_examples=50)
@given(texts=TABLES)
def test_any_table_as_parquet_comes_back(texts: list[tuple[str, str]], tmp_path: Path) -> None:
    rows = table(texts)
    page = io.BytesIO()
    pl.DataFrame(rows, schema=list(NAMES), orient="row").write_parquet(page)

    assert read_back(page.getvalue(), tmp_path / "a") == rows


@pytest.mark.parametrize("form", PACKED)
@settings(QUICK, max_examples=20)
@given(texts=TABLES, dialect=DIALECTS)
@example(texts=[("a", "b")] * 3, dialect=Dialect(end="\r"))
def test_packing_changes_nothing(
    form: str, texts: list[tuple[str, str]], dialect: Dialect, tmp_path: Path
) -> None:
    rows = table(texts)

    assert read_back(PACKED[form](written(rows, dialect)), tmp_path / "a") == rows
