"""Friction points: the findings of one detector on one page and target, gathered from the tables of all parts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from friction.detectors.base import Detector
from friction.dictionaries import Words
from friction.reduce import Tables
from friction.schema import SEGMENTS

IDENTITY = "1"
"""Version of the identity: what a point's id is made of."""
POINT = ("detector", "page", "target")
SEGMENT_SESSIONS, SEGMENT_LIFT, SEGMENTS_SHOWN = 10, 1.2, 3


@dataclass(frozen=True)
class Points:
    """All friction points of an analysis as tables keyed by `point` (0 … n − 1, in the order of `POINT`)."""

    table: pl.DataFrame
    """`point`, `detector, page, target` (codes), `findings, sessions, visitors, exposed, severity, first, last`."""
    hits: pl.DataFrame
    """`point, view, session_id, day`."""


def gather(tables: Tables, zone: str) -> Points:
    """Number the points and count whom they affected, out of whom."""
    hits = tables.hits
    keys = hits.select(POINT).unique().sort(POINT, nulls_last=False).with_row_index("point")
    days = tables.sessions.select(
        "session_id", "visitor", day=pl.col("start").dt.convert_time_zone(zone).dt.date()
    )
    hits = hits.join(keys, on=POINT, nulls_equal=True).join(days, on="session_id")
    summed = hits.group_by("point").agg(
        pl.col("findings").sum(),
        pl.col("session_id").n_unique().alias("sessions"),
        pl.col("visitor").n_unique().alias("visitors"),
        (pl.col("severity").cast(pl.Float64) * 1000).round().cast(pl.Int64).sum().alias("severity"),
        pl.len().alias("views"),
        pl.col("first").min(),
        pl.col("last").max(),
    )
    exposed = tables.views.group_by("page").agg(exposed=pl.col("session_id").n_unique())
    table = keys.join(summed, on="point").join(exposed, on="page", how="left").sort("point")
    severity = pl.col("severity") / (pl.col("views") * 1000.0)
    table = table.with_columns(severity=severity, exposed=pl.max_horizontal("exposed", "sessions"))
    return Points(table.drop("views"), hits.select("point", "view", "session_id", "day"))


def clean_uses(tables: Tables, detectors: Mapping[str, Detector], table: pl.DataFrame) -> pl.DataFrame:
    """`point, view`: views in which the element of a point was used, and no detector found trouble with it.

    `table` holds the points asked for. Targets of detectors that code them otherwise (forms) bring their own uses.
    """
    if "target" not in tables.uses.columns:
        return pl.DataFrame(schema={"point": pl.UInt32(), "view": pl.UInt32()})
    keys = table.filter(pl.col("target").is_not_null()).select("point", *POINT)
    own = [name for name, detector in detectors.items() if "target" in detector.coded]
    clicked = keys.filter(~pl.col("detector").cast(pl.String).is_in(own))
    uses = tables.uses.with_columns(
        detector=pl.col("detector") if "detector" in tables.uses.columns else None
    )
    clicks = uses.filter(pl.col("detector").is_null()).join(clicked.drop("detector"), on=["page", "target"])
    trouble = tables.hits.join(clicked.select("page", "target").unique(), on=["page", "target"], how="semi")
    clean = clicks.join(trouble, on=["page", "target", "view"], how="anti").select("point", "view")
    if not own or "detector" not in tables.uses.columns:
        return clean
    return pl.concat([clean, tables.uses.drop_nulls("detector").join(keys, on=POINT).select("point", "view")])


def identity(detector: str, page: str, target: str | None) -> str:
    """The id of a point: 16 hex digits, the same for any thresholds, file order and version of the numbers."""
    text = "\x1f".join([IDENTITY, detector, page, target or ""])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def trends(points: Points, tables: Tables, zone: str) -> pl.DataFrame:
    """`point, day, affected, exposed` sessions, one row for each day on which the page was seen; by session start."""
    days = tables.sessions.select("session_id", day=pl.col("start").dt.convert_time_zone(zone).dt.date())
    seen = tables.views.select("session_id", "page").unique().join(days, on="session_id")
    exposed = seen.group_by("page", "day").len("exposed")
    met = points.hits.select("point", "session_id", "day").unique().group_by("point", "day").len("affected")
    frame = (
        points.table.select("point", "page")
        .join(exposed, on="page")
        .join(met, on=["point", "day"], how="left")
    )
    return frame.select("point", "day", pl.col("affected").fill_null(0), "exposed").sort("point", "day")


def segments(points: Points, tables: Tables, words: Words) -> pl.DataFrame:
    """Where a point strikes more often than elsewhere: `point, dimension, value, sessions_affected, …, lift`.

    The affected share among sessions on the page with that value, over the share among those without; at least ten
    affected sessions and 1.2 times. The best three of a point, the rest left out.
    """
    dimensions = [name for name in SEGMENTS if name in tables.sessions.columns]
    if not dimensions:
        return pl.DataFrame(
            schema={"point": pl.UInt32(), "dimension": pl.String(), "value": pl.String(), **_LIFT}
        )
    context = tables.sessions.select("session_id", *dimensions)
    met = points.hits.select("point", "session_id").unique().join(context, on="session_id")
    seen = tables.views.select("session_id", "page").unique().join(context, on="session_id")
    lifts = [_lifts(points.table, met, seen, name, words) for name in dimensions]
    ranked = pl.concat(lifts).sort(
        "point", "lift", "dimension", "value", descending=[False, True, False, False]
    )
    return ranked.group_by("point", maintain_order=True).head(SEGMENTS_SHOWN)


_LIFT = {"sessions_affected": pl.UInt32(), "sessions_exposed": pl.UInt32(), "lift": pl.Float64()}


def _lifts(
    table: pl.DataFrame, met: pl.DataFrame, seen: pl.DataFrame, name: str, words: Words
) -> pl.DataFrame:
    here = met.drop_nulls(name).group_by("point", name).len("sessions_affected")
    there = seen.drop_nulls(name).group_by("page", name).len("sessions_exposed")
    frame = here.filter(pl.col("sessions_affected") >= SEGMENT_SESSIONS)
    frame = frame.join(table.select("point", "page", "sessions", "exposed"), on="point").join(
        there, on=["page", name]
    )
    rest = (pl.col("sessions") - pl.col("sessions_affected") + 0.5) / (
        pl.col("exposed") - pl.col("sessions_exposed") + 1.0
    )
    lift = pl.col("sessions_affected") / pl.col("sessions_exposed") / rest
    frame = frame.filter(pl.col("exposed") > pl.col("sessions_exposed")).with_columns(lift=lift)
    value = words.by_column[name].gather(frame[name])
    frame = frame.with_columns(dimension=pl.lit(name), value=value).filter(pl.col("lift") >= SEGMENT_LIFT)
    return frame.select("point", "dimension", "value", *(pl.col(n).cast(t) for n, t in _LIFT.items()))


def overlaps(points: Points, ranked: pl.Series, share: float = 0.3) -> pl.DataFrame:
    """`point, other`: pairs of the `ranked` points that strike the same page views more than `share` of the time."""
    met = points.hits.filter(pl.col("point").is_in(ranked.implode())).select("point", "view").unique()
    views = met.group_by("point").len("views")
    pairs = met.join(met, on="view", suffix="_other").filter(pl.col("point") != pl.col("point_other"))
    both = pairs.group_by("point", other="point_other").len("both").join(views, on="point")
    return (
        both.filter(pl.col("both") > share * pl.col("views")).select("point", "other").sort("point", "other")
    )
