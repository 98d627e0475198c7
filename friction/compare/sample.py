"""Were the visitors of a test shared out as they should have been?"""

from __future__ import annotations

import math

from friction.values import dataclass

MISMATCH = 0.001
"""Chance below which the shares are not those that were meant: something is lost on one side."""


@dataclass(frozen=True)
class Sample:
    """Visitors of both variants; `mixed` saw both and are left out. `p` null: nobody was shared out."""

    old: int
    new: int
    mixed: int
    p_value: float | None

    @property
    def fits(self) -> bool:
        return self.p_value is None or self.p_value >= MISMATCH


def sample(old: int, new: int, mixed: int = 0, share: float = 0.5) -> Sample:
    """`share` of the visitors that should have seen the new variant."""
    whole = old + new
    if not whole:
        return Sample(old, new, mixed, None)
    expected = whole * share
    square = (new - expected) ** 2 / (whole * share * (1 - share))
    return Sample(old, new, mixed, math.erfc(math.sqrt(square / 2)))
