"""Exits over time: the series of every page, and what its rises cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from friction.detectors.dropoff_spike import DropoffSpike
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
    the last of its session and the session did not convert in it. Left out: the unfinished last hour, and what was
    opened within the session time-out before the end of the data, since its session may still go on.
    """
    local = pl.col("opened").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    hours = with_exits(views).with_columns(hour=local.dt.timestamp("us") // HOUR_US)
    end = views["opened"].max()
    if not isinstance(end, datetime):
        return pl.DataFrame(
            schema={"page": pl.UInt32(), "hour": pl.Int64(), "n": pl.UInt32(), "k": pl.UInt32()}
        )
    known_until = pl.lit(end - timedelta(microseconds=SESSION_GAP_US))
    unfinished = (
        known_until.dt.convert_time_zone(zone).dt.replace_time_zone(None).dt.timestamp("us") // HOUR_US
    )
    done = hours.filter(pl.col("hour") < unfinished)
    return done.group_by("page", "hour").agg(
        pl.len().cast(pl.UInt32).alias("n"), pl.col("exit").sum().cast(pl.UInt32).alias("k")
    )


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
