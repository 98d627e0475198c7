"""Every rate that is watched over time: exits of pages, steps of the funnel, how often friction is met.

A *unit* is a page view, or a session at a step: with `opened`, and `exit` when the thing happened that the series
counts. All series get the treatment of page exits (`friction.series`), and hours in which nothing could be recorded
are left out of all (`friction.dropoff.timed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache, partial

import numpy as np
import polars as pl

from friction.dropoff import are_counted, counted, hour_of, with_exits
from friction.points import Points
from friction.reduce import Tables
from friction.reduce.kept import Slices
from friction.summary.steps import Steps, units
from friction.values import dataclass

POINTS_WATCHED = 60
"""Friction points with most sessions, each a series."""
FEWEST_EVENTS = 30
"""Views that met the friction; with fewer no series of it could tell anything."""
AT_ONCE = 1_000_000
"""Rows that are looked through at a time."""
MOST_AT_ONCE = 2_000_000
"""Hits of points that are looked through at a time, where each point stands for itself."""
HOUR, NEVER = pl.Int32(), np.iinfo(np.int32).min
"""Of hours since the epoch, as long as there is one by view, and the one of no view."""


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
    views, hours = _views(tables), _hours(tables, zone)
    by_page = _by_page(tables, hours)
    return [
        *_exits(views, by_page),
        *(one for each in steps for one in _steps(each, tables, by_page["hour"].unique(), zone)),
        *(_frictions(points, views, Opened(tables, hours, by_page)) if points else ()),
    ]


Views = Callable[[int | None], pl.DataFrame]
"""`view, session_id, page, opened, exit` of the views of a page; null: of all."""


def _views(tables: Tables) -> Views:
    """Of views on disk each time anew."""

    def some(page: int | None) -> Iterator[pl.DataFrame]:
        for stretch in tables.stretches("view", "session_id", "page", "opened", "converts"):
            told = with_exits(stretch).drop("converts")
            yield told if page is None else told.filter(pl.col("page") == page)

    @cache
    def every() -> pl.DataFrame:
        return pl.concat(some(None))

    def kept(page: int | None) -> pl.DataFrame:
        return every() if page is None else every().filter(pl.col("page") == page)

    return (lambda page: pl.concat(some(page))) if tables.is_kept("views") else kept


@dataclass(frozen=True)
class Opened:
    """When each page view was opened, and on which page."""

    tables: Tables
    hours: pl.Series
    """The hour of the zone's clock by the number of the view; null for those that are not counted (`timed`)."""
    by_page: pl.DataFrame
    """`page, hour, n, k`: all views and exits that are counted."""

    def placed(self, hits: pl.DataFrame) -> pl.DataFrame:
        """The `point, view, hour, page` of views that are counted, by view."""
        inside = hits.filter(pl.col("view") < self.hours.len()).select("point", "view")
        told = inside.with_columns(hour=self.hours.gather(inside["view"])).drop_nulls("hour").sort("view")
        pages, views = [], told["view"].to_numpy()
        for some in self.tables.slices("views", AT_ONCE, "view", "page"):
            number = some["view"].to_numpy()
            begin, end = np.searchsorted(views, [number[0], number[-1] + 1])
            pages.append(some["page"].gather(np.searchsorted(number, views[begin:end])))
        return told.with_columns(page=pl.concat(pages))


def _hours(tables: Tables, zone: str) -> pl.Series:
    """`Opened.hours`, worked out so many views at a time: instants take twice the room of all else."""
    last = tables.rows("views", max(0, tables.height("views") - 1), 1, "view")["view"]
    size, ends = (int(last.item()) + 1 if last.len() else 0), []
    # Machines have numbers, too, and no place among the views.
    hour = np.full(size, NEVER, np.int32)
    for some in tables.slices("views", AT_ONCE, "view", "opened"):
        ends.append(some["opened"].max())
        hour[some["view"].to_numpy()] = some.select(hour_of(pl.col("opened"), zone).cast(HOUR)).to_series()
    found = pl.Series("hour", hour)
    del hour
    found = found.set(found == NEVER, None)
    end = max((end for end in ends if isinstance(end, datetime)), default=None)
    return found.set(~are_counted(found, end, zone), None)


def _by_page(tables: Tables, hours: pl.Series) -> pl.DataFrame:
    """`page, hour, n, k`, in order."""
    counts = []
    for some in tables.stretches("view", "session_id", "page", "converts"):
        told = with_exits(some).select("page", "exit", hour=hours.gather(some["view"])).drop_nulls("hour")
        counts.append(counted(told, "page").cast(_COUNTED))
    return pl.concat(counts).group_by("page", "hour").agg(pl.col("n", "k").sum()).sort("page", "hour")


_COUNTED = pl.Schema({"page": pl.UInt32(), "hour": pl.Int64(), "n": pl.UInt32(), "k": pl.UInt32()})


def _exits(views: Views, by_page: pl.DataFrame) -> list[Watched]:
    return [
        Watched("exits", page, each, partial(views, page))
        for each in by_page.partition_by("page", maintain_order=True)
        if (page := each["page"][0]) is not None
    ]


