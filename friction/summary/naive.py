"""The figure everybody computes first: sessions hit against sessions spared on the same page.

It is printed beside the estimate for comparison only, because it mixes up people and cause (`statistics.md` §2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.points import PAIRS_AT_ONCE, Points
from friction.reduce.kept import Slices

Did = Callable[[pl.DataFrame], NDArray[np.bool_]]
"""Whether each of these pairs of a page and a session did what is counted."""


def naive(
    points: Points, sessions: pl.DataFrame, views: Iterable[pl.DataFrame], *, has_goal: bool
) -> dict[int, float]:
    """Point → what it would have cost; points that hit all sessions on their page, or none, are left out.

    With a goal: conversions that the sessions hit would have made at the rate of those spared, minus those they made.
    Without: their exits from the page minus those they would have made. `sessions`: of `friction.reduce`; `views`:
    `session_id, page`, some whole sessions at a time.
    """
    did = _converted(sessions) if has_goal else _left(views, sessions.height)
    places = points.table.select("point", "page")
    hit = _counts(points.sliced("met"), "point", places, did)
    all_of = _counts(points.sliced("seen"), "page", places, did).rename({"n": "of", "k": "did"})
    frame = places.join(hit, on="point").join(all_of, on="page")
    spared = frame.filter(pl.col("of") > pl.col("n")).sort("point")
    sign = 1 if has_goal else -1
    return {
        point: sign * (n * (did - k) / (of - n) - k)
        for point, n, k, of, did in spared.select("point", "n", "k", "of", "did").iter_rows()
    }


def _counts(pairs: Slices, by: str, places: pl.DataFrame, did: Did) -> pl.DataFrame:
    """By point or page: `n` sessions, `k` of which did."""
    found = [pl.DataFrame(schema=dict.fromkeys((by, "n", "k"), pl.UInt32()))]
    for some in pairs.iter_slices(PAIRS_AT_ONCE):
        placed = some if "page" in some.columns else some.join(places, on="point")
        told = placed.select(by, did=pl.Series(did(placed)))
        found.append(told.group_by(by).agg(n=pl.len(), k=pl.col("did").sum()))
    return pl.concat(found).group_by(by).agg(pl.col("n", "k").sum())


def _converted(sessions: pl.DataFrame) -> Did:
    did = ((sessions["goals"] & 1) > 0).to_numpy()
    return lambda pairs: did[pairs["session_id"].to_numpy()]


def _left(views: Iterable[pl.DataFrame], sessions: int) -> Did:
    """Whether the page is the one that the session was left from."""
    exit_ = np.full(sessions, -1)
    for some in views:
        last = some.filter(pl.col("session_id").ne_missing(pl.col("session_id").shift(-1)))
        exit_[last["session_id"].to_numpy()] = last["page"].to_numpy()
    return lambda pairs: exit_[pairs["session_id"].to_numpy()] == pairs["page"].to_numpy()
