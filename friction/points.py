"""Friction points: the findings of one detector on one page and target, gathered from the tables of all parts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.detectors.base import Detector
from friction.dictionaries import Words
from friction.order import Groups, Ints, changed, numbers, once, tally
from friction.reduce import Tables
from friction.reduce.kept import ByViews, Frame, Shelf, Slices, filled
from friction.schema import SEGMENTS
from friction.values import dataclass

Codes = NDArray[np.uint32]
IDENTITY = "1"
"""Version of the identity: what a point's id is made of."""
POINT = ("detector", "page", "target")
USES_AT_ONCE, HITS_AT_ONCE, PAIRS_AT_ONCE = 2_000_000, 2_000_000, 2_000_000
SEGMENT_SESSIONS, SEGMENT_LIFT, SEGMENTS_SHOWN = 10, 1.2, 3


@dataclass(frozen=True)
class Points:
    """All friction points of an analysis as tables keyed by `point` (0 … n − 1, in the order of `POINT`).

    Those that grow with the rows may be kept on disk, as in `Tables`: each use reads them.
    """

    table: pl.DataFrame
    """`point`, `detector, page, target` (codes), `findings, sessions, visitors, exposed, severity, first, last`."""
    hits: Frame = Frame()
    """`point, view`, once each."""
    met: Frame = Frame()
    """`point, session_id`, once each: who met it."""
    seen: Frame = Frame()
    """`page, session_id`, once each: who could have."""

    @property
    def hit(self) -> Slices:
        """`hits`, so many at a time."""
        return self.sliced("hits")

    def sliced(self, name: str) -> Slices:
        """One of the tables that grow with the rows, so many rows at a time."""
        return Slices(vars(self)[name])


def gather(
    tables: Tables, listed: Callable[[pl.DataFrame], pl.DataFrame], shelf: Shelf | None = None
) -> Points:
    """Number the points and count whom they affected, out of whom.

    `listed` tells from the table of all points that of those that are kept. What grows with the rows goes on the
    `shelf`, where there is one.
    """
    keys, point = numbered(tables)
    keys = keys.with_row_index("point")
    exposed = page_counts(tables).rename({"n": "exposed"})
    table = keys.join(_sums(tables.sums), on=POINT, nulls_equal=True).join(_people(tables, point), on="point")
    table = table.join(exposed, on="page", how="left")
    severity = pl.col("severity") / (pl.col("views") * 1000.0)
    table = table.with_columns(severity=severity, exposed=pl.max_horizontal("exposed", "sessions"))
    table = listed(table.drop("views").sort("point"))
    is_listed = np.zeros(keys.height, np.bool_)
    is_listed[table["point"].to_numpy()] = True
    hits, met = (
        filled(_pairs(tables, point, is_listed, column), shelf, name)
        for column, name in (("view", "points-hits"), ("session_id", "points-met"))
    )
    return Points(table, hits, met, vars(tables)["seen"])


def _pairs(tables: Tables, point: Codes, asked: NDArray[np.bool_], column: str) -> Iterator[pl.DataFrame]:
    """The `point` and `view` of hits, or `point` and `session_id` once each, of the points `asked` for."""
    names, at = (column,) if column == "view" else (column, "is_first"), 0
    yield pl.DataFrame(schema={"point": pl.UInt32(), column: pl.UInt32()})
    for hits in tables.slices("hits", HITS_AT_ONCE, *names):
        mine = point[at : at + hits.height]
        kept = asked[mine] if column == "view" else asked[mine] & hits["is_first"].to_numpy()
        yield pl.DataFrame({"point": mine[kept], column: hits[column].filter(pl.Series(kept))})
        at += hits.height


def page_counts(tables: Tables) -> pl.DataFrame:
    """`page, n`: how many sessions saw each page."""
    counts = [some.group_by("page").agg(n=pl.len()) for some in tables.slices("seen", PAIRS_AT_ONCE, "page")]
    return pl.concat([_NO_PAGES, *counts]).group_by("page").agg(pl.col("n").sum())


_NO_PAGES = pl.DataFrame(schema=dict.fromkeys(("page", "n"), pl.UInt32()))


def numbered(tables: Tables) -> tuple[pl.DataFrame, Codes]:
    """`POINT` of every point that was hit, sorted, and by hit the row of its point there."""
    if not tables.height("hits"):
        return pl.DataFrame(), np.zeros(0, np.uint32)
    # Each part has brought its own in order, so that neighbours are mostly of one point.
    begun, runs = _runs(tables)
    groups = Groups.of(begun, *POINT)
    point = np.empty(begun.height, np.uint32)
    point[groups.rows] = np.repeat(np.arange(len(groups.begins), dtype=np.uint32), groups.sizes)
    return begun[groups.firsts], np.repeat(point, np.diff(runs, append=tables.height("hits")))


