"""What people said and asked, put beside the sessions it belongs to."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey.channels import ALL
from friction.summary.build import Analysis
from friction.summary.journey.trips import Trips


def contacts_of(analysis: Analysis) -> pl.DataFrame:
    """Calls for help: `session_id` where known; events of tickets and chats count as well."""
    asked = analysis.tables.signs.filter(pl.col("sign").is_in(["support", "chat"]))
    return asked.select("session_id", "n").select(pl.col("session_id").repeat_by("n").explode())


def placed(told: pl.DataFrame, trips: Trips, persona: NDArray[np.int64]) -> pl.DataFrame:
    """The same with `stage, channel, device, month` and `persona` of the session each belongs to; null without one."""
    label = persona[trips.table["visitor"].to_numpy()]
    about = trips.table.select(
        "session_id",
        "stage",
        "device",
        "month",
        channel=pl.Series(ALL, dtype=pl.String).gather(trips.table["channel_code"]),
        persona=pl.Series(
            [f"persona_{number + 1}" if number >= 0 else None for number in label], dtype=pl.String
        ),
    )
    return told.join(about, on="session_id", how="left", maintain_order="left")
