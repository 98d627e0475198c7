"""The tables of one shard after the other, put together: those that grow with the rows on the disk of the driver.

Of those no more is in memory than one shard, then so many page views as can be put in order at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from friction.order import Ints
from friction.reduce.kept import Kept, Shelf
from friction.reduce.tables import AT_ONCE, FOLDED, FRAMES, SHELVED, gathered

VIEWS_AT_ONCE = 1 << 20
"""Page views that are put in order at a time."""
VIEWS = "views"
ORDER = ("detector", "page", "target", "session_id", "view")
"""Of rows in tables that have no order of their own."""


@dataclass
class Gathering:
    """Takes tables whose sessions and page views are numbered among all."""

    shelf: Shelf
    views: int
    """Page views that have a number."""
    _small: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: {name: [] for name in FRAMES})
    _large: dict[str, Kept] = field(default_factory=dict)
    _edges: list[Ints] = field(default_factory=list)
    """By shard where its page views from each `VIEWS_AT_ONCE`-th number on lie among those that came."""

    def take(self, name: str, rows: pl.DataFrame) -> None:
        """A table of a shard."""
        if name in SHELVED:
            if rows.width:
                self._put(name, rows)
            return
        few = self._small[name]
        few.append(rows)
        if name in FOLDED and len(few) == AT_ONCE:
            few[:] = [gathered(name, few)]

    def _put(self, name: str, rows: pl.DataFrame) -> None:
        if name not in self._large:
            self._large[name] = self.shelf(name)
        if name == VIEWS:
            rows = rows.sort("view")
            starts = np.arange(0, self.views + VIEWS_AT_ONCE, VIEWS_AT_ONCE)
            self._edges.append(self._large[name].height + np.searchsorted(rows["view"].to_numpy(), starts))
        self._large[name].append(rows)

    def tables(self) -> Mapping[str, Any]:
        """All tables by name. Whatever the shards were: page views by number; what is in memory, in `ORDER`."""
        if VIEWS in self._large:
            self._large[VIEWS] = self._in_order(self._large[VIEWS])
        return {name: _ordered(name, gathered(name, self._small.pop(name))) for name in FRAMES} | self._large

    def _in_order(self, came: Kept) -> Kept:
        ordered = self.shelf(VIEWS)
        for starts, ends in pairwise(np.stack(self._edges, axis=1).tolist()):
            spans = zip(starts, ends, strict=True)
            pieces = [came.read(start, end - start, [*came.types]) for start, end in spans if end > start]
            if pieces:
                ordered.append(pl.concat(pieces).sort("view"))
        return ordered


def _ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    if name in FOLDED:
        return frame
    by = ["session_id"] if name == "sessions" else [each for each in ORDER if each in frame.columns]
    return frame.sort(by, maintain_order=True) if by else frame
