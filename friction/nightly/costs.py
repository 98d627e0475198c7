"""Does a friction point that is met as often as ever cost more than it used to, or less?

Its cost over the days of tonight's report is held against that of the last report whose days all lie before these: no
visit is in both, so their errors are independent. Both intervals are widened by what the days of the rate scatter
beyond chance. Costs within a tenth of each other are no news, and neither is a difference of a few conversions.

The answer stands beside those about rates when false alarms are bounded, multiplied like these by a month of nights.
"""

from __future__ import annotations

import math
from collections.abc import Set

from friction.nightly.days import moved
from friction.nightly.judge import BEFORE, EXTRA, LOOKS, MARGIN, dispersion
from friction.nightly.life import Life
from friction.nightly.night import Cost
from friction.values import dataclass

WIDTH = 2 * 1.959964
"""Standard errors in a 95 % interval."""


@dataclass(frozen=True)
class Dearer:
    """Whether the cost `rises` or falls from `before` to `now`, and the chance `p` of as much where nothing changes, in
    a month of nights.
    """

    rises: bool
    before: Cost
    now: Cost
    p: float


def first_day(cost: Cost) -> str:
    """Of the days it is about."""
    return moved(cost.night, 1 - cost.days)


def dearer(life: Life, date: str, blind: Set[str]) -> Dearer | None:
    """Tonight's cost against its own history since the present level; null where there is nothing to compare."""
    now = life.cost
    if now is None or now.night != date:
        return None
    start, level = first_day(now), max(life.level_from or "", life.cost_from or "")
    earlier = [
        cost
        for cost in life.costs
        if cost.night < start and first_day(cost) >= level and cost.metric == now.metric
    ]
    if not earlier:
        return None
    before = earlier[-1]
    rises = now.estimate > before.estimate
    extra = abs(now.estimate - before.estimate) * now.a_day * now.days / 1000
    p = 1.0 if extra < EXTRA else _chance(before, now, _scatter(life, date, blind), rises=rises)
    return Dearer(rises, before, now, p)


def _scatter(life: Life, date: str, blind: Set[str]) -> float:
    known = [
        counts
        for day, counts in life.days.items()
        if moved(date, -BEFORE) < day <= date and counts[0] and day not in blind
    ]
    return dispersion(known) if len(known) > 1 else 1.0


def _chance(before: Cost, now: Cost, scatter: float, *, rises: bool) -> float:
    factor = MARGIN if before.estimate > 0 else 1.0
    factor = factor if rises else 1 / factor
    error = math.hypot(_error(now), factor * _error(before)) * math.sqrt(scatter)
    away = (now.estimate - factor * before.estimate) * (1 if rises else -1)
    if away <= 0 or not error:
        return 1.0
    return min(1.0, LOOKS * math.erfc(away / error / math.sqrt(2)))


def _error(cost: Cost) -> float:
    return (cost.high - cost.low) / WIDTH
