"""The figure everybody computes first: sessions hit against sessions spared on the same page.

It is printed beside the estimate for comparison only, because it mixes up people and cause (`statistics.md` §2.5).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from friction.points import Points


def naive(points: Points, sessions: pl.DataFrame, views: pl.DataFrame, *, has_goal: bool) -> dict[int, float]:
    """Point → what it would have cost; points that hit all sessions on their page, or none, are left out.

    With a goal: conversions that the sessions hit would have made at the rate of those spared, minus those they made.
    Without: their exits from the page minus those they would have made. `sessions`, `views`: of `friction.reduce`.
    """
    if has_goal:
        did = ((sessions["goals"] & 1) > 0).to_numpy()
        met, seen = (
            pairs.with_columns(did=did[pairs["session_id"].to_numpy()]) for pairs in (points.met, points.seen)
        )
    else:
        where = points.met.join(points.table.select("point", "page"), on="point")
        met, seen = (_left(pairs, views, sessions.height) for pairs in (where, points.seen))
    hit = met.group_by("point").agg(n=pl.len(), k=pl.col("did").sum())
    all_of = seen.group_by("page").agg(of=pl.len(), did=pl.col("did").sum())
    frame = points.table.select("point", "page").join(hit, on="point").join(all_of, on="page")
    spared = frame.filter(pl.col("of") > pl.col("n")).sort("point")
    sign = 1 if has_goal else -1
    return {
        point: sign * (n * (did - k) / (of - n) - k)
        for point, n, k, of, did in spared.select("point", "n", "k", "of", "did").iter_rows()
    }


def _left(pairs: pl.DataFrame, views: pl.DataFrame, sessions: int) -> pl.DataFrame:
    """`did`: whether the page is the one that the session was left from."""
    last = views.filter(pl.col("session_id").ne_missing(pl.col("session_id").shift(-1)))
    exit_ = np.full(sessions, -1)
    exit_[last["session_id"].to_numpy()] = last["page"].to_numpy()
    return pairs.with_columns(did=exit_[pairs["session_id"].to_numpy()] == pairs["page"].to_numpy())