def _steps(steps: Steps, tables: Tables, hours: pl.Series, zone: str) -> list[Watched]:
    """From each step to the next and to the goal; `hours`: those that count, as they do for views."""
    found = []
    for at, page in enumerate(steps.pages):
        reached = units(steps, at, tables).with_columns(hour=hour_of(pl.col("opened"), zone))
        told = reached.filter(pl.col("hour").is_in(hours.implode())).with_columns(page=pl.lit(page))
        to = steps.pages[at + 1] if at + 1 < len(steps.pages) else None
        again = lambda at=at: units(steps, at, tables)  # noqa: E731
        found.append(Watched(steps.measure, page, counted(told, "page").sort("hour"), again, to))
    return found


def _frictions(points: Points, views: Views, opened: Opened) -> Iterator[Watched]:
    """Of the site by detector, and of the points that most sessions met: views with it, of those of the page."""
    known = points.table.select("point", "page", "sessions", pl.col("detector").cast(pl.String))
    of_page = opened.by_page.select("page", pl.col("hour").cast(HOUR), "n")
    of_site = of_page.group_by("hour").agg(pl.col("n").sum())
    for detector, views_of in _by_detector(known, points.hit, opened.hours):
        met = opened.hours.gather(views_of())
        if met.len() >= FEWEST_EVENTS:
            yield Watched(detector, None, _out_of(met, of_site), _marked(views, None, views_of))
    most = known.sort("sessions", "point", descending=[True, False]).head(POINTS_WATCHED).sort("point")
    for lot in _in_lots(most, points.hit):
        often = _met(points.hit, opened, lot["point"]).partition_by("point", as_dict=True)
        for point, page, detector in lot.select("point", "page", "detector").iter_rows():
            # A click may tell of another page than the view it stands in, when that of its own could not be read.
            own = often.pop((point,), _NOBODY).filter(pl.col("page") == page)
            if own.height >= FEWEST_EVENTS:
                counts = _out_of(own["hour"], of_page.filter(pl.col("page") == page))
                units = _marked(views, page, partial(_views_of, points.hit, opened, point, page))
                yield Watched(detector, page, counts, units, point=point)


_NOBODY = pl.DataFrame(schema={"hour": HOUR, "page": pl.UInt32()})


def _in_lots(points: pl.DataFrame, hits: Slices) -> list[pl.DataFrame]:
    """Some points after the other, of about `MOST_AT_ONCE` hits or a single one."""
    sizes = np.zeros(int(points.select(pl.col("point").max()).item()) + 2, np.int64)
    for some in hits.iter_slices(AT_ONCE):
        point = np.minimum(some["point"].to_numpy(), len(sizes) - 1)
        sizes += np.bincount(point, minlength=len(sizes))
    before = np.cumsum(sizes[points["point"].to_numpy()])
    lot = np.concatenate([[0], before[:-1]]) // MOST_AT_ONCE
    return points.with_columns(lot=lot).partition_by("lot", maintain_order=True, include_key=False)


def _met(hits: Slices, opened: Opened, points: pl.Series) -> pl.DataFrame:
    """`Opened.placed` of the hits of some points."""
    chosen = pl.col("point").is_in(points.implode())
    return opened.placed(pl.concat([some.filter(chosen) for some in hits.iter_slices(AT_ONCE)]))


def _views_of(hits: Slices, opened: Opened, point: int, page: int) -> pl.Series:
    """The views of a page that met a point; worked out anew, since few are asked for."""
    met = _met(hits, opened, pl.Series([point], dtype=pl.UInt32))
    return met.filter(pl.col("page") == page)["view"]


def _by_detector(
    known: pl.DataFrame, hits: Slices, hours: pl.Series
) -> Iterator[tuple[str, Callable[[], pl.Series]]]:
    """Each detector with who gives the views that met what it finds, each once, in order: those that are counted."""
    names = known["detector"].unique().sort()
    whose = np.zeros(int(known.select(pl.col("point").max()).item()) + 1, np.uint16)
    whose[known["point"].to_numpy()] = names.search_sorted(known["detector"]).to_numpy()
    counts = hours.is_not_null().to_numpy()

    def views_of(number: int) -> pl.Series:
        met = np.zeros(len(counts), np.bool_)
        for some in hits.iter_slices(AT_ONCE):
            view = some["view"].to_numpy()[whose[some["point"].to_numpy()] == number]
            met[view[view < len(met)]] = True
        return pl.Series("view", np.flatnonzero(met & counts).astype(np.uint32))

    for number, name in enumerate(names):
        yield name, partial(views_of, number)


def _out_of(met: pl.Series, of: pl.DataFrame) -> pl.DataFrame:
    """`hour, n, k`, of views with and without; `met`: the hour of each with."""
    events = met.to_frame().group_by("hour").agg(k=pl.len().cast(pl.UInt32))
    counts = of.join(events, on="hour", how="left").with_columns(pl.col("k").fill_null(0))
    return counts.with_columns(pl.col("hour").cast(pl.Int64)).sort("hour")


def _marked(views: Views, page: int | None, met: Callable[[], pl.Series]) -> Callable[[], pl.DataFrame]:
    """The views of a page (null: of all), those that are `met` as the events; made when somebody asks."""
    return lambda: views(page).with_columns(exit=pl.col("view").is_in(met().implode()))
