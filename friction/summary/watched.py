"""Every rate that is watched over time: exits of pages, steps of the funnel, how often friction is met.

A *unit* is a page view, or a session at a step: with `opened`, and `exit` when the thing happened that the series
counts. All series get the treatment of page exits (`friction.series`), and hours in which nothing could be recorded
are left out of all (`friction.dropoff.timed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from friction.dropoff import counted, timed, with_exits
from friction.points import Points
from friction.reduce import Tables
from friction.summary.steps import Steps, units

POINTS_WATCHED = 60
"""Friction points with most sessions, each a series."""
FEWEST_EVENTS = 30
"""Views that met the friction; with fewer no series of it could tell anything."""


@dataclass(frozen=True)
class Watched:
    """One series. `measure`: `exits`, `step`, `step_any_order`, or the detector whose friction is counted.

    `page` null: of the whole site. `to`: the step after (null in a step series: the goal). `units` makes its units anew
    when somebody wants to look closer.
    """

    measure: str
    page: int | None
    counts: pl.DataFrame
    """`hour, n, k`."""
    units: Callable[[], pl.DataFrame]
    to: int | None = None
    point: int | None = None


def watched(tables: Tables, points: Points | None, steps: Sequence[Steps], zone: str) -> list[Watched]:
    """All series of an analysis, in a fixed order."""
    views = _views(tables)
    times = timed(_opened(tables, views), zone).drop("opened")
    return [
        *_exits(views, times),
        *(one for each in steps for one in _steps(each, tables, zone)),
        *(_frictions(points, views, times) if points else ()),
    ]


def _views(tables: Tables) -> Callable[[], pl.DataFrame]:
    """`view, session_id, page, opened, exit`; of views on disk each time anew."""

    def made() -> pl.DataFrame:
        return with_exits(tables.read("views", "view", "session_id", "page", "opened", "converts")).drop(
            "converts"
        )

    return made if tables.is_kept("views") else cache(made)


def _opened(tables: Tables, views: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """`view, page, opened, exit`; of views on disk no more is held at once."""
    if not tables.is_kept("views"):
        return views().select("view", "page", "opened", "exit")
    left = with_exits(tables.read("views", "session_id", "converts"))["exit"]
    return tables.read("views", "view", "page", "opened").with_columns(left)


def _exits(views: Callable[[], pl.DataFrame], times: pl.DataFrame) -> list[Watched]:
    by_page = counted(times, "page").sort("page", "hour").partition_by("page", maintain_order=True)
    return [
        Watched("exits", page, each, lambda page=page: views().filter(pl.col("page") == page))  # type: ignore[misc]
        for each in by_page
        if (page := each["page"][0]) is not None
    ]


def _steps(steps: Steps, tables: Tables, zone: str) -> list[Watched]:
    """From each step to the next and to the goal."""
    found = []
    for at, page in enumerate(steps.pages):
        reached = units(steps, at, tables)
        to = steps.pages[at + 1] if at + 1 < len(steps.pages) else None
        counts = counted(timed(reached, zone).with_columns(page=pl.lit(page)), "page")
        again = lambda at=at: units(steps, at, tables)  # noqa: E731
        found.append(Watched(steps.measure, page, counts.sort("hour"), again, to))
    return found


def _frictions(points: Points, views: Callable[[], pl.DataFrame], times: pl.DataFrame) -> list[Watched]:
    """Of the site by detector, and of the points that most sessions met: views with it, of those of the page."""
    known = points.table.select("point", "page", "sessions", pl.col("detector").cast(pl.String))
    at = _by_view(times)
    of_site = times.group_by("hour").agg(n=pl.len().cast(pl.UInt32))
    of_page = times.group_by("page", "hour").agg(n=pl.len().cast(pl.UInt32))
    found = []
    for detector, met in _by_detector(known, points.hits, at):
        if met.height >= FEWEST_EVENTS:
            found.append(Watched(detector, None, _out_of(met, of_site), _marked(views, None, met["view"])))
    most = known.sort("sessions", "point", descending=[True, False]).head(POINTS_WATCHED).sort("point")
    hits = _in_hours(points.hits.filter(pl.col("point").is_in(most["point"].implode())), at)
    often = hits.partition_by("point", as_dict=True)
    for point, page, detector in most.select("point", "page", "detector").iter_rows():
        # A click may tell of another page than the view it stands in, when the view of its own could not be read.
        met = often.get((point,), hits.clear()).filter(pl.col("page") == page)
        if met.height >= FEWEST_EVENTS:
            counts = _out_of(met, of_page.filter(pl.col("page") == page))
            found.append(Watched(detector, page, counts, _marked(views, page, met["view"]), point=point))
    return found


def _by_detector(
    known: pl.DataFrame, hits: pl.DataFrame, at: pl.DataFrame
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each detector with the `view, hour` of the views that met what it finds, each view once, in order."""
    names = known["detector"].unique().sort()
    whose = np.zeros(int(known.select(pl.col("point").max()).item()) + 1, np.uint16)
    whose[known["point"].to_numpy()] = names.search_sorted(known["detector"]).to_numpy()
    of_hit, view = whose[hits["point"].to_numpy()], hits["view"].to_numpy()
    counts = at["hour"].is_not_null().to_numpy()
    for number, name in enumerate(names):
        met = np.zeros(max(int(view.max(initial=0)) + 1, len(counts)), np.bool_)
        met[view[of_hit == number]] = True
        met[: len(counts)] &= counts
        met[len(counts) :] = False
        views = np.flatnonzero(met)
        hour = at["hour"].gather(pl.Series(views, dtype=pl.UInt32()))
        yield name, pl.DataFrame({"view": views.astype(view.dtype), "hour": hour})


def _by_view(times: pl.DataFrame) -> pl.DataFrame:
    """`page, hour` by the number of the view; null for those that are not counted."""
    last = int(str(times["view"].max())) if times.height else -1
    return pl.DataFrame(
        {
            name: pl.repeat(None, last + 1, dtype=times.schema[name], eager=True).scatter(
                times["view"], times[name]
            )
            for name in ("page", "hour")
        }
    )


def _in_hours(hits: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """The `point, view, page, hour` of views that are counted."""
    inside = hits.filter(pl.col("view") < at.height)
    found = pl.concat([inside.select("point", "view"), at[inside["view"]]], how="horizontal")
    return found.drop_nulls("hour")


def _out_of(met: pl.DataFrame, of: pl.DataFrame) -> pl.DataFrame:
    """`hour, n, k`, of views with and without."""
    events = met.group_by("hour").agg(k=pl.len().cast(pl.UInt32))
    return of.join(events, on="hour", how="left").with_columns(pl.col("k").fill_null(0)).sort("hour")


def _marked(
    views: Callable[[], pl.DataFrame], page: int | None, met: pl.Series
) -> Callable[[], pl.DataFrame]:
    """The views of a page (null: of all), those of `met` as the events; made when somebody asks."""
    here = pl.lit(value=True) if page is None else pl.col("page") == page
    return lambda: views().filter(here).with_columns(exit=pl.col("view").is_in(met.implode()))
