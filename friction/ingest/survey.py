"""What has to be known of all rows before any part can be made: gathered piece by piece, and added up."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.ingest.store import BLOCK
from friction.schema import TS

NEVER = np.iinfo(np.int64).max


@dataclass
class Survey:
    """What the pieces so far said."""

    opened: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """When each session began (µs since 1970), by its number in the pool; `NEVER` where no row has that."""
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
        """One more piece; its addresses with it, as far as it has the column."""
        self.visit(rows)
        of_session = rows["session_id"].to_physical().to_numpy()
        self.opened = _reaching(self.opened, int(of_session.max(initial=0)) + 1, NEVER)
        np.minimum.at(self.opened, of_session, rows["ts"].to_physical().to_numpy())
        self.has_views |= bool(rows["kind"].is_in(["page_view", "route_change"]).any())
        self.knows_scroll_ends |= bool((rows["kind"] == "scroll_end").any())
        if {"x", "y"} <= set(rows.columns):
            corner = ((pl.col("x") == 0) & (pl.col("y") == 0)).filter(
                (pl.col("kind") == "click") & pl.col("x").is_not_null()
            )
            counted = rows.lazy().select(all=corner.count(), here=corner.sum()).collect(engine="in-memory")
            self.clicks, self.corners = self.clicks + counted["all"][0], self.corners + counted["here"][0]

    def visit(self, rows: pl.DataFrame) -> None:
        """The addresses of one more piece."""
        if "url" in rows.columns:
            numbers = rows["url"].to_physical().drop_nulls().to_numpy()
            self.addresses = _reaching(
                self.addresses, int(numbers.max(initial=0)) + 1 if len(numbers) else 0, 0
            )
            for start in range(0, len(numbers), step := max(BLOCK, len(self.addresses))):
                block = numbers[start : start + step]
                self.addresses += np.bincount(block, minlength=len(self.addresses))

    def first(self) -> pl.DataFrame:
        """`session_id, ts`: when each session began."""
        seen = np.flatnonzero(self.opened != NEVER)
        number, began = pl.Series(seen.astype(np.uint32)), pl.Series(self.opened[seen])
        return pl.DataFrame({"session_id": number, "ts": began.cast(TS)})


READ = ("session_id", "ts", "kind", "url", "x", "y")


def _reaching(numbers: NDArray[np.int64], length: int, filled: int) -> NDArray[np.int64]:
    """The numbers, with more of `filled` where they are fewer than `length`."""
    return np.pad(numbers, (0, max(0, length - len(numbers))), constant_values=filled)
