"""Highlight: rage clicks as its worker accumulates them.

rage_click  A click or double click with `count` earlier ones (so one more in all) at most `window` ms older and at
            most `radius` px away (Euclidean, client) qualifies. Qualifying clicks in a row are one set; the first
            click that does not qualify closes it, wherever and whenever. Its start is the oldest neighbour of its
            first click.
Reading     `detail.count` is the tool's own: the neighbours of the first qualifying click, and one for each further
            one. A click without a position has no neighbours.
Source      highlight `backend/worker/worker.go`, 2025.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
import polars as pl
from annotated_types import Ge, Le

from friction.detectors.presets.rule import Found, Rule
from friction.detectors.presets.tape import Floats, Longs, Tape, Truths, us
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class RageClick(Rule):
    name: ClassVar[str] = "rage_click"
    preset: ClassVar[str] = "highlight"
    watches = frozenset({"click", "dblclick"})
    columns = frozenset({"tab_id", "node_id", "x", "y", "button", "pointer"})
    filled = frozenset({"x"})
    details: ClassVar[Mapping[str, pl.DataType]] = {"count": pl.Int64()}

    window: Annotated[int, Ge(1), Le(3_600_000)] = 5_000
    """Longest time back to the clicks before (ms). Higher: slower clicks make a burst as well."""
    radius: Annotated[float, Ge(0)] = 8.0
    """Longest distance to the clicks before (px). Higher: clicks further apart make a burst as well."""
    count: Annotated[int, Ge(1)] = 5
    """Minimum clicks near before one counts. Higher: only longer bursts are found."""

    def found(self, tape: Tape) -> Iterator[Found]:
        clicks = np.flatnonzero(tape.is_click | tape.is_a("dblclick"))
        if not len(clicks):
            return
        spots = _Spots(tape.at[clicks], *(axis[clicks] for axis in tape.client_point()))
        qualifies = spots.neighbours(us(self.window), self.radius) >= self.count
        goes_on = np.append(False, qualifies[:-1] & qualifies[1:] & tape.same_stream(clicks))
        ends = np.flatnonzero(qualifies & ~np.append(goes_on[1:], False))
        for first, last in zip(np.flatnonzero(qualifies & ~goes_on), ends, strict=True):
            near, members = spots.near(int(first), us(self.window), self.radius), np.arange(first, last + 1)
            detail = {"count": len(near) + len(members) - 1}
            rows = clicks[np.union1d(near, members)]
            yield Found(clicks[last], rows, detail, clicks[near[0]], clicks[last])


@dataclass(frozen=True)
class _Spots:
    """Clicks in order: when and where."""

    at: Longs
    x: Floats
    y: Floats

    def neighbours(self, within_us: int, radius: float) -> Longs:
        """How many earlier ones each has near it in time and place; one step back at a time, for all at once."""
        found = np.zeros(len(self.at), dtype=np.int64)
        late, back = np.arange(1, len(self.at)), 1
        while len(late):
            late = late[self.at[late] - self.at[late - back] <= within_us]
            found[late[self._is_near(late, late - back, radius)]] += 1
            back += 1
            late = late[late >= back]
        return found

    def near(self, click: int, within_us: int, radius: float) -> Longs:
        """The earlier ones that are near this one."""
        first = int(np.searchsorted(self.at, self.at[click] - within_us))
        earlier = np.arange(first, click)
        return earlier[self._is_near(np.full_like(earlier, click), earlier, radius)]

    def _is_near(self, late: Longs, early: Longs, radius: float) -> Truths:
        apart = (self.x[late] - self.x[early]) ** 2 + (self.y[late] - self.y[early]) ** 2
        return np.asarray(apart <= radius**2)


RULES: tuple[type[Rule], ...] = (RageClick,)
