"""Leaves of JSON lines: the decoder and the reader give the same, and no key is missed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.sources.fields import found
from friction.tables import blocks
from friction.tables.decoded import lines_of
from friction.tables.files import look
from friction.tables.jsonl import JsonLines, open_json
from friction.tables.leaves import Leaves, OtherKeys

PLAIN = ['{"a": 1, "list": ["x", "é"]}', '{"a": null, "list": []}', '{"a": "\\u00e9\\n", "list": null}', "{}"]
ODD = {
    "a list for a text": '{"a": [1, "b", null], "list": ["x"]}',
    "an object for a text": '{"a": {"b": [1.50]}, "list": ["x"]}',
    "numbers in a list": '{"a": 1.0, "list": [1, 2]}',
    "no list": '{"a": true, "list": "x"}',
    "quotes in a list": '{"a": 1e5, "list": ["\\"x\\\\"]}',
    "blanks": ' {"a" : 12345678901234567890 , "list" :\t[ "x" ] } ',
}


def opened(folder: Path, lines: list[str]) -> JsonLines:
    path = folder / "a.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_json(look(path, path.name))


@pytest.mark.parametrize("odd", ODD)
def test_the_reader_would_have_said_the_same(odd: str) -> None:
    block = "\n".join([*PLAIN * 3, ODD[odd], *PLAIN]).encode()
    leaves = Leaves([("a",), ("list",)], [0, 1], {}, frozenset({1}))
    reader = Leaves([("a",), ("list",)], [0, 1], {}, frozenset({1}), _way=2)

    found = leaves.read(block, lines_of(block))

    told = reader.read(block, None)
    assert told.height == 17
    # Where lists of texts are expected, numbers are texts and a text is a list of it.
    told = told.with_columns(pl.col("c1").replace({"[1, 2]": '["1", "2"]', "x": '["x"]'}))
    assert_frame_equal(found, told)
    assert_frame_equal(leaves.read(block, lines_of(block)), told)


@pytest.mark.parametrize(
    ("paths", "lists", "listed", "expected"),
    [
        ([("a",), ("b",)], {}, frozenset({2}), True),
        ([("a",), ("b", "c")], {}, frozenset(), False),
        ([("a",), ("b",)], {1: pl.List(pl.String())}, frozenset(), False),
        ([("a",), ("b",)], {}, frozenset({1}), False),
    ],
)
def test_only_plain_members_are_left_to_the_reader_at_once(
    paths: list[tuple[str, ...]], lists: dict[int, pl.DataType], listed: frozenset[int], expected: bool
) -> None:
    assert Leaves(paths, [0, 1], lists, listed).are_flat == expected


def test_lists_of_texts_are_known_by_the_sample(tmp_path: Path) -> None:
    lines = ['{"texts": ["a"], "numbers": [1], "objects": [{}], "words": "[a]", "empty": []}'] * 3

    table = opened(tmp_path, lines)

    assert {table.names[at] for at in table.listed} == {"texts", "empty"}


def test_a_key_that_only_the_last_line_has_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 4_000)
    lines = [f'{{"at": {number}, "words": "rare"}}' for number in range(90_000)]
    lines[-30_000] = '{"at": 1, "rare" : 5}'
    table = opened(tmp_path, lines)
    assert "rare" not in table.names
    names = {"at": ("at",), "rare": ("rare",), "none": ("none",)}

    unforeseen = found(table, names, foreseen=())
    with pytest.raises(OtherKeys) as met:
        unforeseen.read(["at", "rare"])

    assert met.value.keys == {"rare"}
    for known in (found(table, names, foreseen=met.value.keys), found(table, names)):
        assert known.knows("rare")
        assert not known.knows("none")
        assert known.read(["rare"])[1].select(pl.col("rare").drop_nulls()).collect()["rare"].to_list() == [
            "5"
        ]
