"""What a point costs a day, now and before, and the scale that the bars of one message share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from friction.nightly.days import moved
from friction.nightly.life import Life
from friction.nightly.night import Cost
from friction.report import Confidence, Metric
from friction.values import dataclass


@dataclass(frozen=True)
class Daily:
    """Lost conversions or extra exits a day, with the 95 % interval."""

    metric: Metric
    estimate: float
    low: float
    high: float
    confidence: Confidence


def now(life: Life) -> Daily | None:
    """What it costs a day since its course began: of the report's loss as much as its sessions fall on these days."""
    cost = life.cost
    if cost is None:
        return None
    first = moved(cost.night, 1 - cost.days)
    window = {day: k for day, (_, k) in life.days.items() if first <= day <= cost.night}
    since = {day: k for day, k in window.items() if day >= life.since}
    if not sum(since.values()):
        return _daily(cost, 1.0)
    return _daily(cost, cost.days * sum(since.values()) / sum(window.values()) / len(since))


def before(life: Life) -> Daily | None:
    """What it cost a day when it was last seen before its present course began."""
    earlier = [cost for cost in life.costs if cost.night < life.since]
    return _daily(earlier[-1], 1.0) if earlier else None


def _daily(cost: Cost, factor: float) -> Daily:
    """`factor`: how much dearer these days are than the mean day of the report."""
    share = cost.a_day / 1000 * factor
    return Daily(cost.metric, cost.estimate * share, cost.low * share, cost.high * share, cost.confidence)


def scale(figures: Iterable[Daily]) -> float:
    """The right end of the bars: the next 1, 2 or 5 above the highest end."""
    highest = max((each.high for each in figures), default=0.0)
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= highest * 0.999)
