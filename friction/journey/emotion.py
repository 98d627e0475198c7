"""How people fare in a stage, from -1 to +1: what they say in surveys, and how many meet friction.

A stand-in, not a measurement of feelings, and said so wherever it is shown. Answers of every scale are brought to -1 to
+1; friction is minus the share of sessions that met any. The more answers, the more they count: their weight is
n / (n + 50), so that without answers friction alone speaks. The interval takes both parts as independent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from friction.journey import figures
from friction.journey_map import Emotion, Figure

ENOUGH = 50
MIDDLE = {
    "nps": (5.0, 5.0),
    "csat": (3.0, 2.0),
    "ces": (4.0, 3.0),
    "stars": (3.0, 2.0),
    "reaction": (0.5, 0.5),
}
"""Scale → its middle, and how far its ends lie from there."""


def emotion(scores: Mapping[str, Sequence[float]], met: figures.Figure) -> Emotion:
    """From the scores by scale and the share of sessions that met friction."""
    said = np.concatenate(
        [np.zeros(0)]
        + [
            (np.asarray(values, np.float64) - MIDDLE[scale][0]) / MIDDLE[scale][1]
            for scale, values in sorted(scores.items())
            if scale in MIDDLE
        ]
    )
    answers = figures.mean(np.sort(said).clip(-1, 1), -1.0, 1.0)
    friction = figures.scaled(met, -1.0)
    weight = answers.n / (answers.n + ENOUGH) if met.n else 1.0
    return Emotion(
        _figure(_both(answers, friction, weight)), _figure(answers), _figure(friction), answers.n < ENOUGH
    )


def _both(answers: figures.Figure, friction: figures.Figure, weight: float) -> figures.Figure:
    middle = weight * (answers.estimate or 0.0) + (1 - weight) * (friction.estimate or 0.0)
    n = answers.n + friction.n
    if answers.n == 1 and weight > 0:
        return figures.Figure(middle, None, None, n)
    half = math.hypot(weight * _half(answers), (1 - weight) * _half(friction))
    return figures.Figure(middle, max(middle - half, -1.0), min(middle + half, 1.0), n)


def _half(found: figures.Figure) -> float:
    if found.low is None or found.high is None:
        return 0.0
    return (found.high - found.low) / 2


def _figure(found: figures.Figure) -> Figure:
    return Figure(found.estimate, found.low, found.high, found.n)
