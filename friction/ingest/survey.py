"""What has to be known of all rows before any part can be made: gathered piece by piece, and added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass
class Survey:
    """What the pieces so far said."""

    firsts: list[pl.DataFrame] = field(default_factory=list)
    """`session_id` (number in the pool), `ts` of its first event, by piece."""
    addresses: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Rows by number of the address in its pool."""
    has_views: bool = False
    knows_scroll_ends: bool = False
    clicks: int = 0
    """Clicks with a position."""
    corners: int = 0
    """Those of them at (0, 0)."""

    @property
    def tells_corners(self) -> bool:
        """Whether less than half of the clicks with a position stand at (0, 0), and some do."""
        return 0 < self.corners < 0.5 * self.clicks

    def take(self, rows: pl.DataFrame) -> None:
        """One more piece."""
        first = rows.lazy().group_by("session_id").agg(pl.col("ts").min()).collect()
        self.firsts.append(first.with_columns(pl.col("session_id").to_physical()))
        if len(self.firsts) > MANY:
            self.firsts = [_earliest(self.firsts)]
        if "url" in rows.columns:
            numbers = rows["url"].to_physical().drop_nulls().to_numpy()
            counts = np.bincount(numbers, minlength=len(self.addresses))
            counts[: len(self.addresses)] += self.addresses
            self.addresses = counts
        self.has_views |= bool(rows["kind"].is_in(["page_view", "route_change"]).any())
        self.knows_scroll_ends |= bool((rows["kind"] == "scroll_end").any())
        if {"x", "y"} <= set(rows.columns):
            corner = ((pl.col("x") == 0) & (pl.col("y") == 0)).filter(
                (pl.col("kind") == "click") & pl.col("x").is_not_null()
            )
            counted = rows.lazy().select(all=corner.count(), here=corner.sum()).collect(engine="in-memory")
            self.clicks, self.corners = self.clicks + counted["all"][0], self.corners + counted["here"][0]

    def first(self) -> pl.DataFrame:
        """`session_id, ts`: when each session began."""
        return self.firsts[0] if len(self.firsts) == 1 else _earliest(self.firsts)


MANY = 8
"""Pieces whose sessions wait to be put together."""
READ = ("session_id", "ts", "kind", "url", "x", "y")


def _earliest(firsts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(firsts).lazy().group_by("session_id").agg(pl.col("ts").min()).collect()
