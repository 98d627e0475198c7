"""The way of a visitor over sessions: touches up to each conversion, and those that led to none.

A touch is one session with its channel; an offline event (a ticket, a call, a visit to a store) is a session too. A
path ends with the session that converts, and the next one begins after it. Touches older than the look-back before the
path's end (its conversion, else its last touch) are left out, as all models of `attribution` are defined.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.values import dataclass

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY_US = 86_400 * 10**6
LOOK_BACK_DAYS, LONGEST_LOOK_BACK_DAYS = 30, 90


@dataclass(frozen=True)
class Touches:
    """One entry a session, by visitor and time."""

    visitor: Ints
    at: Ints
    """Start, µs."""
    channel: Ints
    """Numbers from 0."""
    converts: Bools
    ends: Ints
    """The moment of the conversion, µs; of other sessions their start."""

    @classmethod
    def sorted(cls, visitor: Ints, at: Ints, channel: Ints, converts: Bools, ends: Ints) -> Touches:
        """From columns in any order; ties in time are ordered by what they are, so no order of the input shows."""
        order = np.lexsort((channel, converts, ends, at, visitor))
        return cls(visitor[order], at[order], channel[order], converts[order], ends[order])


@dataclass(frozen=True)
class Paths:
    """All paths; touches lie path by path, in order of time."""

    channels: int
    """How many channels there are."""
    path: Ints
    """Of each touch."""
    channel: Ints
    """Of each touch."""
    age: Ints
    """µs from the touch to the end of its path."""
    converts: Bools
    """Of each path."""

    @cached_property
    def lengths(self) -> Ints:
        """Touches by path; each has one at least."""
        return np.bincount(self.path, minlength=len(self.converts)).astype(np.int64)

    @cached_property
    def starts(self) -> Ints:
        """Where each path's touches begin."""
        found: Ints = np.cumsum(self.lengths) - self.lengths
        return found

    @cached_property
    def position(self) -> Ints:
        """Of each touch in its path, from 0."""
        found: Ints = np.arange(len(self.path)) - self.starts[self.path]
        return found

    @property
    def conversions(self) -> int:
        """Paths that convert."""
        return int(self.converts.sum())


def paths(touches: Touches, channels: int, look_back_days: float = LOOK_BACK_DAYS) -> Paths:
    """Cut the touches into paths."""
    size = len(touches.visitor)
    if not size:
        none: NDArray[Any] = np.zeros(0, np.int64)
        return Paths(channels, none, none, none, np.zeros(0, bool))
    new = np.diff(touches.visitor, prepend=touches.visitor[0] - 1) != 0
    new |= np.concatenate([[False], touches.converts[:-1]])
    path = np.cumsum(new) - 1
    last = np.flatnonzero(np.append(new[1:], True))
    converts = touches.converts[last]
    end = np.where(converts, touches.ends[last], touches.at[last])
    age = np.maximum(end[path] - touches.at, 0)
    kept = age <= round(look_back_days * DAY_US)
    kept[last] = True
    return Paths(channels, path[kept], touches.channel[kept], age[kept], converts)
