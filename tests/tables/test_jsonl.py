"""JSON in its several containers, and the agreement of the fast and the line-by-line reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from friction.tables.files import look
from friction.tables.jsonl import JsonLines, open_json


def opened(folder: Path, content: bytes) -> JsonLines:
    path = folder / "data"
    path.write_bytes(content)
    return open_json(look(path, "data"))


def rows(table: JsonLines) -> list[dict[str, Any]]:
    columns = [pl.col(f"c{i}").alias(name) for i, name in enumerate(table.names)]
    return table.select(columns).events.collect().to_dicts()


VALUES: list[dict[str, Any]] = [
    {"a": 1, "b": {"c": "x", "d": {"e": 2.5}}, "list": [1, "two"]},
    {"a": "text", "b": {"c": None}, "new": True},
    {"a": 12345678901234567890, "b": None},
]
TEXTS = [
    {"row_no": 1, "a": "1", "b.c": "x", "b.d.e": "2.5", "new": None},
    {"row_no": 2, "a": "text", "b.c": None, "b.d.e": None, "new": "true"},
    {"row_no": 3, "a": "12345678901234567890", "b.c": None, "b.d.e": None, "new": None},
]


def as_lines(values: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values)


@pytest.mark.parametrize(
    "content",
    [
        as_lines(VALUES),
        as_lines(VALUES).rstrip(b"\n"),
        b"\xef\xbb\xbf" + as_lines(VALUES),
        orjson.dumps(VALUES),
        orjson.dumps(VALUES, option=orjson.OPT_INDENT_2),
        orjson.dumps({"data": {"rows": VALUES}}),
        as_lines(VALUES) + b"nonsense\n",
    ],
)
def test_every_container_gives_the_same_rows(tmp_path: Path, content: bytes) -> None:
    found = rows(opened(tmp_path, content))

    assert [{key: row[key] for key in TEXTS[0]} for row in found] == TEXTS
    assert orjson.loads(found[0]["list"]) == [1, "two"]


def test_a_name_that_is_both_value_and_object_is_kept_as_text(tmp_path: Path) -> None:
    table = opened(tmp_path, as_lines([{"a": {"b": 1}}, {"a": 2}]))

    assert table.names == ("a",)
    assert [row["a"].replace(" ", "") for row in rows(table)] == ['{"b":1}', "2"]


def test_names_that_look_like_patterns_are_plain_names(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, b'{"^.*$": 1, "b": 2}\n{"^.*$": 3, "b": 4}\n'))[1]["^.*$"] == "3"


@pytest.mark.parametrize("in_list", [False, True])
def test_a_missing_number_as_python_writes_it_costs_no_line(tmp_path: Path, in_list: bool) -> None:
    lines = [b'{"a": "x", "value": %s}' % word for word in (b"1", b"NaN", b"Infinity", b"-Infinity")]
    content = b"[" + b",".join(lines) + b"]" if in_list else b"\n".join(lines)

    found = rows(opened(tmp_path, content))

    assert [(row["a"], row["value"]) for row in found] == [("x", "1"), ("x", None), ("x", None), ("x", None)]
