"""One cause, one point: signs of the same trouble on the same element gather behind the point that leads.

A button that runs into an error is an error click, a rage click where people insist, and a failed submit where they
insist slowly. Each is counted and costed for itself; a point whose page views lie nearly all in those of another one on
the same element says which (`part_of`), so that whoever reads the list meets the cause once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from friction.detectors.base import Detector
from friction.points import Points, overlaps
from friction.report import Point, again

NEARLY_ALL = 0.8
"""Share of the page views of a point that lie in those of the one that leads it."""


def folded(
    built: Sequence[Point], numbers: Sequence[int], points: Points, detectors: Mapping[str, Detector]
) -> list[Point]:
    """The points with `part_of`; `numbers` are theirs in `points`, in the same order."""
    of_number = dict(zip(numbers, built, strict=True))
    places: dict[tuple[str, str, str], list[int]] = {}
    for number, point in of_number.items():
        if point.target is not None and not detectors[point.detector].outcome:
            means = detectors[point.detector].coded.get("target", "target")
            places.setdefault((point.page, point.target, means), []).append(number)
    shared = [number for mine in places.values() if len(mine) > 1 for number in mine]
    leads = _leads(points, shared, places)
    return [
        again(point, part_of=of_number[_root(leads, number)].id) if number in leads else point
        for number, point in of_number.items()
    ]


def _leads(
    points: Points, shared: Sequence[int], places: Mapping[tuple[str, str, str], Sequence[int]]
) -> dict[int, int]:
    """Point → the one that leads it: of those on its element that hold nearly all of it, the one most often met."""
    if not shared:
        return {}
    place_of = {number: place for place, mine in places.items() for number in mine}
    sizes = np.zeros(int(points.table.select(pl.col("point").max()).item()) + 1, np.int64)
    for hits in points.hit.iter_slices():
        sizes += np.bincount(hits["point"].to_numpy(), minlength=len(sizes))
    found: dict[int, int] = {}
    pairs = overlaps(points, pl.Series(shared, dtype=pl.UInt32), NEARLY_ALL)
    for number, other in pairs.iter_rows():
        is_larger = (sizes[other], -other) > (sizes[number], -number)
        if place_of[number] == place_of[other] and is_larger:
            best = found.get(number)
            if best is None or (sizes[other], -other) > (sizes[best], -best):
                found[number] = other
    return found


def _root(leads: Mapping[int, int], number: int) -> int:
    while number in leads:
        number = leads[number]
    return number
