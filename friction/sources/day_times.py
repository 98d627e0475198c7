"""Times in two columns, as spreadsheets and old logs write them: the day in one, the time of day in another.

Read alone, the day would put every event at midnight: the order of events and all durations would be gone unnoticed.
"""

from __future__ import annotations

import polars as pl

from friction.sources import times

CLOCKS = (
    *("time", "time (utc)", "time_of_day", "event_time", "hour", "clock", "heure", "heure de l'événement"),
    *("uhrzeit", "zeit", "hora", "ora", "tijd"),
)
"""What a file may call the time of day."""
_DAY = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$"
_MIDNIGHT = r"[ T]0?0:00(?::00(?:\.0+)?)?$"
_CLOCK = r"^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm]|Z|UTC|[+-]\d{2}:?\d{2})?$"
_MOST = 0.95


def together(day: pl.Expr, clock: pl.Expr) -> pl.Expr:
    """Days and times of day as one text; null where either is."""
    days = day.cast(pl.String()).str.strip_chars().str.replace(_MIDNIGHT, "")
    return days + " " + clock.cast(pl.String()).str.strip_chars()


def are_two(days: pl.Series, clocks: pl.Series) -> bool:
    """Whether these samples of two columns are days and times of day that can be read as one time."""
    frame = pl.DataFrame({"day": days, "clock": clocks}).drop_nulls()
    if frame.is_empty():
        return False
    day = pl.col("day").str.strip_chars().str.replace(_MIDNIGHT, "").str.contains(_DAY)
    fits = frame.select((day & pl.col("clock").str.strip_chars().str.contains(_CLOCK)).mean()).item()
    whole = frame.select(together(pl.col("day"), pl.col("clock"))).to_series()
    return bool(fits >= _MOST) and times.plausible(whole) >= _MOST
