"""What comes next after some rows, and came last before them, is told within their session only."""

from __future__ import annotations

import polars as pl
import pytest

from friction.detectors.nearest import Nearest

SESSION = pl.Series(["a", "a", "a", "b", "b", "c"])
HERE = pl.Series([True, False, True, True, False, True])


@pytest.mark.parametrize(
    ("marked", "after", "before"),
    [
        ([1, 4], [1, None, 4, None], [None, 1, None, None]),
        ([0, 2, 5], [2, None, None, None], [0, 2, None, 5]),
        ([], [None, None, None, None], [None, None, None, None]),
    ],
)
def test_the_nearest_marks_of_a_session_are_found(
    marked: list[int], after: list[int | None], before: list[int | None]
) -> None:
    near = Nearest(SESSION, HERE)
    mark = pl.Series([at in marked for at in range(len(SESSION))])

    assert near.after(mark).to_list() == after
    assert near.before(mark).to_list() == before


def test_the_last_row_of_a_session_is_told_to_each_of_its_rows() -> None:
    assert Nearest(SESSION, HERE).ends.to_list() == [2, 2, 4, 5]


def test_no_rows_have_nothing_near() -> None:
    nothing = pl.Series([], dtype=pl.Boolean)

    assert Nearest(pl.Series([], dtype=pl.String), nothing).after(nothing).to_list() == []
