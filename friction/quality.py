"""What the data themselves say about how far they can be trusted: checks with a verdict and their figures.

`good`: nothing to say. `remark`: the report goes on, the reader should know. `held_back`: findings would mislead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from friction.report import Excluded, Quality
from friction.values import dataclass

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
    repeated: int = 0
    """Accepted records that tell an event once more; it counts once."""
    batched: int = 0
    """Accepted records that only have the time at which they were sent, together with others."""
    whole: pl.Series | None = None
    """For each session that is a piece of one of the export that one, null for others; null when nothing was cut."""
    has_sessions: bool = True
    """Whether the export names sessions; else each is a visitor's time between two silences."""
    sampled: float | None = None
    """The share of sessions that the export holds where its tool keeps a sample, the smallest of all files."""


def checks(sessions: pl.DataFrame, counts: Counts, zone: str, now: datetime | None = None) -> list[Quality]:
    """All checks, in a fixed order; `sessions` is the table of `friction.reduce`.

    Only who knows what time it is, `now`, learns of dates in the future: a report must not depend on it.
    """
    return [
        books(counts),
        _automated(sessions),
        _cuts(counts),
        _repeats(counts),
        _zone(sessions),
        _batched(counts),
        _jumps(sessions, counts),
        _dates(sessions),
        *([_future(sessions, now)] if now else []),
        _gaps(sessions, zone),
        *([_sampled(counts.sampled)] if counts.sampled is not None else []),
        _size(sessions),
    ]


def _verdict(check: str, remark: bool, **detail: object) -> Quality:
    return Quality(check, "remark" if remark else "good", dict(detail))


def books(counts: Counts) -> Quality:
    """Records and cells that could not be read."""
    detail = {"accepted": counts.accepted, "rejected": counts.rejected, "outside_period": counts.outside}
    if counts.unreadable_cells:
        detail["unreadable_cells"] = counts.unreadable_cells
    return _verdict("rows_read", counts.rejected + counts.unreadable_cells > 0, **detail)


def _repeats(counts: Counts) -> Quality:
    return _verdict("duplicates", counts.repeated > 0, events=counts.repeated)


def _batched(counts: Counts) -> Quality:
    """Events of one sending share their time, so neither their order nor the time between them is known."""
    return _verdict("batched_times", counts.batched > 0, events=counts.batched)


def costs_sampled(views: int, of: int) -> Quality:
    """Of very many page views only some, drawn by chance, tell what a point costs; counts are those of all."""
    return _verdict("costs_sampled", remark=True, views=views, views_in_all=of)


def _sampled(share: float) -> Quality:
    """Shares of visitors and sessions stay what they are; every count is that of the sample."""
    return _verdict("sampled", share < 1, share=share)


def _automated(sessions: pl.DataFrame) -> Quality:
    """Sessions that no person made; they are in no friction point."""
    machines = sessions.filter("automated")
    detail = {"sessions": machines.height, "events": int(machines["events"].sum())}
    return _verdict("automated_sessions", machines.height > 0, **detail)


def excluded(found: Sequence[Excluded]) -> list[Quality]:
    """Sessions that `[exclude]` leaves out; no check where nobody asked for it."""
    if not found:
        return []
    sessions, events = sum(each.sessions for each in found), sum(each.events for each in found)
    return [_verdict("excluded_sessions", sessions > 0, sessions=sessions, events=events)]


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


def _jumps(sessions: pl.DataFrame, counts: Counts) -> Quality:
    """Sessions by the export's own ids that pause for a day: a clock that was set, or an id that never ends."""
    if not counts.has_sessions or counts.whole is None:
        return _verdict("clock_jumps", remark=False, sessions=0)
    pieces = sessions.select("start", "end", key=counts.whole).drop_nulls("key").sort("key", "start")
    pause = pl.col("start") - pl.col("end").shift()
    apart = pieces.filter(pl.col("key") == pl.col("key").shift(), pause > pl.duration(microseconds=DAY_US))
    return _verdict("clock_jumps", apart.height > 0, sessions=apart["key"].n_unique())


def _future(sessions: pl.DataFrame, now: datetime) -> Quality:
    """Sessions that start later than a day from `now`: the clock of a device, or a unit of time, is wrong."""
    late = sessions.filter(pl.col("start") > now + timedelta(days=1)).height
    return _verdict("future_dates", late > 0, sessions=late)


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
