"""The way to the goal, as nearly all who reached it went."""

from __future__ import annotations

import numpy as np
import polars as pl

from friction.reduce import Tables
from friction.report import Funnel, FunnelStep
from friction.summary.points import Names

COMMON = 0.8
"""A page is a step when at least this share of the converting sessions saw it before they converted."""
MOST_STEPS = 6


def proposed(tables: Tables, goal: str, names: Names) -> list[Funnel]:
    """One funnel, or none where fewer than two pages are common to those who converted.

    It counts people only. A session counts for a step when it saw that page and those before.
    """
    sessions, seen = tables.sessions, tables.seen
    people = sessions.filter(~pl.col("automated"))
    goals = people.filter((pl.col("goals") & 1) > 0)
    pages = common(tables)
    if len(pages) < 2:
        return []
    alive = _mask(people["session_id"], sessions.height)
    steps = [FunnelStep("", people.height)]
    for page in pages:
        alive &= _mask(seen.filter(pl.col("page") == page)["session_id"], sessions.height)
        steps.append(FunnelStep(names.page(page), int(alive.sum())))
    alive &= _mask(goals["session_id"], sessions.height)
    return [Funnel(goal, "proposed", [*steps, FunnelStep(goal, int(alive.sum()))])]


def common(tables: Tables) -> list[int]:
    """Pages common to converting sessions, in the order in which they first saw them, on average."""
    goals = tables.sessions.filter(~pl.col("automated") & ((pl.col("goals") & 1) > 0))
    if not goals.height:
        return []
    until = goals.select("session_id", "goal_view")
    before = pl.concat(
        some.join(until, on="session_id").filter(pl.col("view") <= pl.col("goal_view"))
        for some in tables.stretches("session_id", "page", "view")
    )
    first = before.group_by("session_id", "page").agg(pl.col("view").min())
    opened = before.group_by("session_id").agg(opened=pl.col("view").min())
    places = first.join(opened, on="session_id").with_columns(place=pl.col("view") - pl.col("opened"))
    pages = places.group_by("page").agg(pl.len(), pl.col("place").sum())
    common = pages.filter(pl.col("len") >= COMMON * goals.height)
    most = common.sort("len", "page", descending=[True, False]).head(MOST_STEPS)
    return most.sort(pl.col("place") / pl.col("len"), "page")["page"].to_list()


def _mask(sessions: pl.Series, of: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mask = np.zeros(of, dtype=np.bool_)
    mask[sessions.to_numpy()] = True
    return mask
