"""Lines read by their shreds: the leaves that a parser finds in whole lines, or none at all."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from friction.tables.leaves import Leaves, OtherKeys
from friction.tables.runs import Run
from friction.tables.shredded import Shredder
from friction.tables.tearing import torn

PATHS = [("at",), ("list",), ("user",), ("in", "a"), ("src", "name"), ("idx",)]
WIDE, NARROW = Run(', "list": [', '], "'), Run(',"list":[', '],"')
LIST = pl.List(pl.Struct({"key": pl.String()}))
SEEDS = range(120)
ODD = ["a}, {b", '}], "x"', "},", "[{", "\\", "é\n", "}", '"key": "x"', '", "list": [{']


def shredder(run: Run = WIDE, depth: int | None = 50) -> Shredder:
    leaves = Leaves(PATHS, range(len(PATHS)), {1: LIST}, frozenset(), frozenset({"rare"}), {1: run})
    return Shredder(leaves, depth)


def line(number: int = 7, **more: object) -> dict[str, object]:
    entries = [{"key": "a", "value": {"s": "x"}}, {"key": "b", "value": {"s": "y"}}]
    rest: dict[str, object] = {"user": "u", "in": {"a": "1", "b": {"c": "2"}}, "src": {"name": "mail"}}
    return {"at": str(number), "list": entries, **rest, **more, "idx": number % 2, "items": []}


def leaf(value: object, path: Sequence[str]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if value is None or isinstance(value, str) else json.dumps(value)


def assert_as_parsed(frame: pl.DataFrame, texts: Sequence[str]) -> None:
    objects = [json.loads(text) for text in texts]
    assert frame["row_no"].to_list() == list(range(1, len(texts) + 1))
    for at, path in enumerate(PATHS):
        found = frame[f"c{at}"].to_list()
        if path == ("list",):
            lists = [None if one is None else [json.loads(entry) for entry in one] for one in found]
            assert lists == [one.get("list") for one in objects]
        else:
            assert found == [leaf(one, path) for one in objects]


FITS: dict[str, list[dict[str, object]]] = {
    "all alike": [],
    "no list": [
        {"at": "1", "user": "v", "in": {"a": "2"}, "more": {}, "idx": 1},
        {"at": "1", "list": None, "idx": 1},
    ],
    "an empty list": [line(list=[]), {"at": "1", "list": [], "idx": 1}],
    "a list at the end": [
        {"at": "1", "list": [{"key": "a"}, {"key": "b"}]},
        {"at": "1", "list": [{"key": "a"}]},
    ],
    "other lists of objects": [
        line(more=[{"key": "a", "value": {}}, {"key": "b"}, {"key": "c"}], src={"name": "x"})
    ],
    "objects inside objects": [
        line(more={"one": {"name": "a"}, "two": {"name": "b"}, "three": "c"}, src={"name": "x"})
    ],
    "a leaf before the list": [{"at": "1", "user": "v", "idx": 3, "list": [{"key": "a"}], "in": {}, "x": 1}],
}


@pytest.mark.parametrize("run", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("case", FITS)
def test_leaves_are_those_of_whole_lines(case: str, run: Run) -> None:
    objects = [*(line(number) for number in range(30)), *FITS[case], line(31)]
    texts = [json.dumps(one, separators=(run.end[1:-1], ": " if run is WIDE else ":")) for one in objects]

    found = shredder(run).read(pl.Series(texts))

    assert found is not None
    assert_as_parsed(found, texts)


LEFT: dict[str, str] = {
    "a comma before the list": json.dumps(line()).replace('{"at": "7", ', "{, "),
    "a comma at the end of an object": json.dumps(line()).replace('"mail"}', '"mail"}, }'),
    "a list that goes on in another": json.dumps(line(user=[{"a": 1}, {"key": "x"}])),
    "a text that ends an object": json.dumps(line(user='}, {"')),
    "a leaf twice": json.dumps(line()).replace('"idx"', '"user": "other", "idx"'),
    "a leaf whose object goes on": json.dumps(line(src={"a": {"b": {}}, "c": {}, "name": "x"})),
    "the list twice": json.dumps(line()).replace('"idx"', '"list": [{"key": "z"}], "idx"'),
    "a list of numbers": json.dumps(line(list=[1, 2])),
    "words for the list": json.dumps(line(list="words")),
    "too deep": json.dumps(line(more=json.loads("[" * 60 + "]" * 60))),
    "torn in an entry": json.dumps(line()).replace('"s": "x"', '"s" "x"'),
    "torn at its end": json.dumps(line())[:-1],
}


@pytest.mark.parametrize("case", LEFT)
def test_what_may_be_something_else_is_left_to_the_parser(case: str) -> None:
    texts = [json.dumps(line(number)) for number in range(30)]

    assert shredder().read(pl.Series([*texts, LEFT[case]])) is None


def test_what_a_list_ends_with_is_apart_from_what_comes_after_it() -> None:
    lists = [[{"key": "a"}, {"key": f"k{number % 5}"}] for number in range(35)]
    texts = [json.dumps(line(number, list=one, user=f"u{number % 7}")) for number, one in enumerate(lists)]

    words = torn(pl.Series(texts), WIDE).words

    assert not words.str.contains('"key".*"user"').any()
    assert words.len() == 5 + 7 + 4  # ends of lists, users, and what all lines have


def test_keys_that_nobody_expected_are_told() -> None:
    texts = [*(json.dumps(line(number)) for number in range(30)), json.dumps(line(in_={"rare": 1}))]

    with pytest.raises(OtherKeys, match="rare"):
        shredder().read(pl.Series(texts))


def test_lines_that_have_little_in_common_are_not_torn_again() -> None:
    one = shredder()
    few = pl.Series([json.dumps(line(user="one"))])

    assert one.read(few) is None
    assert one.read(pl.Series([json.dumps(line(number)) for number in range(30)])) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_lines_are_no_torn_one_is_taken_and_no_leaf_is_another(seed: int) -> None:
    random_ = random.Random(seed)
    texts = [json.dumps(line(number)) for number in range(12)]
    texts += [_odd(random_) for _ in range(random_.randint(1, 3))]

    found = shredder().read(pl.Series(texts))

    if found is not None:
        assert_as_parsed(found, texts)


def _odd(random_: random.Random) -> str:
    """A line with odd words, lists and objects, often torn."""
    more = {
        key: random_.choice(
            [random_.choice(ODD), {"a": {"b": 1}, "c": {}}, [{"a": 1}, {"b": 2}], {"name": "x"}, []]
        )
        for key in random_.sample(["user", "more", "x", "src", "in"], 2)
    }
    text = json.dumps(line(random_.randint(0, 9), **more))
    at, kind = random_.randrange(len(text)), random_.random()
    if kind < 0.3:
        return text[:at] + text[at + 1 :]
    if kind < 0.6:
        return text[:at] + random_.choice(["}, ", "}, }", "{", "]", ", ", '"list": [{', '}], "']) + text[at:]
    return text
