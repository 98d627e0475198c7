"""Which segments of a series are out of the ordinary, and of which other segment.

A segment is tested against the one before it. But a dip is no reference: its end looks like a rise
although only the ordinary has come back. A level becomes ordinary when it has held for a week, every
day of it; where the segment before is shorter and lower, the one before the dip is the reference. For
falls, likewise, the one before a short hump, or before any rise that was found.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from friction.margin import Segment, deviation
from friction.series.seasonal import Numbers
from friction.values import dataclass

Side = Literal[1, -1]

ORDINARY_DAYS = 7


@dataclass(frozen=True)
class Piece:
    """A segment of the series: buckets `start` to `end` (exclusive) without empty edges, and its sums."""

    start: int
    end: int
    sums: Segment

    @property
    def length(self) -> int:
        """In buckets."""
        return self.end - self.start


@dataclass(frozen=True)
class Verdict:
    """A piece that rose (`side` 1) or fell (-1), the one it was compared with, and by how much it passed."""

    inside: Piece
    before: Piece
    side: Side
    z: float
    lasts: bool
    """No views come after it."""


def pieces(edges: list[tuple[int, int]], n: Numbers, k: Numbers, rate: Numbers) -> list[Piece]:
    """The segments that have views at all, in order."""
    return [_piece(start, end, n, k, rate) for start, end in edges if n[start:end].any()]


def _piece(start: int, end: int, n: Numbers, k: Numbers, rate: Numbers) -> Piece:
    here = slice(start, end)
    seen = np.flatnonzero(n[here])
    sums = Segment(int(n[here].sum()), int(k[here].sum()), float((n[here] * rate[here]).sum()))
    return Piece(start + int(seen[0]), start + int(seen[-1]) + 1, sums)


def judge(pieces: list[Piece], phi: float, *, margin: float, z_alarm: float, per_day: int) -> list[Verdict]:
    """The pieces that rose beyond `margin`, or fell beyond its inverse, by `z_alarm` or more, in order."""
    found: dict[int, Verdict] = {}
    for index, inside in enumerate(pieces[1:], 1):
        side: Side
        for side in (1, -1):
            before = pieces[_reference(pieces, index, side, found, ORDINARY_DAYS * per_day)]
            z = deviation(inside.sums, before.sums, phi, factor=margin**side, side=side)
            if z >= z_alarm:
                found[index] = Verdict(inside, before, side, z, lasts=inside is pieces[-1])
    return list(found.values())


def _reference(pieces: list[Piece], index: int, side: Side, found: dict[int, Verdict], ordinary: int) -> int:
    """The nearest piece before this one that is neither a dip nor, for a fall, a hump."""
    at = index - 1
    while at > 0 and side * (pieces[at - 1].sums.level - pieces[at].sums.level) > 0:
        risen = side < 0 and at in found and found[at].side > 0
        if pieces[at].length >= ordinary and not risen:
            break
        at -= 1
    return at
