"""Sessions at the steps of a funnel, one unit a session and step: did it go on to the next?

In order: a step counts when it was first reached after the one before. In any order: when its page was seen at all,
together with those of all steps before.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from friction.reduce import Tables
from friction.values import dataclass

Measure = Literal["step", "step_any_order"]


@dataclass(frozen=True)
class Steps:
    """Pages on the way to the first goal, by code, and how a session passes them."""

    pages: tuple[int, ...]
    measure: Measure = "step"


def units(steps: Steps, at: int, tables: Tables) -> pl.DataFrame:
    """`session_id, opened, exit` of the sessions that reached step `at`, in order of session; exit: not further."""
    reached = _in_order(steps, tables) if steps.measure == "step" else _in_any_order(steps, tables)
    here, there = pl.col(f"at{at}"), pl.col(f"at{at + 1}")
    chosen = reached.filter(here.is_not_null())
    return chosen.select("session_id", opened=here, exit=there.is_null()).sort("session_id")


def _in_order(steps: Steps, tables: Tables) -> pl.DataFrame:
    """`session_id, at0 …`: when each step was reached, the last one being the goal."""
    views = tables.read("views", "session_id", "page", "opened", "view")
    reached = _first(views.filter(pl.col("page") == steps.pages[0])).rename({"opened": "at0"})
    for number, page in enumerate(steps.pages[1:], start=1):
        before = reached.select("session_id", since="view")
        later = views.filter(pl.col("page") == page).join(before, on="session_id")
        next_ = _first(later.filter(pl.col("view") > pl.col("since"))).rename({"opened": f"at{number}"})
        reached = reached.drop("view").join(next_, on="session_id", how="left")
    last = len(steps.pages)
    goal = _goals(tables).join(reached.select("session_id", "view"), on="session_id")
    goal = goal.filter(pl.col("goal_view") >= pl.col("view")).select(
        "session_id", pl.col("goal").alias(f"at{last}")
    )
    return reached.drop("view").join(goal, on="session_id", how="left")


def _in_any_order(steps: Steps, tables: Tables) -> pl.DataFrame:
    reached: pl.DataFrame | None = None
    for number, page in enumerate(steps.pages):
        seen = _first(
            tables.read("views", "session_id", "page", "opened", "view").filter(pl.col("page") == page)
        ).select("session_id", pl.col("opened").alias("here"))
        if reached is None:
            reached = seen.rename({"here": "at0"})
            continue
        before = pl.col(f"at{number - 1}")
        both = pl.when(before.is_not_null() & pl.col("here").is_not_null()).then(
            pl.max_horizontal(before, "here")
        )
        reached = (
            reached.join(seen, on="session_id", how="left")
            .with_columns(both.alias(f"at{number}"))
            .drop("here")
        )
    assert reached is not None
    before = pl.col(f"at{len(steps.pages) - 1}")
    goal = reached.join(_goals(tables), on="session_id", how="left")
    when = pl.when(before.is_not_null() & pl.col("goal").is_not_null()).then(before)
    return goal.with_columns(when.alias(f"at{len(steps.pages)}")).drop("goal", "goal_view")


def _first(views: pl.DataFrame) -> pl.DataFrame:
    """The first of these views in each session."""
    return (
        views.sort("session_id", "view")
        .unique("session_id", keep="first", maintain_order=True)
        .select("session_id", "view", "opened")
    )


def _goals(tables: Tables) -> pl.DataFrame:
    """`session_id, goal_view, goal`: in which view the goal was reached, and when that was opened."""
    goals = tables.sessions.filter(pl.col("goal_view").is_not_null()).select("session_id", "goal_view")
    opened = tables.read("views", "view", "opened").select(goal_view="view", goal="opened")
    return goals.join(opened, on="goal_view")
