"""Words of pools and of an analysis: all of them, by their numbers, and only as many as somebody asks for."""

from __future__ import annotations

from functools import partial

import polars as pl
import pytest

from friction.dictionaries import Deferred, Words, dictionary
from friction.ingest.masked import visitor_names
from friction.ingest.words import Worded, pool_words, words_of
from friction.privacy.columns import ORDINARY
from friction.sources.base import OfWords

COLUMNS = {"url": "by_number", "name": "by_number", "target": "text", "error": "other"}
"""Columns of ours, and what each is made of."""


@pytest.mark.parametrize("words", [[], ["b"], ["b", "a", "é", "", "c"]])
def test_a_pool_tells_all_its_words_by_their_numbers(words: list[str]) -> None:
    pool = pl.Categories.random()
    column = pl.Series(words, dtype=pl.Categorical(pool))

    assert pool_words(pool).to_list() == words
    assert pool_words(pool).gather(column.to_physical()).to_list() == words


def test_codes_are_ranks_of_words_however_they_were_met() -> None:
    found = dictionary(pl.Series(["b", "c", "a"]))

    assert found.words.to_list() == ["a", "b", "c"]
    assert found.ranks.to_list() == [1, 2, 0]


def test_deferred_words_are_worked_out_once_and_only_when_asked_for() -> None:
    asked = []

    def later() -> pl.Series:
        asked.append("visitor_id")
        return pl.Series(["v"])

    words = Deferred({"page": pl.Series(["/"])}, {"visitor_id": later})

    assert "visitor_id" in words
    assert set(words) == {"page", "visitor_id"}
    assert not asked
    assert words["visitor_id"][0] == words["visitor_id"][0] == "v"
    assert words.get("url") is None
    assert asked == ["visitor_id"]


@pytest.mark.parametrize("codes", [[], [None], [2, None, 0, 2]])
def test_some_deferred_words_are_those_of_their_codes(codes: list[int | None]) -> None:
    later = {"visitor_id": partial(visitor_names, pl.Series(["a", "b", "c"]), ORDINARY)}
    asked = pl.Series(codes, dtype=pl.UInt32())
    some = Words(Deferred({}, later)).of("visitor_id", asked)

    assert some.to_list() == Words({"visitor_id": later["visitor_id"]()}).of("visitor_id", asked).to_list()


def test_deferred_words_that_are_not_asked_for_are_not_worked_out() -> None:
    worked_out = list[int]()

    def later(codes: pl.Series) -> pl.Series:
        worked_out.extend(codes)
        return pl.Series(["v"] * codes.len())

    Deferred({}, {"visitor_id": later}).some("visitor_id", pl.Series([3, 3, 5]))

    assert sorted(worked_out) == [3, 5]


def test_words_that_come_by_number_keep_their_pool() -> None:
    pool, of_texts = pl.Categorical(pl.Categories.random()), pl.Categories.random()
    words = [Worded(name, [OfWords({"c": column}, pl.col("c"))]) for name, column in COLUMNS.items()]
    pools = {"error": of_texts}

    found = words_of(words, {"by_number": pool, "text": pl.String(), "other": pl.String()}, pools)

    assert set(found) == {"text", "other"}
    assert pools == {"url": pool.categories, "target": found["text"].categories, "error": of_texts}
    assert found["other"].categories != of_texts
