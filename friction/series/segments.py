"""Where a series changes its level: exact segmentation by least squares with known variance.

The cost of a segment is the weighted sum of squares about its own mean, which is to second order the
binomial log-likelihood about a seasonal offset. The best segmentation up to each bucket follows from those
up to the buckets before; a start that a full segmentation has already beaten can never win later and is
dropped (PELT).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friction.series.seasonal import Numbers

SHORTEST = 2
PRUNE_EVERY = 64
"""Buckets between two prunings: dropping starts costs more than carrying them a while. Exact either way."""


def segment(weight: Numbers, residual: Numbers, penalty: float) -> list[tuple[int, int]]:
    """Segments `(start, end)` that cover the series in order; `end` exclusive, `SHORTEST` buckets or more.

    `weight` is the inverse variance of a bucket's value, `residual` is weight times value; a bucket of
    weight 0 costs nothing anywhere. Least total cost with `penalty` per segment; of equally good starts
    the earliest. A series too short to cut is one segment.
    """
    size = len(weight)
    if size < 2 * SHORTEST:
        return [(0, size)]
    starts = _best_starts(_sums(weight), _sums(residual), penalty)
    edges = [size]
    while edges[-1] > 0:
        edges.append(int(starts[edges[-1]]))
    return list(pairwise(reversed(edges)))


def _sums(values: Numbers) -> Numbers:
    return np.concatenate(([0.0], np.cumsum(values)))


def _best_starts(weight: Numbers, residual: Numbers, penalty: float) -> NDArray[np.int64]:
    """For each end, where the last segment of the best segmentation up to there starts; takes running sums.

    The sum of squares about zero is the same for every segmentation and left out, so the cost of a segment
    is minus its squared residual sum over its weight.
    """
    size = len(weight) - 1
    best, start = np.zeros(size + 1), np.zeros(size + 1, np.int64)
    open_ = np.empty((4, size + 1))  # a column for each start: weight, residual, cost so far, itself
    count = 0
    for end in range(SHORTEST, size + 1):
        first = end - SHORTEST
        if first == 0 or first >= SHORTEST:
            open_[:, count] = weight[first], residual[first], best[first], first
            count += 1
        total = _totals(open_[:, :count], weight[end], residual[end])
        choice = total.argmin()
        best[end], start[end] = total[choice] + penalty, open_[3, choice]
        if end % PRUNE_EVERY == 0:
            # Judged at the place from which a segment to the next end just has its shortest length.
            there = end + 1 - SHORTEST
            useful = _totals(open_[:, :count], weight[there], residual[there]) <= best[there]
            kept = open_[:, :count][:, useful]
            count = kept.shape[1]
            open_[:, :count] = kept
    return start


def _totals(open_: Numbers, weight: np.float64, residual: np.float64) -> Numbers:
    """Cost of the best segmentation up to each start in question, plus one segment from there to here."""
    total: Numbers = np.subtract(residual, open_[1])
    np.square(total, out=total)
    # The floor lets a segment without any weight, whose residual is 0 as well, cost nothing.
    total /= np.maximum(np.subtract(weight, open_[0]), 1e-300)
    np.subtract(open_[2], total, out=total)
    return total
