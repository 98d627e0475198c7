"""Web Vitals ratings and Lighthouse scores, exact to their published definitions.

A rating is about people: the 75th percentile of what they met. A score is about one lab run: a log-normal curve
through two control points for each metric, and their weighted mean. The curve of a metric has 0.9 at its `p10` and
0.5 at its `median`. Values are milliseconds; CLS has no unit.

Sources: web-vitals (limits); Lighthouse, `statistics.getLogNormalScore` and its default weights (control points,
rounding). Lighthouse itself approximates the error function to seven digits; here it is the exact one, which gives the
same score after its rounding to hundredths but for values within 0.0000002 of a rounding edge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

Rating = Literal["good", "needs_improvement", "poor"]
Device = Literal["mobile", "desktop"]

LIMITS: Mapping[str, tuple[float, float]] = {
    "lcp": (2_500, 4_000),
    "inp": (200, 500),
    "cls": (0.1, 0.25),
    "fcp": (1_800, 3_000),
    "ttfb": (800, 1_800),
}
"""Good up to and with the first, poor beyond the second."""

CURVES: Mapping[Device, Mapping[str, tuple[float, float]]] = {
    "mobile": {
        "fcp": (1_800, 3_000),
        "si": (3_387, 5_800),
        "lcp": (2_500, 4_000),
        "tbt": (200, 600),
        "cls": (0.1, 0.25),
    },
    "desktop": {
        "fcp": (934, 1_600),
        "si": (1_311, 2_300),
        "lcp": (1_200, 2_400),
        "tbt": (150, 350),
        "cls": (0.1, 0.25),
    },
}
"""`p10` and `median` of each metric's curve."""
WEIGHTS: Mapping[str, int] = {"fcp": 10, "si": 10, "lcp": 25, "tbt": 30, "cls": 25}

_INVERSE_ERFC_OF_A_FIFTH = 0.9061938024368232
"""The standardised distance of `p10` from the median, over √2."""


def rating(metric: str, p75: float) -> Rating:
    """The Web Vitals rating of a 75th percentile. Raises `KeyError` for a metric without limits."""
    return rated(p75, LIMITS[metric])


def rated(value: float, limits: tuple[float, float]) -> Rating:
    """The same by any two limits."""
    return "good" if value <= limits[0] else "needs_improvement" if value <= limits[1] else "poor"


def curve(value: float, p10: float, median: float) -> float:
    """The score (0–1) of a value on the log-normal curve with 0.9 at `p10` and 0.5 at `median`; 1 for 0 and less.

    Raises `ValueError` unless 0 < p10 < median.
    """
    if not 0 < p10 < median:
        raise ValueError("a curve needs 0 < p10 < median")
    if value <= 0:
        return 1.0
    standardised = math.log(value / median) * _INVERSE_ERFC_OF_A_FIFTH / math.log(median / p10)
    share = math.erfc(standardised) / 2
    # Rounding in the last digits must not push a value over its control point.
    if value <= p10:
        return max(0.9, min(1.0, share))
    if value <= median:
        return max(0.5, min(math.nextafter(0.9, 0), share))
    return max(0.0, min(math.nextafter(0.5, 0), share))


def metric_score(metric: str, value: float, device: Device = "mobile") -> float:
    """The score of one metric in hundredths, as an audit shows it. Raises `KeyError` for an unknown metric."""
    return _hundredths(curve(value, *CURVES[device][metric]))


def performance_score(values: Mapping[str, float | None], device: Device = "mobile") -> float | None:
    """The weighted mean of the five metrics in hundredths; null where one is missing, as Lighthouse does."""
    if any(values.get(metric) is None for metric in WEIGHTS):
        return None
    scores = {
        metric: metric_score(metric, value, device)
        for metric, value in values.items()
        if metric in WEIGHTS and value is not None
    }
    total = math.fsum(WEIGHTS[metric] * score for metric, score in scores.items())
    return _hundredths(total / sum(WEIGHTS.values()))


def _hundredths(score: float) -> float:
    """Halves go up, as in JavaScript."""
    return math.floor(score * 100 + 0.5) / 100
