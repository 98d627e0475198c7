"""What people said and asked, put beside the sessions it belongs to."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.journey.channels import ALL
from friction.summary.analysis import Analysis
from friction.summary.journey.trips import Trips


def contacts_of(analysis: Analysis) -> pl.DataFrame:
    """Calls for help, one row each: `session_id` where known. Tickets of files and of events, and chats.

    They are held against the sessions, so a ticket of nobody here counts only if it is from the time of the sessions:
    help desks export years.
    """
    heard, signs = analysis.ingested.heard, analysis.tables.signs
    tickets = heard.voices.tickets.height > 0
    asked = signs.filter(pl.col("sign").is_in(["chat"] if tickets else ["support", "chat"]))
    found = asked.select(pl.col("session_id").repeat_by("n").explode())
    if not tickets:
        return found.drop_nulls()
    sessions = analysis.tables.sessions
    told = heard.sessions("tickets", analysis.ingested.events, sessions)
    meanwhile = pl.col("ts").is_between(sessions["start"].min(), sessions["end"].max())
    told = told.filter(pl.col("session").is_not_null() | meanwhile)
    return pl.concat([found.drop_nulls(), told.select(session_id=pl.col("session").cast(pl.UInt32))])


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
