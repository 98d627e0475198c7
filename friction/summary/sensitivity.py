"""What would change the order: which places a point may hold, and how wrong its effect must be for it to lose its own.

Two points are sure to be in the order they have when the difference of their costs is beyond chance at nine in ten;
each point's range says how uncertain it is, upwards and downwards. Beside chance there is bias: an unknown cause that
makes who meets a point leave more, or harmless points of its kind that are not what they were taken for. It is told as
odds of leaving, as large as they must be for the point to change places with the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from friction.impact import SHIFTS
from friction.impact.patterns import Floats
from friction.report import Point, again

NINE_IN_TEN, Z95 = 1.281552, 1.959964


def with_sensitivity(ranked: Sequence[Point], falls: Mapping[str, Sequence[float]]) -> list[Point]:
    """The points in their order, those with a rank with `ranks` and `odds_to_fall`.

    `falls`: by id, the estimate with an effect on leaving smaller by each of `SHIFTS`.
    """
    known = [point for point in ranked if point.rank is not None]
    ahead = _places(known)
    told = []
    for place, (point, ranks) in enumerate(zip(known, ahead, strict=True)):
        below = known[place + 1].impact.estimate if place + 1 < len(known) else None
        odds = _odds(point, falls.get(point.id), below)
        told.append(again(point, impact=again(point.impact, ranks=ranks, odds_to_fall=odds)))
    return [*told, *(point for point in ranked if point.rank is None)]


def _places(known: Sequence[Point]) -> list[list[int]]:
    """Best and worst rank of each point."""
    middle, low, high = (
        np.array([getattr(point.impact, name) for point in known], float)
        for name in ("estimate", "low", "high")
    )
    below, above = (middle - low) / Z95, (high - middle) / Z95
    squares = NINE_IN_TEN**2 * below**2, NINE_IN_TEN**2 * above**2
    # Against all others, some points at a time: point by point the loop costs more than the sums.
    blocks = [slice(at, at + BLOCK) for at in range(0, len(known), BLOCK)]
    ahead = [each for at in blocks for each in _surely_above(at, middle, *squares)]
    behind = [each for at in blocks for each in _surely_above(at, -middle, *squares[::-1])]
    return [[1 + best, len(known) - worst] for best, worst in zip(ahead, behind, strict=True)]


BLOCK = 16


def _surely_above(at: slice, middle: Floats, below: Floats, above: Floats) -> list[int]:
    """Of some points, how many others are surely above each: further than the root of both squares."""
    apart = middle - middle[at, None]
    np.maximum(apart, 0.0, out=apart)
    apart *= apart
    apart -= above[at, None]
    found: list[int] = np.count_nonzero(apart > below, axis=1).tolist()
    return found


def _odds(point: Point, falls: Sequence[float] | None, below: float | None) -> float | None:
    """e to the smallest shift at which the estimate is no more than that of the next point; null beyond `SHIFTS`."""
    if falls is None or below is None or point.impact.estimate is None:
        return None
    values, shifts = [point.impact.estimate, *falls], [0.0, *SHIFTS]
    for at in range(1, len(values)):
        if values[at] <= below:
            share = (
                (values[at - 1] - below) / (values[at - 1] - values[at])
                if values[at] < values[at - 1]
                else 0.0
            )
            return float(np.exp(shifts[at - 1] + share * (shifts[at] - shifts[at - 1])))
    return None
