"""Numbers of combinations: in their order, however many there could be, and however wide their values are."""

from __future__ import annotations

import numpy as np
import pytest

from friction.impact.covariates import ROOM, numbered, samples
from friction.impact.views import Codes


@pytest.mark.parametrize("many", [1, 2, 9, 200, 40_000])
def test_combinations_are_numbered_in_their_order(many: int) -> None:
    chance = np.random.default_rng(many)
    few = [chance.integers(0, 4, 3_000).astype(np.uint8) for _ in range(12)]
    columns: list[Codes] = [
        chance.integers(0, many, 3_000).astype(np.uint32),
        np.zeros(3_000, np.uint8),
        *few,
    ]
    assert ROOM < 4**12
    _, expected = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)

    assert numbered(columns).tolist() == expected.tolist()


def test_one_value_of_more_than_have_room_is_numbered_as_others() -> None:
    wide = np.array([ROOM * 3, 5, ROOM * 3, 0])

    assert numbered([wide, np.array([1, 0, 0, 0])]).tolist() == [3, 1, 2, 0]
    assert numbered([np.array([1, 0, 0, 0]), wide]).tolist() == [3, 1, 2, 0]


def test_of_no_views_there_are_no_combinations() -> None:
    none = np.zeros(0, np.uint8)

    assert numbered([none, none]).tolist() == samples(numbered([none, none])).tolist() == []
