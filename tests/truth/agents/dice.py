"""Random numbers by what they are for, so that whoever lives again meets the same chances at the same place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.truth.shop import Floats, Ints

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Dice:
    """Those of some visitors at one moment of their lives."""

    seed: int
    visitor: Ints
    moment: Ints
    """Visit and step as one number."""

    def roll(self, purpose: int) -> Floats:
        """Uniform numbers, one a visitor, the same for the same visitor, moment and purpose."""
        with np.errstate(over="ignore"):
            key = _mixed(self.visitor.astype(np.uint64) + np.uint64(self.seed) * _STEP)
        key = _mixed(key + self.moment.astype(np.uint64) * _STEP)
        with np.errstate(over="ignore"):
            bits = _mixed(key + np.uint64(purpose) * _STEP) >> np.uint64(11)
        return bits.astype(np.float64) * 2.0**-53


def _mixed(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        key = (key ^ (key >> np.uint64(30))) * _FIRST
        key = (key ^ (key >> np.uint64(27))) * _SECOND
    return key ^ (key >> np.uint64(31))
