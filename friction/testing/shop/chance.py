"""Chance that can be lived again: a draw depends on what it is for and for whom, not on earlier draws.

A draw is a hash of (seed, life, purpose, step, session). So a world from which one friction was taken away
uses the very same numbers for everything else, and a few sessions can be lived again without the others.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.values import dataclass

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_WEYL = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@lru_cache(maxsize=65536)
def _key(text: str) -> np.uint64:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finalizer of the SplitMix64 generator: every input bit moves every output bit."""
    words = (words ^ (words >> np.uint64(30))) * _MIX[0]
    words = (words ^ (words >> np.uint64(27))) * _MIX[1]
    return words ^ (words >> np.uint64(31))


@dataclass(frozen=True)
class Chance:
    """All draws of one life; another `life` of the same seed is an independent repetition."""

    seed: int
    life: int = 0

    def draw(self, purpose: str, who: NDArray[Any], step: int | Ints = 0) -> Floats:
        """Uniform numbers in [0, 1), one for each of `who`; `step` may differ between them."""
        key = _key(f"{self.seed}/{self.life}/{purpose}")
        counter = who.astype(np.uint64) * np.uint64(4096) + np.asarray(step).astype(np.uint64) + np.uint64(1)
        words = _mixed(_mixed(counter * _WEYL) ^ key)
        return (_mixed(words + _WEYL) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, purpose: str, who: NDArray[Any], step: int | Ints = 0) -> Floats:
        """Standard normal numbers (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.draw(f"{purpose}:radius", who, step)))
        turn: Floats = np.cos(2.0 * np.pi * self.draw(f"{purpose}:angle", who, step))
        return radius * turn

    def between(self, low: float, high: float, purpose: str, who: NDArray[Any], step: int | Ints = 0) -> Ints:
        """Whole numbers, `low` to `high - 1`, evenly."""
        return (low + (high - low) * self.draw(purpose, who, step)).astype(np.int64)

    def pick(self, weights: Floats, purpose: str, who: NDArray[Any], step: int | Ints = 0) -> Ints:
        """Index into `weights`, with chances in proportion to them."""
        edges = np.cumsum(weights) / np.sum(weights)
        chosen = np.searchsorted(edges, self.draw(purpose, who, step), side="right")
        return np.minimum(chosen, len(weights) - 1).astype(np.int64)
