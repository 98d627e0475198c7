"""Every rate that is watched over time: exits of pages, steps of the funnel, how often friction is met.

A *unit* is a page view, or a session at a step: with `opened`, and `exit` when the thing happened that the series
counts. All series get the treatment of page exits (`friction.series`), and hours in which nothing could be recorded
are left out of all (`friction.dropoff.timed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

import numpy as np
import polars as pl

from friction.dropoff import are_counted, counted, hour_of, timed, with_exits
from friction.points import Points
from friction.reduce import Tables
from friction.reduce.kept import Slices
from friction.summary.steps import Steps, units

POINTS_WATCHED = 60
"""Friction points with most sessions, each a series."""
FEWEST_EVENTS = 30
"""Views that met the friction; with fewer no series of it could tell anything."""
AT_ONCE = 1_000_000
"""Rows that are looked through at a time."""
HOUR = pl.Int32()
"""Of hours since the epoch, as long as there is one by view."""


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
    views, at = _views(tables), _by_view(tables, zone)
    return [
        *_exits(views, at),
        *(one for each in steps for one in _steps(each, tables, zone)),
        *(_frictions(points, views, at) if points else ()),
    ]


def _views(tables: Tables) -> Callable[[], pl.DataFrame]:
    """`view, session_id, page, opened, exit`; of views on disk each time anew."""

    def made() -> pl.DataFrame:
        return with_exits(tables.read("views", "view", "session_id", "page", "opened", "converts")).drop(
            "converts"
        )

    return made if tables.is_kept("views") else cache(made)


def _by_view(tables: Tables, zone: str) -> pl.DataFrame:
    """`page, exit, hour` by the number of the view; `hour` is null for those that are not counted (`timed`)."""
    found = _timed(tables, zone)
    view = found["view"]
    size = int(str(view.max())) + 1 if found.height else 0
    found = found.drop("view").with_columns(
        with_exits(tables.read("views", "session_id", "converts"))["exit"]
    )
    if size == found.height:
        return found
    # Machines have numbers, too, and no place among the views.
    nobody = {name: pl.repeat(None, size, dtype=dtype, eager=True) for name, dtype in found.schema.items()}
    return pl.DataFrame({name: places.scatter(view, found[name]) for name, places in nobody.items()})


def _timed(tables: Tables, zone: str) -> pl.DataFrame:
    """`view, page, hour`, worked out so many views at a time: instants take twice the room of all else."""
    pieces, ends = [tables.rows("views", 0, 0, "view", "page").with_columns(hour=pl.lit(0, HOUR))], []
    for start in range(0, tables.height("views"), AT_ONCE):
        rows = min(AT_ONCE, tables.height("views") - start)
        piece = tables.rows("views", start, rows, "view", "page", "opened")
        ends.append(piece["opened"].max())
        pieces.append(piece.select("view", "page", hour=hour_of(pl.col("opened"), zone).cast(HOUR)))
    found = pl.concat(pieces)
    kept = are_counted(
        found["hour"], max((end for end in ends if isinstance(end, datetime)), default=None), zone
    )
    return found.with_columns(hour=pl.when(kept).then("hour"))


def _exits(views: Callable[[], pl.DataFrame], at: pl.DataFrame) -> list[Watched]:
    by_page = counted(at.drop_nulls("hour"), "page").sort("page", "hour")
    return [
        Watched("exits", page, each, lambda page=page: views().filter(pl.col("page") == page))  # type: ignore[misc]
        for each in by_page.partition_by("page", maintain_order=True)
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


def _frictions(points: Points, views: Callable[[], pl.DataFrame], at: pl.DataFrame) -> list[Watched]:
    """Of the site by detector, and of the points that most sessions met: views with it, of those of the page."""
    known = points.table.select("point", "page", "sessions", pl.col("detector").cast(pl.String))
    counts = at.select("page", "hour").drop_nulls("hour")
    of_site = counts.group_by("hour").agg(n=pl.len().cast(pl.UInt32))
    of_page = counts.group_by("page", "hour").agg(n=pl.len().cast(pl.UInt32))
    del counts
    found = []
    for detector, views_of in _by_detector(known, points.hit, at):
        met = at["hour"].gather(views_of())
        if met.len() >= FEWEST_EVENTS:
            found.append(Watched(detector, None, _out_of(met, of_site), _marked(views, None, views_of)))
    most = known.sort("sessions", "point", descending=[True, False]).head(POINTS_WATCHED).sort("point")
    chosen = pl.col("point").is_in(most["point"].implode())
    hits = _in_hours(pl.concat([some.filter(chosen) for some in points.hit.iter_slices(AT_ONCE)]), at)
    often = hits.partition_by("point", as_dict=True)
    for point, page, detector in most.select("point", "page", "detector").iter_rows():
        # A click may tell of another page than the view it stands in, when the view of its own could not be read.
        own = often.get((point,), hits.clear()).filter(pl.col("page") == page)
        if own.height >= FEWEST_EVENTS:
            counts = _out_of(own["hour"], of_page.filter(pl.col("page") == page))
            units = _marked(views, page, lambda own=own: own["view"])  # type: ignore[misc]
            found.append(Watched(detector, page, counts, units, point=point))
    return found


def _by_detector(
    known: pl.DataFrame, hits: Slices, at: pl.DataFrame
) -> Iterator[tuple[str, Callable[[], pl.Series]]]:
    """Each detector with who gives the views that met what it finds, each once, in order: those that are counted."""
    names = known["detector"].unique().sort()
    whose = np.zeros(int(known.select(pl.col("point").max()).item()) + 1, np.uint16)
    whose[known["point"].to_numpy()] = names.search_sorted(known["detector"]).to_numpy()
    counts = at["hour"].is_not_null().to_numpy()

    def views_of(number: int) -> pl.Series:
        met = np.zeros(len(counts), np.bool_)
        for some in hits.iter_slices(AT_ONCE):
            view = some["view"].to_numpy()[whose[some["point"].to_numpy()] == number]
            met[view[view < len(met)]] = True
        return pl.Series("view", np.flatnonzero(met & counts).astype(np.uint32))

    for number, name in enumerate(names):
        yield name, partial(views_of, number)


def _in_hours(hits: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """The `point, view, page, hour` of views that are counted."""
    inside = hits.filter(pl.col("view") < at.height).select("point", "view")
    places = at.select("page", "hour")[inside["view"]]
    return pl.concat([inside, places], how="horizontal").drop_nulls("hour")


def _out_of(met: pl.Series, of: pl.DataFrame) -> pl.DataFrame:
    """`hour, n, k`, of views with and without; `met`: the hour of each with."""
    events = met.to_frame().group_by("hour").agg(k=pl.len().cast(pl.UInt32))
    counts = of.join(events, on="hour", how="left").with_columns(pl.col("k").fill_null(0))
    return counts.with_columns(pl.col("hour").cast(pl.Int64)).sort("hour")


def _marked(
    views: Callable[[], pl.DataFrame], page: int | None, met: Callable[[], pl.Series]
) -> Callable[[], pl.DataFrame]:
    """The views of a page (null: of all), those that are `met` as the events; made when somebody asks."""
    here = pl.lit(value=True) if page is None else pl.col("page") == page
    return lambda: views().filter(here).with_columns(exit=pl.col("view").is_in(met().implode()))
