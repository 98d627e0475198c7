"""A second opinion on extra exits: double machine learning on the randomized shop, point by point.

`python -m tests.truth.doubly` prints for how many points its 95 % interval overlaps ours (at least 95 %). It needs
doubleml (`requirements/truth.lock`, which `make truth` installs); both look at the same views, covariates and other
points of the page.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import numpy as np

from friction.impact import estimate
from friction.impact.covariates import Held
from friction.impact.values import pages
from tests.truth.frames import Asked, asked
from tests.truth.shop import SLOTS, Floats, Ints, world
from tests.truth.walk import live

SESSIONS, SEED, GOAL = 30_000, 201, 0.95
FEWEST = 60
"""Exposed views below which half of the data cannot tell who is exposed."""


def main() -> int:
    """Print the share of overlapping intervals; 1 when it is below the goal."""
    shop = world("randomized", SEED)
    question = asked(shop, live(shop, SESSIONS, SEED))
    ours = estimate(question.views, question.exposures, has_goal=False, workers=2).table
    overlaps, inside, widths = [], [], []
    for point, low, high in intervals(question):
        if ours["estimate"][point] is None:
            continue
        overlaps.append(low <= ours["high"][point] and ours["low"][point] <= high)
        inside.append(low <= ours["estimate"][point] <= high)
        widths.append((ours["high"][point] - ours["low"][point]) / (high - low))
    share = float(np.mean(overlaps))
    print(
        f"double machine learning: {len(overlaps)} points, intervals overlap for {share:.3f} (at least {GOAL})"
    )
    print(
        f"our estimate lies in its interval for {np.mean(inside):.3f}; ours is {np.median(widths):.2f} times as wide"
    )
    return int(share < GOAL)


def intervals(question: Asked) -> Iterator[tuple[int, float, float]]:
    """Point, and the ends of the interval of its extra exits."""
    pairs = question.exposures.pairs
    point, row = (
        pairs["point"].to_numpy().astype(int),
        question.views.place(pairs["view"].to_numpy().astype(int)),
    )
    met = np.zeros((len(question.views), len(SLOTS)), bool)
    met[row[row >= 0], point[row >= 0] % len(SLOTS)] = True
    held = Held.of(question.views)
    for page in pages(question.views):
        if not page.own:
            continue
        base = np.concatenate([each.table[each.code] for each in held.here(page.rows)], axis=1)[:, 1:]
        left = question.views.exit[page.rows].astype(float)
        for slot in range(len(SLOTS)):
            struck = met[page.rows, slot]
            if struck.sum() >= FEWEST and left[struck].sum() >= 5:
                others = np.delete(met[page.rows], slot, axis=1).astype(float)
                low, high = extra_exits(np.concatenate([base, others], axis=1), left, struck.astype(np.int64))
                yield page.code * len(SLOTS) + slot, low, high


def extra_exits(known: Floats, left: Floats, struck: Ints) -> tuple[float, float]:
    """The effect on those exposed, times how many there are."""
    from doubleml import DoubleMLData, DoubleMLIRM
    from sklearn.linear_model import LogisticRegression

    np.random.seed(SEED)
    learners = [LogisticRegression(max_iter=500) for _ in range(2)]
    data = DoubleMLData.from_arrays(known, left, struck)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = DoubleMLIRM(data, *learners, n_folds=2, score="ATTE").fit()
    low, high = fitted.confint().to_numpy()[0] * struck.sum()
    return float(low), float(high)


if __name__ == "__main__":
    sys.exit(main())
