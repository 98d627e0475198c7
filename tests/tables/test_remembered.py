"""Texts that come in morsels are asked about once, and answered each by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from friction.tables import remembered
from friction.tables.remembered import LOOKED_AT, Remembered, of_distinct


@pytest.mark.parametrize("most", [0, 2, 1_000])
def test_every_text_gets_its_own_answer_whatever_is_remembered(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST", most)
    asked: list[str] = []

    def doubled(texts: pl.Series) -> pl.DataFrame:
        asked.extend(texts)
        return pl.DataFrame({"twice": texts + texts, "first": texts.str.head(1)})

    known = Remembered(doubled, {"twice": pl.String(), "first": pl.String()})
    morsels: list[list[str | None]] = [["ab", None, "cd", "ab"], [None], [], ["ef", "cd"], ["ab", "gh", None]]

    for morsel in morsels:
        found = known.of(pl.Series(morsel, dtype=pl.String()))
        told = [(None, None) if text is None else (text * 2, text[0]) for text in morsel]
        assert found.rows() == told

    assert most < 1_000 or asked == ["ab", "cd", "ef", "gh"]


@pytest.mark.parametrize("different", [40, 5_000])
def test_answers_may_be_words_by_number_and_some_never_given(different: int) -> None:
    rows = [f"w{n % different}" if n % 7 else None for n in range(5_000)]
    types = {"never": pl.String(), "twice": pl.Categorical(pl.Categories.random()), "none": pl.Float64()}

    def asked(texts: pl.Series) -> pl.DataFrame:
        nothing = pl.lit(None, pl.String()).alias("never")
        return texts.alias("twice").to_frame().select(nothing, pl.col("twice") + "!", none=nothing)

    typed = [pl.col(name).cast(dtype) for name, dtype in types.items()]
    known = Remembered(lambda texts: asked(texts).select(typed), types)
    found = [known.of(pl.Series(rows[at : at + 1_250], dtype=pl.String())) for at in range(0, 5_000, 1_250)]
    whole = pl.concat(found)

    assert whole.schema == types
    assert whole["twice"].to_list() == [None if row is None else f"{row}!" for row in rows]
    assert whole["never"].null_count() == whole["none"].null_count() == len(rows)


@pytest.mark.parametrize("different", [1, 40, 5_000])
def test_of_texts_that_repeat_only_the_distinct_ones_are_worked_on(different: int) -> None:
    texts = pl.Series("t", [f"w{n % different}" if n % 7 else None for n in range(5_000)], dtype=pl.String())
    asked: list[int] = []

    def doubled(words: pl.Series) -> pl.Series:
        asked.append(words.len())
        return words + words

    assert of_distinct(texts, doubled).equals(texts + texts)
    assert asked == [texts.len() if different > LOOKED_AT else different]


def test_texts_that_are_all_missing_stay_so() -> None:
    assert (
        of_distinct(pl.Series([None] * 2_000, dtype=pl.String()), lambda words: words).null_count() == 2_000
    )


def test_texts_that_are_all_missing_are_asked_about_once() -> None:
    asked = list[int]()

    def made(texts: pl.Series) -> pl.Series:
        asked.append(texts.len())
        return texts.str.to_uppercase()

    found = of_distinct(pl.Series([None] * 5_000, dtype=pl.String()), made)

    assert asked == [1]
    assert found.to_list() == [None] * 5_000


@pytest.mark.parametrize("missing", [0, 3])
def test_texts_that_hardly_repeat_are_asked_about_as_they_stand(missing: int) -> None:
    rows = [f"w{n}" if not missing or n % missing else None for n in range(5_000)]
    texts = pl.Series(rows, dtype=pl.String())
    asked: list[int] = []

    def doubled(words: pl.Series) -> pl.DataFrame:
        asked.append(words.len())
        return pl.DataFrame({"twice": words + words})

    assert Remembered(doubled, {"twice": pl.String()}).of(texts)["twice"].equals(texts + texts)
    assert asked == [texts.len() - texts.null_count()] if not missing else sum(asked) < texts.len()


def test_threads_that_share_what_is_remembered_get_their_own_answers() -> None:
    known = Remembered(lambda texts: pl.DataFrame({"twice": texts + texts}), {"twice": pl.String()})
    morsels = [pl.Series([f"w{n % (50 + at)}-{at % 5}" for n in range(300)]) for at in range(60)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(known.of, morsels))

    assert all(one["twice"].equals(texts + texts) for one, texts in zip(found, morsels, strict=True))
