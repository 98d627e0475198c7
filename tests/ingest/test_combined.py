"""Rows that agree in all columns have the same number, and no others."""

from __future__ import annotations

import random

import polars as pl
import pytest

from friction.ingest import combined as module
from friction.ingest.combined import combined


def columns(seed: int, rows: int, words: int) -> list[pl.Series]:
    chance = random.Random(seed)
    texts = [None, *map(str, range(words))]
    made = [
        pl.Series([chance.choice(texts) for _ in range(rows)], dtype=pl.Categorical(pl.Categories.random()))
        for _ in range(3)
    ]
    truths = pl.Series([chance.choice([None, True, False]) for _ in range(rows)], dtype=pl.Boolean())
    kinds = pl.Series([chance.choice(["a", "b"]) for _ in range(rows)], dtype=pl.Enum(["a", "b", "c"]))
    return [*made, truths, kinds, pl.Series([None] * rows, dtype=pl.Categorical(pl.Categories.random()))]


@pytest.mark.parametrize("room", [0, 1 << 16])
@pytest.mark.parametrize("rows", [1, 2, 400])
@pytest.mark.parametrize("seed", range(4))
def test_numbers_tell_combinations_apart(
    seed: int, rows: int, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_ROOM", room)
    given = columns(seed, rows, 1 + 5 * seed)

    places, number = combined(given)

    told = list(zip(*(column.cast(pl.String()).to_list() for column in given), strict=True))
    assert len(places) == len(set(told)) == number.n_unique()
    assert [told[place] for place in places.gather(number)] == told


def test_of_no_rows_there_are_no_combinations() -> None:
    places, number = combined(columns(1, 0, 3))

    assert places.len() == number.len() == 0
