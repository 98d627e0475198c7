"""What the data themselves say about how far they can be trusted: checks with a verdict and their figures.

`good`: nothing to say. `remark`: the report goes on, the reader should know. `held_back`: findings would mislead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from friction.report import Quality

DAY_US = 86_400_000_000
FIRST_YEAR, LAST_YEAR = 2005, 2100
FEW_SESSIONS = 30
QUIET_SHARE = 0.02
"""A day with less than this share of the median day's sessions, between two others, is a gap in tracking."""


@dataclass(frozen=True)
class Counts:
    """What reading counted."""

    accepted: int
    rejected: int
    outside: int
    cuts: int
    """Sessions that are the second or a later piece of one, in this analysis or when the events were converted."""
    unreadable_cells: int = 0
    """Cells of accepted records that hold something no one can read; they count as empty."""


def checks(sessions: pl.DataFrame, counts: Counts, zone: str) -> list[Quality]:
    """All checks, in a fixed order; `sessions` is the table of `friction.reduce`."""
    return [
        _books(counts),
        _automated(sessions),
        _cuts(counts),
        _zone(sessions),
        _dates(sessions),
        _gaps(sessions, zone),
        _size(sessions),
    ]


def _verdict(check: str, remark: bool, **detail: object) -> Quality:
    return Quality(check, "remark" if remark else "good", dict(detail))


def _books(counts: Counts) -> Quality:
    detail = {"accepted": counts.accepted, "rejected": counts.rejected, "outside_period": counts.outside}
    if counts.unreadable_cells:
        detail["unreadable_cells"] = counts.unreadable_cells
    return _verdict("rows_read", counts.rejected + counts.unreadable_cells > 0, **detail)


def _automated(sessions: pl.DataFrame) -> Quality:
    """Sessions that no person made; they are in no friction point."""
    machines = sessions.filter("automated")
    detail = {"sessions": machines.height, "events": int(machines["events"].sum())}
    return _verdict("automated_sessions", machines.height > 0, **detail)


def _cuts(counts: Counts) -> Quality:
    """Sessions that were cut out of longer ones at 30 minutes of silence."""
    return _verdict("sessions_cut", counts.cuts > 0, cuts=counts.cuts)


def _zone(sessions: pl.DataFrame) -> Quality:
    assumed = int(sessions["tz_assumed"].sum()) if "tz_assumed" in sessions.columns else 0
    return _verdict("time_zone_assumed", assumed > 0, sessions=assumed)


def _dates(sessions: pl.DataFrame) -> Quality:
    odd = int((~sessions["start"].dt.year().is_between(FIRST_YEAR, LAST_YEAR)).sum())
    held = odd * 10 > sessions.height
    return Quality(
        "implausible_dates", "held_back" if held else "remark" if odd else "good", {"sessions": odd}
    )


def _gaps(sessions: pl.DataFrame, zone: str) -> Quality:
    """Days without data between days with plenty: the tracking stopped, not the visitors."""
    days = sessions.group_by(day=pl.col("start").dt.convert_time_zone(zone).dt.date()).len().sort("day")
    if days.height < 5:
        return _verdict("tracking_gaps", remark=False, days=[])
    every = days.upsample("day", every="1d").fill_null(0)
    limit = QUIET_SHARE * float(np.median(days["len"].to_numpy()))
    quiet = every.filter(pl.col("len") < limit)
    return _verdict("tracking_gaps", quiet.height > 0, days=[str(day) for day in quiet["day"].to_list()])


def _size(sessions: pl.DataFrame) -> Quality:
    people = sessions.filter(~pl.col("automated")).height
    return _verdict("sessions", people < FEW_SESSIONS, people=people)


def held_back(quality: Sequence[Quality]) -> bool:
    """True when a check says that findings would mislead."""
    return any(check.verdict == "held_back" for check in quality)