def _runs(tables: Tables) -> tuple[pl.DataFrame, Ints]:
    """The point of each run of hits of one point, and where the run begins."""
    begun, places = [tables.rows("hits", 0, 0, *POINT)], [np.empty(0, np.int64)]
    for at in range(0, tables.height("hits"), HITS_AT_ONCE):
        before = min(at, 1)
        rows = min(HITS_AT_ONCE, tables.height("hits") - at)
        hits = tables.rows("hits", at - before, rows + before, *POINT)
        new = np.flatnonzero(changed(*(numbers(hits[name]) for name in POINT)))
        new = new[before:]  # the row before begins nothing here
        begun.append(hits[new])
        places.append(new + at - before)
    return pl.concat(begun), np.concatenate(places)


def _sums(sums: pl.DataFrame) -> pl.DataFrame:
    """What the hits of a point come to: `findings`, `severity` in thousandths, `views`, `first`, `last`."""
    return sums.select(
        *POINT, findings="n_findings", severity="n_thousandths", views="n_views", first="first", last="last"
    )


def _people(tables: Tables, point: Codes) -> pl.DataFrame:
    """By point, how many `sessions` and `visitors` met it."""
    visitor = numbers(tables.sessions["visitor"])
    size = int(point.max(initial=0)) + 1
    sessions, visitors = np.zeros((2, size), np.int64)
    every = np.ones(size, np.bool_)
    for some in _pairs(tables, point, every, "session_id"):
        sessions += np.bincount(some["point"].to_numpy(), minlength=size)
    # Points some at a time: of all of them together, who met them takes more room than anything else.
    lot = (np.cumsum(sessions) - sessions) // HITS_AT_ONCE
    for number in np.unique(lot):
        met = pl.concat(_pairs(tables, point, lot == number, "session_id"))
        met_by = visitor[met["session_id"].to_numpy()]
        visitors += np.bincount(once(met["point"].to_numpy(), met_by)[0], minlength=size)
    which = np.flatnonzero(sessions)
    return pl.DataFrame(
        {"point": which, "sessions": sessions[which], "visitors": visitors[which]},
        schema=dict.fromkeys(("point", "sessions", "visitors"), pl.UInt32()),
    )


@dataclass(frozen=True)
class CleanUses:
    """`point, view`: views in which the element of a point was used, and no detector found trouble with it.

    `table` holds the points asked for. Targets of detectors that code them otherwise (forms) bring their own uses.
    """

    tables: Tables
    detectors: Mapping[str, Detector]
    table: pl.DataFrame

    def iter_slices(self, n_rows: int = USES_AT_ONCE) -> Iterator[pl.DataFrame]:
        """All of them, from so many uses at a time."""
        if "target" not in self.tables.columns("uses"):
            return
        keys = self.table.filter(pl.col("target").is_not_null()).select("point", *POINT)
        own = [name for name, detector in self.detectors.items() if "target" in detector.coded]
        clicked = keys.filter(~pl.col("detector").cast(pl.String).is_in(own)).drop("detector")
        for uses in self.tables.slices("uses", n_rows):
            clicks = uses
            if "detector" in uses.columns:
                clicks = uses.filter(pl.col("detector").is_null())
                yield uses.drop_nulls("detector").join(keys, on=POINT).select("point", "view")
            yield clicks.join(clicked, on=["page", "target"]).select("point", "view")


def identity(detector: str, page: str, target: str | None) -> str:
    """The id of a point: 16 hex digits, the same for any thresholds, file order and version of the numbers."""
    text = "\x1f".join([IDENTITY, detector, page, target or ""])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def trends(points: Points, tables: Tables, zone: str) -> pl.DataFrame:
    """`point, day, affected, exposed` sessions, one row for each day on which the page was seen; by session start."""
    days = tables.sessions.select(day=pl.col("start").dt.convert_time_zone(zone).dt.date()).to_series()
    exposed = _by(points.sliced("seen"), "page", days).rename({"len": "exposed"})
    met = _by(points.sliced("met"), "point", days).rename({"len": "affected"})
    frame = points.table.select("point", "page").join(exposed, on="page")
    frame = frame.join(met, on=["point", "day"], how="left")
    return frame.select("point", "day", pl.col("affected").fill_null(0), "exposed").sort("point", "day")


def _by(pairs: Slices, what: str, attribute: pl.Series) -> pl.DataFrame:
    """How many of the sessions paired with `what` have each value of an attribute that is listed by session."""
    values = attribute.unique().drop_nulls().sort()
    # Null is the last, ranks begin with 1.
    kinds = attribute.rank("dense").fill_null(values.len() + 1).to_numpy() - 1
    counts = [pl.DataFrame(schema=dict.fromkeys((what, "kind", "len"), pl.UInt32()))]
    for some in pairs.iter_slices(PAIRS_AT_ONCE):
        counted = tally(some[what].to_numpy(), kinds[some["session_id"].to_numpy()])
        counts.append(pl.DataFrame(counted, counts[0].schema))
    found = pl.concat(counts).group_by(what, "kind").agg(pl.col("len").sum())
    value = values.gather(found["kind"], null_on_oob=True).alias(attribute.name)
    return found.select(what, value, "len")


