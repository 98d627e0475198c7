"""What the models say of several points at once, each beside the harmless points of its detector."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np

from friction.impact.calibration import MU, Null, posterior
from friction.impact.pages import PARTS
from friction.impact.patterns import Floats
from friction.impact.views import Bools
from friction.values import dataclass

MARGIN = (0.10, 0.05, 0.10, 0.10)
"""Effects up to these log-odds are not called harm."""


@dataclass(frozen=True)
class Effects:
    """By point and part; not a number where a part is left out."""

    beyond: Floats
    """The effect beyond the harmless one."""
    error: Floats
    """That of `beyond`."""
    likely: Floats
    """The weight of each of `MU`, on a third axis."""

    @classmethod
    def of(cls, effect: Floats, error: Floats, nulls: Sequence[Sequence[Null]]) -> Effects:
        """Log-odds by point and part as the models say, and by point the nulls of its detector."""
        shift, scatter = (
            np.array([[getattr(null, name) for null in mine] for mine in nulls]) for name in ("d", "t")
        )
        beyond = effect - shift
        wide = np.sqrt(error**2 + scatter**2)
        likely = [
            posterior(beyond[:, part], wide[:, part], np.array([mine[part].share for mine in nulls]))
            for part in PARTS
        ]
        return cls(beyond, wide, np.stack(likely, axis=1))

    @property
    def known(self) -> Bools:
        """Which parts are there."""
        found: Bools = np.isfinite(self.beyond)
        return found

    def reached(self, part: int, share: float) -> Floats:
        """By point, the effect up to which this share of the weights lies."""
        below = np.cumsum(self.likely[:, part], axis=1) < share - 1e-12
        found: Floats = MU[np.minimum(below.sum(axis=1), len(MU) - 1)]
        return found

    @property
    def p_value(self) -> Floats:
        """By point, number of parts × the smallest one-sided p-value of an effect beyond the margin."""
        z = (self.beyond - np.array(MARGIN)) / self.error / sqrt(2)
        each = np.array([[erfc(value) / 2 for value in mine] for mine in z.tolist()])
        found: Floats = self.known.sum(axis=1) * np.where(self.known, each, np.inf).min(axis=1)
        return np.minimum(1.0, found)
