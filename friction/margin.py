"""Is one segment of a series out of the ordinary of another, by more than a margin?

The margin does most of the work against false alarms: slow drift and noise from day to day are real but
small, and without it every busy series would be "significant" all the time.
"""

from __future__ import annotations

import math
from typing import Literal

from friction.values import dataclass

CONTINUITY = 0.5
SLIGHTEST = 1.0
"""With a difference of one exit or less, or a root under 1, there is nothing to test or to correct."""


@dataclass(frozen=True)
class Segment:
    """One segment in sums: views `n`, exits `k`, and `e`, the exits that the seasonal baseline expects."""

    n: int
    k: int
    e: float

    @property
    def level(self) -> float:
        """Exits over expected exits, kept off 0 and infinity."""
        return (self.k + 0.5) / (self.e + 0.5)

    @property
    def rate(self) -> float:
        """Exits per view; 0 without views."""
        return self.k / self.n if self.n else 0.0


def deviation(inside: Segment, before: Segment, phi: float, *, factor: float, side: Literal[1, -1]) -> float:
    """Standard deviations by which `inside` is beyond `factor` times the level `before`, on that `side`.

    Signed root of the binomial deviance, with counts divided by the dispersion `phi` and allowing for the
    uncertainty of the level before, then corrected for small counts. `side` is 1 for above, -1 for below;
    0 where `inside` does not lie there.
    """
    views, exits = inside.n / phi, inside.k / phi
    expected = min(inside.e * before.level * factor / phi, views - CONTINUITY)
    if side * (exits - expected) <= SLIGHTEST:
        return 0.0
    rate, usual = (exits - side * CONTINUITY) / views, expected / views
    known = views * before.e / (before.e + inside.e)
    divergence = rate * math.log(rate / usual) + (1 - rate) * math.log((1 - rate) / (1 - usual))
    root = math.sqrt(2 * known * max(0.0, divergence))
    if root < SLIGHTEST:
        return root
    wald = side * (_logit(rate) - _logit(usual)) * math.sqrt(known * rate * (1 - rate))
    return root + math.log(wald / root) / root


def _logit(rate: float) -> float:
    return math.log(rate / (1 - rate))


def ratio(inside: Segment, before: Segment, phi: float) -> tuple[float, float, float]:
    """Exits inside over those to expect at the level before, and the 95 % interval, normal on the log scale.

    Half an exit on either side keeps it off 0 and infinity; variances are those of shares, times `phi`.
    """
    estimate = (inside.k + 0.5) / (inside.e * before.level + 0.5)
    variance = phi * sum(1 / (part.k + 0.5) - 1 / (part.n + 1) for part in (inside, before))
    reach = math.exp(1.96 * math.sqrt(variance))
    return estimate, estimate / reach, estimate * reach
