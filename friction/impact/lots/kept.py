"""All page views of an estimate outside of memory, in lots of some pages each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.asked import BLOCK, Blocks
from friction.impact.covariates import Held
from friction.impact.stretches import Openings
from friction.impact.views import Bools, Codes, Views
from friction.order import Ints
from friction.reduce.kept import Shelf
from friction.reduce.lots import Lotted
from friction.values import dataclass

LOT = 1_000_000
"""Page views of a lot, about; a page is never in two."""
KNOWN = {
    **dict.fromkeys(("number", "session", "visitor", "page"), np.uint32),
    **dict.fromkeys(("exit", "converts", "wins", "returns"), np.bool_),
}
"""What `Views` knows of each view, but for its opening."""


@dataclass(frozen=True)
class Lots:
    """All page views, up to the conversion of their session."""

    views: Lotted
    lot: NDArray[Any]
    """By number of a view; for those that are left out, and as the last one, a number beyond all lots."""
    held: Held
    """The patterns of what was known when views opened."""
    states: Sequence[Codes]
    """By stretch and number of a state in it, its number among all."""
    paths: Sequence[Codes]
    """Likewise."""
    shelf: Shelf

    def __len__(self) -> int:
        return self.views.lots

    def of(self, lot: int) -> tuple[Views, Held]:
        """The views of a lot in the order of session and time, and the patterns of what was known at their opening."""
        pieces = list(self.views.pieces(lot))
        codes = [
            np.concatenate([of[piece[name].to_numpy()] for of, piece in zip(known, pieces, strict=True)])
            for name, known in (("state", self.states), ("path", self.paths))
        ]
        rows = pl.concat(pieces)
        known = {name: rows[name].to_numpy() for name in KNOWN}
        none = np.zeros((rows.height, 0), np.uint8)
        return Views(**known, opening={}, history=none), self.held.coding(*codes)

    def split(self, pairs: Blocks, name: str, wanted: Bools | None = None) -> Lotted:
        """`point, view` by the lots of the views; of the `wanted` points alone (by point; null: all)."""
        found = Lotted(self.shelf(name), len(self))
        found.append(pl.DataFrame(schema={"point": pl.UInt32(), "view": pl.UInt32()}), np.zeros(0, np.int64))
        for all_ in pairs.iter_slices(BLOCK):
            block = all_ if wanted is None else all_.filter(wanted[all_["point"].to_numpy()])
            block = block.cast(pl.UInt32())
            at = np.minimum(block["view"].to_numpy(), len(self.lot) - 1)
            found.append(block, self.lot[at])
        return found


def arranged(openings: Openings, shelf: Shelf, last: int) -> Lots:
    """The page views in lots; `last` is the number of the last one."""
    of_page = _lots(openings.pages)
    lots = int(of_page.max(initial=-1)) + 1
    views, lot = Lotted(shelf("compared"), lots), np.full(last + 2, lots, np.min_scalar_type(lots))
    for some, state, path in openings:
        known = {name: getattr(some, name) for name in KNOWN}
        mine = lot[some.number] = of_page[some.page]
        views.append(pl.DataFrame({**known, "state": state, "path": path}), mine)
    return Lots(views, lot, openings.held, openings.states, openings.paths, shelf)


def _lots(views: Ints) -> Ints:
    """By page its lot, from the views of each: neighbours together as long as there is room."""
    begun = (np.cumsum(views) - views) // LOT
    found: Ints = np.unique(begun, return_inverse=True)[1]
    return found
