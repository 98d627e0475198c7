"""Rows taken out of a frame are those at the places, however far apart these lie and whatever is null."""

import numpy as np
import polars as pl
import pytest

from friction.dictionaries import looked_up
from friction.ingest.taken import SPREAD, taken

ROWS = 400
NULLABLE = pl.DataFrame(
    {
        "word": pl.Series(["a", None, "b", None] * (ROWS // 4), dtype=pl.Categorical()),
        "measured": pl.Series([None, 0.0, -1.5, None] * (ROWS // 4), dtype=pl.Float32()),
        "said": pl.Series([True, None, False, None] * (ROWS // 4)),
        "number": pl.Series([2**32 - 1, None, 0, 1] * (ROWS // 4), dtype=pl.UInt32()),
    }
)


@pytest.mark.parametrize("apart", [1, SPREAD + 1])
def test_rows_are_those_at_the_places_in_their_order_near_or_far(apart: int) -> None:
    places = np.arange(3, ROWS - 3, apart, dtype=np.uint32)
    order = np.arange(len(places), dtype=np.uint32)[::-1].copy()

    found = taken(NULLABLE, places, order)

    expected = NULLABLE[places[order]].with_columns(pl.col("word").to_physical())
    assert found.with_columns(pl.col("word").to_physical()).equals(expected)


def test_of_no_places_there_are_no_rows() -> None:
    nothing = np.zeros(0, np.uint32)

    assert taken(NULLABLE, nothing, nothing).height == 0


@pytest.mark.parametrize("known", [["a", None, "c"], []])
def test_what_is_known_by_number_is_null_for_null(known: list[str | None]) -> None:
    numbers = pl.Series([None, 2, 1, 0, None] if known else [None, None], dtype=pl.UInt32())

    found = looked_up(pl.Series(known, dtype=pl.String()), numbers)

    assert found.to_list() == [None if at is None else known[at] for at in numbers]
