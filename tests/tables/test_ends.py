"""Lines torn where their ends repeat: the leaves that a parser finds in whole lines, or none at all."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.tables.decoded import lines_of
from friction.tables.ends import TRIES, Ends, key_of
from friction.tables.leaves import Leaves, OtherKeys
from friction.tables.nesting import TooDeep

PATHS = [("id",), ("page", "url"), ("page", "title"), ("os",), ("user",), ("texts",)]
KEY = ', "page": '


def leaves() -> Leaves:
    return Leaves(PATHS, range(len(PATHS)), {}, frozenset({5}), frozenset({"rare"}))


def ends(key: str | None = KEY, depth: int | None = 50) -> Ends:
    return Ends(leaves(), depth, key)


def line(number: int, **more: object) -> dict[str, object]:
    page = {"url": f"/{number % 3}", "title": "é"}
    return {"id": f"i{number}", "user": None, "page": page, "os": "x", "texts": ["a"], **more}


LINES = [json.dumps(line(number), ensure_ascii=False) for number in range(40)]
FITS: dict[str, list[str]] = {
    "all alike": [],
    "no such key": ['{"id": "a", "os": "y"}', "{}"],
    "the key first": ['{"page": {"url": "/x"}, "id": "a"}'],
    "nothing behind it": ['{"id": "a", "page": null}', '{"id": "a", "page": {}}'],
    "numbers and lists": ['{"id": 7, "page": {"url": 1.50, "title": [1, "b"]}, "texts": []}'],
    "quotes and escapes": ['{"id": "\\"a\\", \\"page\\": ", "page": {"url": "\\u00e9\\n"}, "os": "\\\\"}'],
    "a key of ends, written otherwise before them": [r'{"id": "a", "\u006fs": "y", "page": {"url": "/x"}}'],
    "ends that no decoder takes": [
        f'{{"id": "a", "page": {{"url": "/{number % 20}"}}, "os": ["y", 1]}}' for number in range(60)
    ],
    "members that stand otherwise": ['{"id": "a", "os": "y", "page": {"url": "/x"}, "user": "u"}'],
}
UNFIT: dict[str, list[str]] = {
    "the key inside an object": ['{"id": "a", "in": {"b": 1, "page": {"url": "/x"}}}'],
    "the key inside a text": ['{"id": "a, "page": {"url": "/x"}, "os": "y"}'],
    "torn": ['{"id": "a", "page": {"url": "/x"'],
    "a leaf twice": ['{"id": "a", "os": "y", "page": {"url": "/x"}, "os": "z"}'],
    "nothing before the comma": ['{, "page": {"url": "/x"}}'],
    "an object too many": ['{"id": "a"}, {"b": 1, "page": {"url": "/x"}}'],
}


def block_of(texts: Sequence[str]) -> bytes:
    return "".join(text + "\n" for text in texts).encode()


@pytest.mark.parametrize("case", FITS)
def test_leaves_are_those_of_whole_lines(case: str) -> None:
    block = block_of([*LINES, *FITS[case], *LINES])

    found = ends().read(lines_of(block))

    assert found is not None
    assert_frame_equal(found, leaves().read(block, lines_of(block)))


@pytest.mark.parametrize("case", UNFIT)
def test_other_lines_are_left_to_the_parser(case: str) -> None:
    texts = pl.Series([*LINES, *UNFIT[case], *LINES])

    assert ends().read(texts) is None


def test_whole_lines_are_decoded_as_before_where_torn_ones_could_not_be() -> None:
    reader = ends()
    reader.read(pl.Series([*LINES, *UNFIT["the key inside an object"]]))

    assert reader.leaves == leaves()


def test_ends_that_hardly_repeat_are_not_torn_off() -> None:
    texts = pl.Series([json.dumps(line(number, os=str(number))) for number in range(40)])
    reader = ends()

    assert [reader.read(texts) for _ in range(TRIES)] == [None] * TRIES
    assert reader.failed == TRIES


def test_a_line_without_end_is_too_deep_all_the_same() -> None:
    deep = '{"id": "a", "page": ' + '{"a":' * 60 + "1" + "}" * 61

    with pytest.raises(TooDeep):
        ends().read(pl.Series([*LINES, deep]))


@pytest.mark.parametrize(
    "text", ['{"id": "a", "page": {"rare": 1}}', '{"id": "a", "rare": 1, "page": {"url": "/x"}}']
)
def test_a_key_that_only_one_end_or_head_has_is_met(text: str) -> None:
    texts = pl.Series([*LINES, text])

    with pytest.raises(OtherKeys):
        ends().read(texts)


def test_lines_are_torn_where_most_is_spared() -> None:
    assert key_of(LINES) == ', "user": '
    assert key_of([json.dumps({"at": 1, "id": number, "x": f"{number}" * 9}) for number in range(40)]) is None
