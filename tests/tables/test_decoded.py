"""Lists inside JSON lines: as lists where every line has them so, else line by line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from friction.tables.decoded import decoded, of_texts
from friction.tables.files import look
from friction.tables.jsonl import open_json

LIST = pl.List(pl.Struct({"key": pl.String()}))
OBJECT = pl.Struct({"a": pl.String(), "list": LIST})
GOOD = b'{"a":1,"list":[{"key":"x","more":2}]}\n{"list":null}\n{"a":"y","list":[]}\n'


def test_objects_come_one_a_line_with_their_lists() -> None:
    found = decoded(GOOD, OBJECT)

    assert found is not None
    assert found.to_list() == [
        {"a": "1", "list": [{"key": "x"}]},
        {"a": None, "list": None},
        {"a": "y", "list": []},
    ]


@pytest.mark.parametrize(
    "lines",
    [
        b'{"a":1}\n\n{"a":2}\n',
        b'{"a":1}\nnull\n',
        b'{"a":1},{"a":2}\n',
        b'{"list":[{}\n{}]}\n',
        b'{"list":"words"}\n{"list":{"key":"x"}}\n',
        b'{"a":[1]}\n',
    ],
    ids=["blank", "null", "two objects", "torn", "no list", "a list for a text"],
)
def test_lines_that_are_anything_else_are_left_to_the_reader(lines: bytes) -> None:
    assert decoded(lines, OBJECT) is None


def test_of_texts_the_unreadable_ones_are_null() -> None:
    texts = pl.Series(['[{"key":"x"}]', None, "words", '[{"key":"y"}]', "[1]"])

    assert of_texts(texts, LIST).to_list() == [[{"key": "x"}], None, None, [{"key": "y"}], None]


@pytest.mark.parametrize("last", ["", '{"a":3,"list":"words"}\n', "torn\n"])
def test_a_table_gives_the_same_lists_either_way(tmp_path: Path, last: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(GOOD + last.encode())
    table = open_json(look(path, path.name))
    at = table.names.index("list")

    rows = table.nested({at: LIST}).select([pl.col(f"c{at}").alias("list")])

    assert rows.events.head(3).collect()["list"].to_list() == [[{"key": "x"}], None, []]
