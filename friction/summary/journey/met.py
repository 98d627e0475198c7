"""Which kinds of pages, events and contacts each session met, and how far it was there."""

from __future__ import annotations

import numpy as np
import polars as pl

from friction.journey.signs import SIGNS
from friction.summary.journey.ground import Ground
from friction.summary.journey.trips import Trips

_SEEN = ("session_id", "group", "name", "stage", "inside")


def met_where(ground: Ground, trips: Trips) -> pl.DataFrame:
    """`session_id, group, name, stage, inside` (the product), once each; of people and machines alike."""
    return pl.concat([_pages_seen(ground), _events_seen(ground), _outside(trips)])


def _pages_seen(ground: Ground) -> pl.DataFrame:
    views = ground.analysis.tables.read("views", "session_id", "page")
    # By numbers: a page has one name and one group, and there are many more views than words.
    once = views.with_columns(stage=pl.Series(ground.staged.view)).unique()
    placed = [
        role or ("page" if page != "(no page)" else None)
        for role, page in zip(ground.roles, ground.pages, strict=True)
    ]
    group = pl.Series(placed, dtype=pl.String).gather(once["page"])
    name = pl.Series(ground.pages, dtype=pl.String).gather(once["page"])
    found = once.with_columns(group=group, name=name, inside=pl.lit(value=True)).drop_nulls("group")
    return found.select(_SEEN)


def _events_seen(ground: Ground) -> pl.DataFrame:
    signs = ground.analysis.tables.signs.filter(pl.col("sign").is_in(list(SIGNS)))
    number = ground.analysis.tables.read("views", "view")["view"].to_numpy()
    at = np.searchsorted(number, signs["view"].to_numpy()).clip(0, max(len(number) - 1, 0))
    stage = ground.staged.view[at] if len(number) else np.zeros(0, np.uint8)
    sign = pl.col("sign").cast(pl.String)
    group = pl.when(sign == "feedback").then(pl.lit("survey")).otherwise(pl.format("event_{}", sign))
    return signs.select(
        "session_id",
        group=pl.when(sign.is_in(["support", "chat"])).then(sign).otherwise(group),
        name=pl.lit(None, pl.String()),
        stage=pl.Series(stage, dtype=pl.UInt8),
        inside=~sign.is_in(["support", "feedback", "chat"]),
    )


def _outside(trips: Trips) -> pl.DataFrame:
    """Sessions without a page, where others have one: touches outside of the product."""
    return trips.table.filter(~pl.col("placed")).select(
        "session_id",
        group=pl.lit("outside"),
        name="name",
        stage=pl.col("stage").cast(pl.UInt8),
        inside=pl.lit(value=False),
    )
