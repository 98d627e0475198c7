"""Where values stand on the one scale that all interval bars of a page share, in percent of its width."""

from __future__ import annotations

import math
from collections.abc import Sequence

from friction.report import Impact
from friction.values import dataclass

REACH = 1.5
"""A naive figure further out than this many times the span of the intervals is drawn as an arrow at the edge."""
MARGIN = 3.0
"""Percent left free at both ends, so that caps and dots are whole."""
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`; zero is always on it."""

    low: float
    high: float

    def at(self, value: float) -> str:
        """Percent of the width, two decimals; beyond the ends: at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return f"{MARGIN + (100 - 2 * MARGIN) * share:.2f}"

    def width(self, low: float, high: float) -> str:
        """Percent between two values."""
        return f"{float(self.at(high)) - float(self.at(low)):.2f}"

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def ticks(self) -> list[float]:
        """Three to five round values, zero among them."""
        rough = (self.high - self.low) / 3
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * each for each in STEPS if size * each >= rough)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [step * number for number in range(first, last + 1)]


def scale(impacts: Sequence[Impact]) -> Scale:
    """The scale that reaches every interval and each naive figure that is not far off."""
    judged = [i for i in impacts if i.estimate is not None and i.low is not None and i.high is not None]
    low = min([0.0, *(i.low for i in judged if i.low is not None)])
    high = max([0.0, *(i.high for i in judged if i.high is not None)])
    if high - low <= 0:
        return Scale(0.0, 1.0)
    reach = REACH * (high - low)
    near = [i.naive for i in judged if i.naive is not None and high - reach <= i.naive <= low + reach]
    return Scale(min([low, *near]), max([high, *near]))
