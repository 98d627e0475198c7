"""Straight stretches of a plain series: found where it bends or jumps, and nowhere in noise alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.series.levels import MOST_CHANGES, SHORTEST, pieces


def starts(values: np.ndarray) -> list[int]:
    return [piece.start for piece in pieces(values)][1:]


@pytest.mark.parametrize("seed", range(10))
def test_a_jump_is_found_where_it_is(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 1, 120)
    noise[70:] += 6

    assert starts(noise) == pytest.approx([70], abs=1)


def test_a_slope_without_a_bend_is_one_line() -> None:
    noise = np.random.default_rng(1).normal(0, 1, 150)

    assert starts(noise + 0.2 * np.arange(150)) == []


def test_noise_alone_rarely_changes() -> None:
    found = [starts(np.random.default_rng(100 + seed).normal(0, 1, 100)) for seed in range(50)]

    assert sum(map(bool, found)) <= 5


@pytest.mark.parametrize("values", [[], [3.0], [2.0] * 40, [1.0, 2.0, 1.0, 5.0]])
def test_nothing_is_said_of_too_little_or_of_a_flat_line(values: list[float]) -> None:
    assert starts(np.array(values)) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_pieces_cover_the_series_in_order(values: list[float]) -> None:
    found = pieces(np.array(values))

    assert [piece.start for piece in found] == [0, *(piece.end for piece in found[:-1])]
    assert found[-1].end == len(values)
    assert len(found) <= MOST_CHANGES + 1
    assert len(found) == 1 or all(piece.end - piece.start >= SHORTEST for piece in found)


def test_a_long_series_takes_a_moment() -> None:
    values = np.random.default_rng(3).normal(0, 1, 5_000)
    values[3_000:] += 5

    assert starts(values) == pytest.approx([3_000], abs=40)
