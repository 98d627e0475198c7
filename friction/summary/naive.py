"""The figure everybody computes first: sessions hit against sessions spared on the same page.

It is printed beside the estimate for comparison only, because it mixes up people and cause (`statistics.md` §2.5).
"""

from __future__ import annotations

import polars as pl

from friction.points import Points


def naive(points: Points, sessions: pl.DataFrame, views: pl.DataFrame, *, has_goal: bool) -> dict[int, float]:
    """Point → what it would have cost; points that hit all sessions on their page, or none, are left out.

    With a goal: conversions that the sessions hit would have made at the rate of those spared, minus those they made.
    Without: their exits from the page minus those they would have made. `sessions`, `views`: of `friction.reduce`.
    """
    if has_goal:
        happened = sessions.select(session_id="session_id", did=(pl.col("goals") & 1) > 0)
        met, seen = (_with(pairs, happened, ["session_id"]) for pairs in (points.met, points.seen))
    else:
        last = pl.col("session_id").ne_missing(pl.col("session_id").shift(-1))
        left = views.filter(last).select("session_id", "page", did=pl.lit(value=True))
        where = points.table.select("point", "page")
        met = _with(points.met.join(where, on="point"), left, ["session_id", "page"])
        seen = _with(points.seen, left, ["session_id", "page"])
    hit = met.group_by("point").agg(n=pl.len(), k=pl.col("did").sum())
    all_of = seen.group_by("page").agg(of=pl.len(), did=pl.col("did").sum())
    frame = points.table.select("point", "page").join(hit, on="point").join(all_of, on="page")
    spared = frame.filter(pl.col("of") > pl.col("n")).sort("point")
    sign = 1 if has_goal else -1
    return {
        point: sign * (n * (did - k) / (of - n) - k)
        for point, n, k, of, did in spared.select("point", "n", "k", "of", "did").iter_rows()
    }


def _with(pairs: pl.DataFrame, happened: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return pairs.join(happened, on=on, how="left").with_columns(pl.col("did").fill_null(value=False))
