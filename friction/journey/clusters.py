"""k-means and the agreement of two labellings, in numpy alone: what loads a library for both takes longer than both.

Centres begin as k-means++ (Arthur and Vassilvitskii 2007) with the best of several candidates each, and move as
Lloyd (1982) moves them until they rest. Agreement is the adjusted Rand index (Hubert and Arabie 1985).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

ROUNDS = 100
RESTS = 1e-3
"""Squared way of all centres together, in mean variances of the features, below which they have come to rest."""


def centres_of(points: Floats, size: int, tries: int, seed: int = 0) -> Floats:
    """The centres of `size` clusters with the least squared distances, the best of so many tries."""
    draw = np.random.default_rng(seed)
    lengths = (points**2).sum(axis=1)
    rest = RESTS * float(points.var(axis=0).mean())
    found = [_settled(points, lengths, _begun(points, lengths, size, draw), rest) for _ in range(tries)]
    return min(found, key=lambda each: each[0])[1]


def assigned(points: Floats, centres: Floats) -> Labels:
    """The nearest centre of each, the first of two that are as near."""
    labels = np.empty(len(points), np.int64)
    for start in range(0, len(points), 65_536):
        block = points[start : start + 65_536]
        labels[start : start + len(block)] = np.argmin(_nearness(block, centres), axis=1)
    return labels


def agreement(one: Labels, other: Labels) -> float:
    """How far two labellings of the same are one: 1 for the same parts, about 0 for parts by chance."""
    wide = int(other.max()) + 1
    both = np.bincount(one * wide + other)
    pairs, of_one, of_other = (_pairs(counts) for counts in (both, np.bincount(one), np.bincount(other)))
    by_chance = of_one * of_other / _pairs(np.array([len(one)]))
    most = (of_one + of_other) / 2
    return float((pairs - by_chance) / (most - by_chance)) if most > by_chance else 1.0


def _pairs(counts: NDArray[np.int64]) -> float:
    return float((counts * (counts - 1.0)).sum() / 2)


def _nearness(points: Floats, centres: Floats) -> Floats:
    """Squared distances less the squared length of each point: as good to compare, and quicker."""
    return np.asarray((centres**2).sum(axis=1) - 2.0 * (points @ centres.T))


def _begun(points: Floats, lengths: Floats, size: int, draw: np.random.Generator) -> Floats:
    """Centres far from one another: each the best of a few points, drawn by their squared distance from the others."""
    candidates = 2 + int(np.log(size))
    chosen = [int(draw.integers(len(points)))]
    nearest = np.maximum(lengths + _nearness(points, points[chosen])[:, 0], 0.0)
    while len(chosen) < size:
        summed = np.cumsum(nearest)
        drawn = np.searchsorted(summed, draw.random(candidates) * summed[-1]).clip(max=len(points) - 1)
        reached = np.maximum(lengths[:, None] + _nearness(points, points[drawn]), 0.0)
        left = np.minimum(nearest[:, None], reached)
        best = int(np.argmin(left.sum(axis=0)))
        nearest = left[:, best]
        chosen.append(int(drawn[best]))
    return points[chosen]


def _settled(points: Floats, lengths: Floats, centres: Floats, rest: float) -> tuple[float, Floats]:
    """What is left of squared distances, and the centres once they rest."""
    for _ in range(ROUNDS):
        labels = np.argmin(_nearness(points, centres), axis=1)
        moved = _means(points, labels, centres)
        way = float(((moved - centres) ** 2).sum())
        centres = moved
        if way <= rest:
            break
    return float((lengths + _nearness(points, centres).min(axis=1)).sum()), centres


def _means(points: Floats, labels: Labels, centres: Floats) -> Floats:
    """The mean of each cluster; one without points stays where it was."""
    size = len(centres)
    held = np.bincount(labels, minlength=size)
    sums = np.column_stack([np.bincount(labels, column, size) for column in points.T])
    return np.where(held[:, None] > 0, sums / np.maximum(held, 1)[:, None], centres)
