"""Ridge logistic regression by Newton's method.

The curvature is the dear part of a step, so it is worked out anew only when the steps do not shrink fast enough with
the one at hand; the slope is exact in each step, and so is what they end in.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from friction.impact.design import Design
from friction.impact.patterns import Floats
from friction.values import dataclass

STEPS, LONGEST, CLOSE = 60, 4.0, 1e-7
"""Steps at most, the largest change of a coefficient in one, and the one that is too small to take."""
SHRINKS = 0.25
"""Steps that shrink less than to this share ask for a new curvature."""


@dataclass(frozen=True)
class Fit:
    """Coefficients, and what their errors are made of."""

    b: Floats
    fitted: Floats
    """The fitted share of each row, those without weight included."""
    residual: Floats
    """Weight × (outcome − fitted)."""
    spread: Floats
    """Weight × fitted × (1 − fitted)."""
    penalty: Floats


@dataclass(frozen=True)
class Outcome:
    """What is fitted: any share, the weight of each row (0: it is not in the model), and a known part of its logit."""

    y: Floats
    weight: Floats
    offset: Floats | None = None

    @cached_property
    def start(self) -> float:
        """The logit at which everybody would be alike."""
        n = self.weight.sum()
        mean = float(self.weight @ self.y / n)
        known = 0.0 if self.offset is None else float(self.weight @ self.offset / n)
        return float(logit(np.clip(np.array(mean), 1e-4, 1 - 1e-4))) - known


def share(logit: Floats) -> Floats:
    """1 / (1 + e^−x), without overflow."""
    out: Floats = np.exp(np.minimum(-logit, 700.0))
    out += 1.0
    return np.divide(1.0, out, out=out)


def logit(p: Floats) -> Floats:
    """ln p / (1 − p), kept away from 0 and 1."""
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    out: Floats = np.log(kept / (1 - kept))
    return out


def fit(design: Design, outcome: Outcome, ridge: float) -> Fit:
    """Fit P(outcome) by the columns; the penalty is ridge ÷ 2 × b² of all but the first column."""
    size = design.dense + design.ones.fitted
    penalty = np.full(size, ridge)
    penalty[0] = 0.0
    b = np.zeros(size)
    b[0] = outcome.start
    now = _at(design, outcome, b, penalty)
    curvature, before = design.apart(now.spread), np.inf
    for _ in range(STEPS):
        slope = design.sums(now.residual) - penalty * b
        step = np.linalg.solve(curvature + np.diag(now.penalty), slope)
        longest = float(np.abs(step).max())
        if CLOSE <= longest > SHRINKS * before:
            curvature = design.gram(now.spread)
            step = np.linalg.solve(curvature + np.diag(now.penalty), slope)
            longest = float(np.abs(step).max())
        if longest < CLOSE:
            break
        b = b + step * min(1.0, LONGEST / longest)
        before = longest
        now = _at(design, outcome, b, penalty)
    return now


def _at(design: Design, outcome: Outcome, b: Floats, penalty: Floats) -> Fit:
    predictor = design.times(b)
    if outcome.offset is not None:
        predictor += outcome.offset
    p = share(predictor)
    return Fit(b, p, outcome.weight * (outcome.y - p), outcome.weight * p * (1 - p), penalty + 1e-12)
