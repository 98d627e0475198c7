"""Views for tests of impact: cells of counts worked out by hand, and worlds drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact import Exposures

VIEWS = pl.Schema(
    {
        "view": pl.UInt32(),
        "session_id": pl.UInt32(),
        "page": pl.UInt32(),
        "exit": pl.Boolean(),
        "converts_later": pl.Boolean(),
        "stratum": pl.UInt32(),
    }
)
PAIRS = pl.Schema({"point": pl.UInt32(), "view": pl.UInt32()})


@dataclass(frozen=True)
class Cell:
    """So many views, the first of them exits, the next ones stays that convert later."""

    views: int
    exits: int
    later: int = 0
    page: int = 0
    stratum: int = 0


def views_of(cells: Sequence[Cell]) -> pl.DataFrame:
    """One session a view."""
    rows = [
        (cell.page, number < cell.exits, cell.exits <= number < cell.exits + cell.later, cell.stratum)
        for cell in cells
        for number in range(cell.views)
    ]
    frame = pl.DataFrame(rows, schema=["page", "exit", "converts_later", "stratum"], orient="row")
    numbered = frame.with_row_index("view").with_columns(session_id="view")
    return numbered.select(pl.col(name).cast(dtype) for name, dtype in VIEWS.items())


def against(
    exposed: Sequence[Cell], others: Sequence[Cell], uses: Sequence[Cell] = ()
) -> tuple[pl.DataFrame, Exposures]:
    """A world with one point: its exposed views, the other views, and among these last ones clean uses."""
    met, clean = (sum(cell.views for cell in cells) for cells in (exposed, uses))
    views = views_of([*exposed, *uses, *others])
    return views, Exposures(pairs(range(met)), pairs(range(met, met + clean)), 1, np.array([0]))


def pairs(views: Sequence[int], point: int = 0) -> pl.DataFrame:
    """Views that met one point."""
    return pl.DataFrame({"point": [point] * len(views), "view": list(views)}, schema=PAIRS)


@dataclass(frozen=True)
class World:
    """Many views of some pages, points that strike at random, and how many exits each truly added."""

    views: pl.DataFrame
    exposures: Exposures
    added: NDArray[np.float64]


def world(seed: int, points: int = 12, views: int = 9000, harm: float = 0.0) -> World:
    """Points on four pages; who is engaged leaves less and meets more. `harm`: share of the struck who leave for it."""
    chance = np.random.default_rng(seed)
    page, stratum = chance.integers(0, 4, views), chance.integers(0, 3, views)
    leaves = chance.random(views) < np.array([0.15, 0.3, 0.2, 0.4])[page] - 0.05 * stratum
    pushed = np.zeros(views, dtype=bool)
    struck, added = [], []
    for point in range(points):
        met = np.flatnonzero((page == point % 4) & (chance.random(views) < 0.03 + 0.04 * stratum))
        gone = met[(chance.random(len(met)) < harm) & ~leaves[met] & ~pushed[met]]
        pushed[gone] = True
        struck.append(pairs(met.tolist(), point))
        added.append(float(len(gone)))
    frame = pl.DataFrame(
        {
            "view": np.arange(views),
            "session_id": np.arange(views),
            "page": page,
            "exit": leaves | pushed,
            "converts_later": ~(leaves | pushed) & (chance.random(views) < 0.3),
            "stratum": stratum,
        },
        schema=VIEWS,
    )
    none = pl.DataFrame(schema=PAIRS)
    return World(
        frame, Exposures(pl.concat(struck), none, points, np.zeros(points, dtype=np.int64)), np.array(added)
    )
