"""Empirical null: what a harmless point of this detector looks like, and how many points are harmless.

Keen visitors rage-click more and leave less, so harmless points do not centre on no effect but on some d < 0. The
estimates of a detector's points are taken as a mixture

    0.98 N(d + μ, s² + t²) + 0.02 N(0, s² + 1),    μ ≥ 0 of an unknown law on 0, 0.05 … 6

whose law of μ is found by EM for every d and t of a grid; the likeliest pair is taken, with mild penalties for large
shifts and scatter. Source: empirical null (Efron 2004), negative controls (Schuemie 2014).
"""

from __future__ import annotations

from itertools import product

import numpy as np

from friction.impact.patterns import Floats
from friction.values import dataclass

MU: Floats = np.round(np.concatenate([np.arange(61) * 0.05, 3.25 + np.arange(12) * 0.25]), 10)
"""Effects beyond the harmless one: fine up to 3, coarse up to 6, where nearly all leave who would have stayed."""
SCATTER = (0.03, 0.06, 0.1, 0.15, 0.2, 0.28)
LOWEST = (-0.5, -0.1, -0.5, -0.5)
"""Lowest shift d of the four parts: exits, progress, delayed harm, return."""
FLOOR = (0.3, 0.3, 0.5, 0.5)
"""Least share of harmless points in each part. Without it one shop in four comes out wrong."""
OUTLIERS, ROUNDS, ENOUGH = 0.02, 60, 8


@dataclass(frozen=True)
class Null:
    """Shift `d` and scatter `t` of harmless points, and the share of points with each effect of `MU`."""

    d: float
    t: float
    share: Floats

    def posterior(self, estimate: float, error: float) -> Floats:
        """Weights of `MU` for a point with this estimate."""
        beyond, spread = np.array([estimate - self.d]), np.array([np.hypot(error, self.t)])
        found: Floats = posterior(beyond, spread, self.share)[0]
        return found


def posterior(beyond: Floats, spread: Floats, share: Floats) -> Floats:
    """By point the weights of `MU`, from its effect beyond the harmless one, the error of that, and the `share` of
    points with each effect; not numbers where the effect is none.
    """
    log = np.log(share + 1e-300) - 0.5 * ((beyond[:, None] - MU) / spread[:, None]) ** 2
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    found: Floats = weight / weight.sum(axis=1, keepdims=True)
    return found


def _prior() -> Floats:
    """Nine points in ten are harmless; the others have half a log-odds on average."""
    share = np.exp(-MU / 0.5)
    share[0] = 0.0
    share *= 0.1 / share.sum()
    share[0] = 0.9
    return share


FIXED = Null(0.0, 0.05, _prior())
"""What is taken of a detector with fewer than `ENOUGH` points; nothing is borrowed from other shops."""


def calibrated(estimates: Floats, errors: Floats, part: int, *, shifted: bool = True) -> Null:
    """The null of one detector and part (0 exits, 1 progress, 2 delayed harm, 3 return); without `shifted`, d is 0."""
    best, found = -np.inf, FIXED
    shifts = np.round(np.linspace(0, LOWEST[part], 11) if shifted else np.zeros(1), 10)
    step = max(1, AT_ONCE // (len(estimates) * len(SCATTER) * len(MU)))
    for some in (shifts[start : start + step] for start in range(0, len(shifts), step)):
        laws = zip(*_laws(estimates, errors, some, FLOOR[part]), strict=True)
        for (d, t), (share, likelihood) in zip(product(some.tolist(), SCATTER), laws, strict=True):
            score = likelihood - 2 * (d / 0.3) ** 2 - 0.5 * (t / 0.15) ** 2 + 4 * float(np.log(share[0]))
            if score > best + 1e-9:
                best, found = score, Null(d, t, share)
    return found


AT_ONCE = 1 << 17
"""Densities that are held together: so many stay near the processor."""


def _laws(estimates: Floats, errors: Floats, shifts: Floats, floor: float) -> tuple[Floats, Floats]:
    """For each of the shifts and of `SCATTER` the law of μ by EM, and the log-likelihood it reaches."""
    variance = errors**2 + np.array(SCATTER)[:, None] ** 2
    apart = estimates[:, None] - shifts[:, None, None, None] - MU
    density = (
        np.exp(-0.5 * apart**2 / variance[:, :, None]) * ((1 - OUTLIERS) / np.sqrt(variance))[:, :, None]
    ).reshape(-1, len(estimates), len(MU))
    wide = errors**2 + 1
    outlier = OUTLIERS * np.exp(-0.5 * estimates**2 / wide) / np.sqrt(wide)
    share = np.full((len(density), len(MU), 1), 0.5 / (len(MU) - 1))
    share[:, 0] = 0.5
    pseudo = np.full((len(MU), 1), 0.02)
    pseudo[0] += 2.0
    for _ in range(ROUNDS):
        each = (density @ share)[:, :, 0] + outlier
        share *= ((1 / each)[:, None] @ density).swapaxes(1, 2)
        share += pseudo
        share /= share.sum(axis=1, keepdims=True)
        rare = share[:, 0, 0] < floor
        share[rare, 1:] *= (1 - floor) / share[rare, 1:].sum(axis=1, keepdims=True)
        share[rare, 0] = floor
    return share[:, :, 0], np.log((density @ share)[:, :, 0] + outlier).sum(axis=1)
