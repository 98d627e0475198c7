"""Exits over time: the series of every page, and what its rises cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from friction.detectors.dropoff_spike import DropoffSpike
from friction.order import tally
from friction.schema import SESSION_GAP_US

HOUR_US = 3_600_000_000


def with_exits(views: pl.DataFrame) -> pl.DataFrame:
    """The views with `exit`: the last of its session, which did not convert in it. Sorted by session and time."""
    if "exit" in views.columns:
        return views
    last = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
    return views.with_columns(exit=last & ~pl.col("converts"))


def series(views: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`page, hour, n, k`: views opened in each hour of the zone's clock, and how many of them were exits.

    `views` has `page, opened, session_id, converts` and is sorted by session and time. A view is an exit when it is
    the last of its session and the session did not convert in it. What `timed` leaves out is not in it.
    """
    return counted(timed(with_exits(views), zone), "page")


def counted(units: pl.DataFrame, by: str) -> pl.DataFrame:
    """`by, hour, n, k` of units with `hour` and `exit`."""
    if units.height and not units[by].null_count():
        # Counted by tables of numbers, in a fraction of the time and room that groups of rows take.
        first, hours = int(str(units["hour"].min())), units["hour"].to_numpy()
        what, at, left, n = tally(units[by].to_numpy(), hours - first, units["exit"].to_numpy())
        told = {by: what, "hour": at + first, "n": n, "k": n * left}
        units = pl.DataFrame(told, schema_overrides={by: units.schema[by]})
        sums = [pl.col("n", "k").sum().cast(pl.UInt32)]
    else:
        sums = [pl.len().cast(pl.UInt32).alias("n"), pl.col("exit").sum().cast(pl.UInt32).alias("k")]
    return units.group_by(by, "hour").agg(sums)


def timed(units: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Page views, or anything else with `opened`, and the `hour` of the zone's clock since the epoch.

    Left out: the unfinished last hour, and what was opened within the session time-out before the end of the data,
    since its session may still go on; hours in which recording stopped, and the hour before them, in which sessions
    were cut off.
    """
    hours = units.with_columns(hour=hour_of(pl.col("opened"), zone))
    end = units["opened"].max()
    return hours.filter(are_counted(hours["hour"], end, zone)) if isinstance(end, datetime) else hours


def are_counted(hours: pl.Series, end: datetime | None, zone: str) -> pl.Series:
    """Which units count (`timed`) by the hour each was opened in; the last was opened at `end`, null: there is none."""
    if end is None:
        return pl.repeat(value=False, n=hours.len(), eager=True)
    known_until = pl.lit(end - timedelta(microseconds=SESSION_GAP_US))
    last = pl.select(hour_of(known_until, zone)).item()
    done: pl.Series = (hours < last).fill_null(value=False)
    silent = silences(hours.filter(done))
    if silent.len():
        done &= ~hours.is_in(silent.implode())
    return done


def hour_of(instant: pl.Expr, zone: str) -> pl.Expr:
    """The hour of the zone's clock since the epoch."""
    return instant.dt.convert_time_zone(zone).dt.replace_time_zone(None).dt.timestamp("us") // HOUR_US


USUAL_VIEWS, SILENT_SHARE = 20, 0.2
FEWEST_DAYS = 3


def silences(hours: pl.Series) -> pl.Series:
    """Hours in which recording plainly stopped, each run of them with the hour before; `hours`: of every view.

    An hour with less than a fifth of the views that are usual at its hour of the week (of the day, in less than two
    weeks), where at least 20 are usual: no chance does that. Sessions that were under way when it began end without
    their end, which looks like exits in the hour before.
    """
    counts = hours.value_counts().sort("hour").with_columns(pl.col("hour").cast(pl.Int64))
    if not counts.height or counts["hour"][-1] - counts["hour"][0] < FEWEST_DAYS * 24:
        return pl.Series("hour", [], hours.dtype)
    first, last = counts["hour"][0], counts["hour"][-1]
    cycle = 168 if last - first >= 2 * 168 else 24
    every = pl.DataFrame({"hour": pl.int_range(first, last + 1, dtype=pl.Int64, eager=True)})
    every = every.join(counts, on="hour", how="left").with_columns(pl.col("count").fill_null(0))
    usual = pl.col("count").median().over(pl.col("hour") % cycle)
    silent = every.filter((usual >= USUAL_VIEWS) & (pl.col("count") < SILENT_SHARE * usual))["hour"]
    return pl.concat([silent, silent - 1]).unique().sort().cast(hours.dtype)


def instant(hour: int | None, zone: str) -> str | None:
    """An hour of the zone's clock as UTC text; a skipped or doubled hour is its first instant."""
    if hour is None:
        return None
    local = pl.Series([hour * HOUR_US]).cast(pl.Datetime("us"))
    utc = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
        "UTC"
    )
    if utc[0] is None:
        return instant(hour + 1, zone)
    return str(utc.dt.strftime("%Y-%m-%dT%H:%M:%SZ")[0])


def changes(detector: DropoffSpike, views: pl.DataFrame, zone: str) -> pl.DataFrame:
    """What `DropoffSpike.changes` finds in the series of these views."""
    return detector.changes(series(views, zone))
