"""The page views an estimate compares: who left, who converted later, and which views are alike at their opening."""

from __future__ import annotations

import polars as pl

DEPTHS = (1, 2, 3, 5, 9)
"""Lower ends of the depth classes: first view, second, third, fourth–fifth, sixth–ninth, later."""
CHANNELS_KEPT = 6
UNKNOWN = 15
"""Class of a null, apart from the rare values, which share class 0."""


def prepare(views: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """Views up to the first conversion with `exit`, `converts_later` and the stratum they are compared in.

    `views` and `sessions` are the tables of `friction.reduce`, sorted by `view` and `session_id`. Returned:
    `view, session_id, page, exit, converts_later, stratum`; a view is an exit when it is its session's last
    and the session has no conversion in it. Strata: depth in the session × device × channel, each null its own class.
    """
    context = [name for name in ("device", "channel") if name in sessions.columns]
    columns = ["session_id", "goal_view", *context]
    first = pl.col("session_id").ne_missing(pl.col("session_id").shift())
    frame = views.with_columns(
        depth=pl.col("view") - pl.when(first).then("view").forward_fill(),
        last=pl.col("session_id").ne_missing(pl.col("session_id").shift(-1)),
    ).join(sessions.select(columns), on="session_id", how="left", maintain_order="left")
    frame = frame.filter(pl.col("goal_view").is_null() | (pl.col("view") <= pl.col("goal_view")))
    classes = [_depth_class(), *(_class(frame, name) for name in context)]
    stratum = pl.lit(0, pl.UInt32)
    for part in classes:
        stratum = stratum * 16 + part
    return frame.select(
        *("view", "session_id", "page"),
        exit=pl.col("last") & pl.col("goal_view").is_null(),
        converts_later=pl.col("goal_view").is_not_null(),
        stratum=stratum,
    )


def _depth_class() -> pl.Expr:
    return pl.sum_horizontal((pl.col("depth") >= low).cast(pl.UInt32) for low in DEPTHS)


def _class(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The commonest values of a column as 1, 2, …, the others together as 0, null as `UNKNOWN`."""
    counts = frame.group_by(name).len().drop_nulls(name).sort("len", name, descending=[True, False])
    kept = counts[name].head(CHANNELS_KEPT)
    numbers = pl.int_range(1, kept.len() + 1, dtype=pl.UInt32, eager=True)
    known = pl.col(name).replace_strict(kept, numbers, default=0, return_dtype=pl.UInt32)
    return pl.when(pl.col(name).is_null()).then(pl.lit(UNKNOWN, pl.UInt32)).otherwise(known)
