"""The segmentation is exact: against a plain dynamic programme, and `ruptures` as a second opinion."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
import ruptures
from numpy.typing import NDArray

from friction.series.segments import PRUNE_EVERY, SHORTEST, segment

Numbers = NDArray[np.float64]


def noisy_steps(seed: int, size: int) -> tuple[Numbers, Numbers]:
    """Weights, some of them 0, and values of unit variance over weight around steps of a few deviations."""
    random = np.random.default_rng(seed)
    weight = random.gamma(2.0, 1.0, size) * (random.random(size) > 0.05)
    steps = np.repeat(random.normal(0, 1.5, 1 + size // 20), 20)[:size]
    return weight, steps + random.normal(size=size) / np.sqrt(np.maximum(weight, 0.1))


def cost(weight: Numbers, value: Numbers) -> float:
    """Weighted sum of squares about the weighted mean, the long way."""
    if weight.sum() == 0:
        return 0.0
    return float((weight * (value - (weight * value).sum() / weight.sum()) ** 2).sum())


def total(edges: list[int], weight: Numbers, value: Numbers, penalty: float) -> float:
    parts = zip([0, *edges[:-1]], edges, strict=True)
    return sum(cost(weight[a:b], value[a:b]) + penalty for a, b in parts)


def best_edges(weight: Numbers, value: Numbers, penalty: float) -> list[int]:
    """The optimum by trying every last start for every end."""
    size = len(weight)
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for end in range(SHORTEST, size + 1):
        best[end] = min(
            (best[start][0] + cost(weight[start:end], value[start:end]) + penalty, [*best[start][1], end])
            for start in best
            if start <= end - SHORTEST
        )
    return best[size][1]


class WeightedSquares(ruptures.base.BaseCost):  # type: ignore[misc]
    """The same cost for `ruptures`; the signal's columns are weight and value."""

    model: ClassVar[str] = ""
    min_size: ClassVar[int] = SHORTEST

    def fit(self, signal: Numbers) -> WeightedSquares:
        self.signal = signal
        return self

    def error(self, start: int, end: int) -> float:
        return cost(self.signal[start:end, 0], self.signal[start:end, 1])


@pytest.mark.parametrize("seed", range(6))
def test_no_segmentation_is_cheaper(seed: int) -> None:
    weight, value = noisy_steps(seed, 2 * PRUNE_EVERY + 31)
    penalty = 2 * math.log(len(weight))

    edges = [end for _, end in segment(weight, weight * value, penalty)]

    cheapest = total(best_edges(weight, value, penalty), weight, value, penalty)
    assert total(edges, weight, value, penalty) == pytest.approx(cheapest, abs=1e-8)


@pytest.mark.parametrize("seed", range(10, 16))
def test_ruptures_finds_the_same_breakpoints(seed: int) -> None:
    weight, value = noisy_steps(seed, 160)
    weight = np.maximum(weight, 0.05)  # a bucket without weight may fall on either side
    penalty = 2 * math.log(160)
    oracle = ruptures.Pelt(custom_cost=WeightedSquares(), min_size=SHORTEST, jump=1)

    edges = [end for _, end in segment(weight, weight * value, penalty)]

    assert edges == oracle.fit(np.column_stack((weight, value))).predict(pen=penalty)


def test_segments_cover_the_series_and_are_never_shorter_than_allowed() -> None:
    weight, value = noisy_steps(3, 400)

    edges = segment(weight, weight * value, penalty=0.0)

    assert edges[0][0] == 0
    assert edges[-1][1] == 400
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    assert min(end - start for start, end in edges) == SHORTEST


def test_a_series_without_weight_is_one_segment() -> None:
    assert segment(np.zeros(50), np.zeros(50), penalty=1.0) == [(0, 50)]


@pytest.mark.parametrize("size", range(1, 2 * SHORTEST))
def test_a_series_too_short_to_cut_is_one_segment(size: int) -> None:
    assert segment(np.ones(size), np.arange(size, dtype=float) * 100, penalty=0.1) == [(0, size)]
