"""Which ways people take: from page to page at the first steps of a session, and around each page.

Page views of the same page one after the other are one. Sessions of people only, as everywhere in a report.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.reduce import Tables
from friction.summary.points import Names

STEPS, NODES = 5, 8
"""Columns of the drawing, and pages in each; the others are added up (`null`)."""
PAGES, NEIGHBOURS = 60, 8
WHO = ("all", "converted", "others")


def paths(tables: Tables, names: Names, *, has_goal: bool) -> dict[str, Any]:
    """`from_start`: by group of `WHO`, links `[step, from, to, sessions]`; `around`: pages with those before and after.

    A page null is all others of its column; "" is the end of the session (or, before a page, its beginning).
    """
    views = tables.views.select("session_id", "view", "page").sort("view")
    again = (pl.col("page") == pl.col("page").shift()) & (
        pl.col("session_id") == pl.col("session_id").shift()
    )
    views = views.filter(~again.fill_null(value=False))
    if not views.height:
        return {"from_start": {}, "around": []}
    same = pl.col("session_id") == pl.col("session_id").shift(-1)
    first = pl.col("session_id") != pl.col("session_id").shift()
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    opened = pl.when(first.fill_null(value=True)).then(number).forward_fill()
    views = views.with_columns(
        to=pl.when(same).then(pl.col("page").shift(-1)), step=(number - opened).cast(pl.Int32)
    )
    reached = tables.sessions.filter((pl.col("goals") & 1) > 0)["session_id"]
    groups = {"all": views}
    if has_goal:
        is_in = pl.col("session_id").is_in(reached.implode())
        groups |= {"converted": views.filter(is_in), "others": views.filter(~is_in)}
    return {
        "from_start": {who: _from_start(rows, names) for who, rows in groups.items()},
        "around": _around(views, names),
    }


def _from_start(views: pl.DataFrame, names: Names) -> list[list[Any]]:
    steps = views.filter(pl.col("step") < STEPS)
    counts = steps.group_by("step", "page").len().sort("step", "len", "page", descending=[False, True, False])
    top = counts.with_columns(place=pl.int_range(pl.len()).over("step")).filter(pl.col("place") < NODES)
    shown = {(step, page) for step, page in top.select("step", "page").iter_rows()}
    links: dict[tuple[int, str | None, str | None], int] = {}
    for step, page, to, number in (
        steps.filter(pl.col("step") < STEPS - 1).group_by("step", "page", "to").len().iter_rows()
    ):
        there = "" if to is None else names.page(to) if (step + 1, to) in shown else None
        key = (step, names.page(page) if (step, page) in shown else None, there)
        links[key] = links.get(key, 0) + number
    order = sorted(
        links.items(), key=lambda each: (each[0][0], -each[1], each[0][1] or "~", each[0][2] or "~")
    )
    return [[*key, number] for key, number in order]


def _around(views: pl.DataFrame, names: Names) -> list[dict[str, Any]]:
    """The pages seen most, each with its views, and the pages before and after it by number of views."""
    most = views.group_by("page").len().sort("len", "page", descending=[True, False]).head(PAGES)
    links = views.group_by("page", "to").len()
    starts = views.filter(pl.col("step") == 0).group_by("page").len()
    begins = dict(starts.iter_rows())
    found = []
    for page, seen in most.iter_rows():
        after = links.filter(pl.col("page") == page).select("to", "len").rows()
        before = [
            (None, begins.get(page, 0)),
            *links.filter(pl.col("to") == page).select("page", "len").rows(),
        ]
        found.append(
            {
                "page": names.page(page),
                "views": seen,
                "before": _neighbours(before, names),
                "after": _neighbours(after, names),
            }
        )
    return found


def _neighbours(links: list[tuple[Any, ...]], names: Names) -> list[list[Any]]:
    said = [("" if page is None else names.page(page), number) for page, number in links if number]
    said.sort(key=lambda each: (-each[1], each[0]))
    rest = sum(number for _, number in said[NEIGHBOURS:])
    return [list(each) for each in said[:NEIGHBOURS]] + ([[None, rest]] if rest else [])
