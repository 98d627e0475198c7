"""Tables of a part that need no detector: its sessions, its page views, what was used, how fast pages were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from friction.order import Groups
from friction.part import Part
from friction.reduce.evidence import packed
from friction.schema import TIMINGS

BINS_PER_E = 50
"""Histogram bins of a timing: 2 % wide, so a quantile is known to 2 %."""


def sessions(part: Part, machines: pl.Series) -> pl.DataFrame:
    """`session_id`, `key`, `piece`, span, number of events, its context, goals reached (bits), where and for how much
    the first."""
    session, rows = pl.col("session_id"), part.rows
    where = rows.lazy().select("session_id", "key", "row", "ts")
    opens = where.filter(session.ne_missing(session.shift())).rename({"ts": "start"})
    closes = where.filter(session.ne_missing(session.shift(-1))).select(end="ts", last="row")
    table = pl.concat(pl.collect_all([opens, closes], engine="in-memory"), how="horizontal")
    new_key = pl.col("key").ne_missing(pl.col("key").shift())
    first = pl.when(new_key).then("session_id").forward_fill()
    table = table.select(
        *("session_id", "key", "start", "end"),
        events=(pl.col("last") - pl.col("row") + 1).cast(pl.UInt32),
        piece=(session - first + 1).cast(pl.UInt32),
        automated=session.is_in(machines.implode()),
    )
    kept = [name for name in part.context.columns if name not in {"key", "is_bot"}]
    table = table.with_columns(part.of_session(name, table["key"]).alias(name) for name in kept)
    table = table.with_columns(_own(name, rows, table) for name in part.own)
    table = table.join(_reached(rows), on="session_id", how="left", maintain_order="left")
    return table.with_columns(pl.col("goals").fill_null(0))


def _own(name: str, rows: pl.DataFrame, table: pl.DataFrame) -> pl.Series:
    """What each session says first itself; null where it says nothing."""
    first = (
        rows.select("session_id", name).drop_nulls().unique("session_id", keep="first", maintain_order=True)
    )
    return table.select("session_id").join(first, on="session_id", how="left", maintain_order="left")[name]


def _reached(rows: pl.DataFrame) -> pl.DataFrame:
    """Sessions that reached a goal: `goals` as bits, the view of the first goal and its revenue."""
    first_goal = (pl.col("goals") & 1) > 0
    reached = rows.lazy().filter(pl.col("goals") > 0)
    aggregates = [pl.col("goals").bitwise_or(), pl.col("view").filter(first_goal).min().alias("goal_view")]
    if "value" in rows.columns:
        millionths = (pl.col("value").filter(first_goal) * 1e6).round().cast(pl.Int64, strict=False).sum()
        aggregates.append(millionths.alias("revenue_millionths"))
    return reached.group_by("session_id").agg(aggregates).collect()


def uses(people: pl.DataFrame, hits: pl.DataFrame | None, of_elements: Sequence[str]) -> pl.DataFrame:
    """Page views and the targets clicked in them, each once, where no detector found trouble with the target.

    `of_elements` are the detectors whose targets in `hits` are elements; those of others are coded otherwise.
    """
    if "target" not in people.columns:
        return pl.DataFrame()
    clicks = people.lazy().filter((pl.col("kind") == "click") & pl.col("target").is_not_null())
    used = clicks.select("page", "target", "view").collect(engine="in-memory")
    used = used[Groups.of(used, "target", "view").firsts]
    if hits is None:
        return used
    bad = hits.lazy().filter(pl.col("target").is_not_null() & pl.col("detector").is_in(of_elements))
    troubled = bad.select(2 * _AT).collect(engine="in-memory").to_series()
    # A use whose number follows that of a trouble at the same place: to sort both together is quicker than to search.
    both = np.concatenate([troubled.to_numpy(), used.select(2 * _AT + 1).to_series().to_numpy()])
    both.sort()
    is_use = (both & 1).astype(np.bool_)
    untroubled = np.diff(both, prepend=both[:1]) != 1
    return used.filter(pl.Series(untroubled[is_use]))


_AT = packed(pl.col("target"), pl.col("view"))
"""Target and view as one number."""


def views(people: pl.DataFrame) -> pl.DataFrame:
    """`view, session_id, page, opened`, where that row stood, whether the first goal was reached in it."""
    places = [name for name in ("row_no", "file_id") if name in people.columns]
    view = pl.col("view")
    asked = people.lazy().select("view", "session_id", "page", *places, opened="ts")
    opens = asked.filter(view.ne_missing(view.shift())).collect(engine="in-memory")
    reached = people.select("view", "goals").filter((pl.col("goals") & 1) > 0)["view"].unique()
    return opens.with_columns(converts=view.is_in(reached.implode()))


def seen(views: pl.DataFrame) -> pl.DataFrame:
    """`page, session_id`: the pages that each session saw, once each."""
    return views.select("page", "session_id")[Groups.of(views, "page", "session_id").firsts]


def timings(people: pl.DataFrame, part: Part) -> pl.DataFrame:
    """How many measurements fell into each bin; bin b holds values from e^(b/50) on."""
    tables = []
    for metric in TIMINGS:
        if metric not in people.columns or people[metric].null_count() == people.height:
            continue
        asked = [name for name in ("page", "key", metric, *part.own) if name in people.columns]
        measured = (
            people.lazy().select(asked).filter(pl.col(metric).is_not_null()).collect(engine="in-memory")
        )
        carried = measured["device"] if "device" in part.own else None
        if carried is None and "device" in part.context.columns:
            carried = part.of_session("device", measured["key"])
        device = (
            pl.Series([None], dtype=pl.UInt32).new_from_index(0, measured.height)
            if carried is None
            else carried
        )
        bins = (pl.col(metric).clip(0.001).log() * BINS_PER_E).floor().cast(pl.Int16).alias("bin")
        table = measured.select("page", device.alias("device"), bins)
        tables.append(_counted(table).with_columns(metric=pl.lit(metric)))
    return pl.concat(tables) if tables else pl.DataFrame()


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    """Rows once each, and how often: `n_views`."""
    lowest = table["bin"].min()
    groups = Groups.of(table.with_columns(pl.col("bin") - lowest), *table.columns)
    return table[groups.firsts].with_columns(n_views=pl.Series(groups.sizes, dtype=pl.UInt32))
