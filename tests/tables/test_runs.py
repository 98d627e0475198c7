"""Lists cut out of JSON lines: what is left and what was cut out are the line again, and no other list is taken."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.tables.decoded import lines_of
from friction.tables.leaves import TEXTS, Leaves
from friction.tables.runs import MARK, Run, run_of

OBJECTS: list[dict[str, object]] = [
    {"a": 1, "list": ["x", "é"], "b": 2},
    {"a": 1, "list": [], "b": 3},
    {"a": 1, "b": 4},
    {"a": 1, "list": None},
]


@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")], ids=["wide", "narrow"])
def test_lists_stand_beside_lines_that_say_where_they_were(separators: tuple[str, str]) -> None:
    texts = [json.dumps(one, separators=separators, ensure_ascii=False) for one in OBJECTS]
    run = run_of(texts[:2], "list")
    assert run is not None

    lines, lists = run.cut(pl.Series(texts))

    assert [None if one is None else json.loads(one) for one in lists] == [["x", "é"], [], None, None]
    assert [json.loads(one) for one in lines] == [
        one | {"list": MARK} if one.get("list") is not None else one for one in OBJECTS
    ]


def test_a_list_that_mostly_stands_last_or_first_is_not_cut() -> None:
    assert run_of(['{"a": 1, "list": [1]}'] * 3, "list") is None
    assert run_of(['{"list": [1], "a": 1}'] * 3, "list") is None


ODD = {
    "at another level": '{"a": 1, "in": {"b": 1, "list": ["x"], "c": 1}, "list": ["y"], "b": 1}',
    "a bracket in a text": '{"a": 1, "list": ["[x], "], "b": 1}',
    "the mark itself": f'{{"a": 1, "list": "{MARK}", "b": 1}}',
}


@pytest.mark.parametrize("odd", ODD)
def test_where_one_list_cannot_be_cut_all_are_decoded(odd: str) -> None:
    block = "\n".join(['{"a": 1, "list": ["x"], "b": 1}', ODD[odd]]).encode()
    run = Run(', "list": [', '], "')
    leaves = Leaves([("a",), ("list",)], [0, 1], {1: TEXTS}, frozenset(), runs={1: run})

    found = leaves.read(block, lines_of(block))

    assert leaves.runs == {}
    assert_frame_equal(found, replace(leaves, _way=0).read(block, lines_of(block)))


def test_a_list_that_stands_elsewhere_in_its_line_comes_as_a_text_as_well() -> None:
    block = "\n".join(
        ['{"a": 1, "list": ["x"], "b": 1}'] * 3 + ['{"a": 1, "list": ["y"]}', '{"a": 1}']
    ).encode()
    leaves = Leaves(
        [("a",), ("list",)], [0, 1], {1: TEXTS}, frozenset(), runs={1: Run(', "list": [', '], "')}
    )

    found = leaves.read(block, lines_of(block))

    assert found["c1"].to_list() == ['["x"]'] * 3 + ['["y"]', None]