def segments(points: Points, tables: Tables, words: Words) -> pl.DataFrame:
    """Where a point strikes more often than elsewhere: `point, dimension, value, sessions_affected, …, lift`.

    The affected share among sessions on the page with that value, over the share among those without; at least ten
    affected sessions and 1.2 times. The best three of a point, the rest left out.
    """
    dimensions = [name for name in SEGMENTS if name in tables.sessions.columns]
    lifts = [_lifts(points, tables.sessions[name], words) for name in dimensions]
    ranked = pl.concat([pl.DataFrame(schema=_LIFTS), *lifts]).sort(
        "point", "lift", "dimension", "value", descending=[False, True, False, False]
    )
    return ranked.group_by("point", maintain_order=True).head(SEGMENTS_SHOWN)


_LIFTS = pl.Schema(
    {
        "point": pl.UInt32(),
        "dimension": pl.String(),
        "value": pl.String(),
        "sessions_affected": pl.UInt32(),
        "sessions_exposed": pl.UInt32(),
        "lift": pl.Float64(),
    }
)


def _lifts(points: Points, attribute: pl.Series, words: Words) -> pl.DataFrame:
    name = attribute.name
    here = _by(points.sliced("met"), "point", attribute).drop_nulls(name).rename({"len": "sessions_affected"})
    there = _by(points.sliced("seen"), "page", attribute).drop_nulls(name).rename({"len": "sessions_exposed"})
    frame = here.filter(pl.col("sessions_affected") >= SEGMENT_SESSIONS)
    frame = frame.join(points.table.select("point", "page", "sessions", "exposed"), on="point")
    frame = frame.join(there, on=["page", name]).filter(pl.col("exposed") > pl.col("sessions_exposed"))
    affected, exposed = pl.col("sessions_affected"), pl.col("sessions_exposed")
    elsewhere = (pl.col("sessions") - affected + 0.5) / (pl.col("exposed") - exposed + 1.0)
    frame = frame.with_columns(lift=affected / exposed / elsewhere, dimension=pl.lit(name))
    frame = frame.with_columns(value=words.by_column[name].gather(frame[name]))
    frame = frame.filter(pl.col("lift") >= SEGMENT_LIFT)
    return frame.select(pl.col(column).cast(dtype) for column, dtype in _LIFTS.items())


def overlaps(points: Points, ranked: pl.Series, share: float = 0.3) -> pl.DataFrame:
    """`point, other`: pairs of the `ranked` points that strike the same page views more than `share` of the time."""
    chosen = np.unique(ranked.to_numpy())
    size = int(points.table.select(pl.col("point").max()).item() or 0) + 1
    number = np.full(max(size, int(chosen.max(initial=0)) + 1), -1, np.int64)
    number[chosen] = np.arange(len(chosen))
    views, pairs_of = np.zeros(len(chosen), np.int64), [np.zeros((3, 0), np.int64)]
    for hits in _by_views(points.hit):
        of_hit = number[hits["point"].to_numpy()]
        mine = np.flatnonzero(of_hit >= 0)
        view, which = once(hits["view"].to_numpy()[mine], of_hit[mine])
        views += np.bincount(which, minlength=len(chosen))
        pairs_of.append(np.stack(tally(*_neighbours(view, which))))
    one, other, both = _added(np.concatenate(pairs_of, axis=1))
    pairs = np.concatenate([np.stack([one, other, both]), np.stack([other, one, both])], axis=1)
    first, second, _ = pairs[:, pairs[2] > share * views[pairs[0]]]
    found = {"point": chosen[first], "other": chosen[second]}
    return pl.DataFrame(found, schema_overrides=dict.fromkeys(found, pl.UInt32())).sort("point", "other")


def _by_views(hits: Slices) -> Iterator[pl.DataFrame]:
    """The hits, those of so many page views at a time."""
    found = ByViews(hits.held)
    for start in range(0, found.last + 1, VIEWS_AT_ONCE):
        yield found.between(start, start + VIEWS_AT_ONCE - 1)


VIEWS_AT_ONCE = 1 << 20
"""Page views in which points are paired at a time."""


def _added(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of `one, other, how often` with equal pairs as one, in order."""
    one, other, both = pairs
    size = int(other.max(initial=0)) + 1
    keys, which = np.unique(one * size + other, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, which, both)
    return np.stack([keys // size, keys % size, sums])


def _neighbours(view: Ints, which: Ints) -> tuple[Ints, Ints]:
    """Each two of one view; `view` is sorted."""
    same = view[1:] == view[:-1]
    at, lag = np.flatnonzero(same), 1
    one, other = [which[:0]], [which[:0]]
    while len(at):
        one.append(which[at])
        other.append(which[at + lag])
        at = at[at + lag < len(same)]
        at, lag = at[same[at + lag]], lag + 1
    return np.concatenate(one), np.concatenate(other)
