"""Parameters of GA4: of lists and of their texts the same, whatever these hold, and no torn line is accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PolarsError
from polars.testing import assert_frame_equal

from friction.schema import EVENT
from friction.sources.base import Options, Reading
from friction.sources.ga4 import GoogleAnalytics
from friction.sources.ga4_params import ALL, TYPE, all_picked, picked
from friction.tables.files import look

LABELS = ["param.page_title", "param.value", ALL]


def entry(key: str, value: object, kind: str = "string_value") -> dict[str, Any]:
    return {"key": key, "value": {"string_value": None, kind: value}}


LISTS = [
    [entry("page_title", "Shop"), entry("value", "3", "int_value")],
    [entry("value", "3", "int_value"), entry("page_title", "Shop")],
    [entry("page_title", "first"), entry("page_title", "second")],
    [entry("page_title", "Shop"), entry("value", "3", "int_value")],
    [entry("other", "x")],
    [],
    None,
]


@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")], ids=["wide", "narrow"])
def test_texts_give_what_their_lists_give(separators: tuple[str, str]) -> None:
    texts = [None if one is None else json.dumps(one, separators=separators) for one in LISTS]

    found = picked([pl.Series(texts)], LABELS)

    assert found["param.page_title"].to_list() == ["Shop", "Shop", "first", "Shop", None, None, None]
    assert found["param.value"].to_list() == ["3", "3", None, "3", None, None, None]
    assert_frame_equal(picked([pl.Series(LISTS, dtype=TYPE)], LABELS), found)
    assert_frame_equal(all_picked([pl.Series(texts)], LABELS), found)
    words = [
        None if one is None else [json.dumps(entry, separators=separators) for entry in one] for one in LISTS
    ]
    of_words = pl.Series(words, dtype=pl.List(pl.Categorical(pl.Categories.random())))
    assert_frame_equal(all_picked([of_words], LABELS), found)
    alike = found[ALL].to_list()
    assert alike[0] == alike[3]
    assert len({*alike}) == len(alike) - 1


@pytest.mark.parametrize("title", ["a}, {b", "a},{b", '"}}, {"', "[{x}]", "\\", "é\n"])
def test_what_looks_like_a_cut_inside_a_text_is_none(title: str) -> None:
    texts = pl.Series([json.dumps([entry("page_title", title), entry("value", "1")])] * 2)

    assert picked([texts], LABELS)["param.page_title"].to_list() == [title, title]


def test_texts_that_are_no_lists_cost_only_themselves() -> None:
    good = json.dumps([entry("page_title", "Shop")])
    texts = pl.Series([good, "words", "{}", "[1]", '[{"key": "page_title"', "[{}, {[]}]", good])

    assert picked([texts], LABELS)["param.page_title"].to_list() == ["Shop", *[None] * 5, "Shop"]
    with pytest.raises(PolarsError):
        all_picked([texts], LABELS)
    with pytest.raises(PolarsError):
        all_picked([pl.Series([[good[1:-1]], ["words"]], dtype=pl.List(pl.Categorical()))], LABELS)


@pytest.mark.parametrize("beside", [[], ["words"], [None]], ids=["alone", "words", "nothing"])
def test_two_lists_in_one_cell_are_none(beside: list[str | None]) -> None:
    good = json.dumps([entry("page_title", "Shop")])
    texts = pl.Series([good, f"{good},{good}", *beside])

    assert picked([texts], LABELS)["param.page_title"].to_list() == ["Shop", None, *[None] * len(beside)]


def line(number: int, **more: object) -> str:
    event: dict[str, object] = {"event_date": "20260302", "device": {"category": "x"}}
    event |= {"event_timestamp": str(1_772_438_427_362_000 + number)}
    params = [entry("page_location", f"https://shop.example/{number}"), entry("ga_session_id", "1")]
    rest = {"event_bundle_sequence_id": str(number), "user_pseudo_id": "1.2", "items": []}
    return json.dumps({**event, "event_name": "page_view", "event_params": params, **rest, **more})


def read(folder: Path, lines: list[str]) -> tuple[Reading, pl.DataFrame]:
    path = folder / "export.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    reading = GoogleAnalytics().read(look(path, path.name), Options(columns=frozenset(EVENT)))
    return reading, reading.events.sort("row_no").collect()


ODD = {
    "brackets in a title": line(7, event_params=[entry("page_location", 'https://shop.example/7], "')]),
    "written otherwise": json.dumps(json.loads(line(7)), separators=(",", ":")),
    "a list at the end": json.dumps(dict(reversed(json.loads(line(7)).items()))),
    "no list": line(7, event_params=None),
    "an empty list": line(7, event_params=[]),
    "words for a list": line(7, event_params="words"),
    "numbers in the list": line(7, event_params=[1, 2]),
    "a list of the same name inside": line(7, device={"a": 1, "event_params": [{"a": [1]}], "b": 1}),
    "only a list of the same name inside": line(7, event_params={"a": 1, "event_params": [{}], "b": 1}),
}


@pytest.mark.parametrize("odd", ODD)
def test_one_odd_line_changes_none_of_the_others(odd: str, tmp_path: Path) -> None:
    lines = [line(number) for number in range(20)]
    _, usual = read(tmp_path, lines)

    reading, found = read(tmp_path, [*lines[:7], ODD[odd], *lines[8:]])

    assert reading.rejects.is_empty()
    assert found.height == 20
    if odd in {"written otherwise", "a list at the end", "a list of the same name inside"}:
        assert_frame_equal(found.drop("device", strict=False), usual.drop("device", strict=False))
    assert_frame_equal(found.filter(pl.col("row_no") != 8), usual.filter(pl.col("row_no") != 8))


@pytest.mark.parametrize(
    "torn", ['[{"key": "page_location", "value": {}}, x], "', '[{"key" "page_location"}], "']
)
def test_a_line_that_is_torn_inside_its_list_is_a_reject(torn: str, tmp_path: Path) -> None:
    lines = [line(number) for number in range(20)]
    head, _, tail = lines[7].partition('[{"key"')
    lines[7] = head + torn + tail.partition('], "')[2]

    reading, found = read(tmp_path, lines)

    assert reading.rejects["row_no"].to_list() == [8]
    assert found["row_no"].to_list() == [number for number in range(1, 21) if number != 8]
    assert found["url"].null_count() == 0
