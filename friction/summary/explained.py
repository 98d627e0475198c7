"""Which visitors a change of the exit rate comes from: the segment that rose while all others stayed as they were.

A page breaks in one browser, after one release, for one campaign; the whole page's rate then rises a little. For each
value of each dimension the exits inside the change are set against those that its own rate before lets expect, with
the change's seasonal factor. A value explains the change when it rose clearly and the others, taken together, did not
go beyond the margin. Nothing is named when no value does, or when it is nearly everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from friction.dropoff import HOUR_US, with_exits
from friction.schema import SEGMENTS
from friction.series.margin import Segment as Stretch
from friction.series.margin import deviation

RISEN, UNMOVED = 3.0, 2.0
"""Standard deviations: the segment beyond its own past, and the others at most beyond theirs and the margin."""
NEARLY_ALL = 0.8
"""A segment with this share of the views explains nothing that the page itself does not."""
FEWEST_VIEWS = 20
"""Views a segment must have before and inside."""


@dataclass(frozen=True)
class Window:
    """A change: hours of the zone's clock since the epoch, those before it that it was compared with, and its size.

    `season` is how many times the rate before the hours inside would have had by their place in day and week alone.
    """

    since: int
    start: int
    end: int | None
    season: float
    phi: float
    margin: float

    @classmethod
    def of(cls, change: Mapping[str, Any], earlier: pl.DataFrame, margin: float) -> Window:
        """That of a row of `dropoff.changes`; `earlier` are the rows of the same page that began before."""
        since = 0
        if earlier.height:
            last = earlier.sort("start_hour").row(-1, named=True)
            goes_over = last["end_hour"] in {None, change["start_hour"]}
            since = last["start_hour"] if goes_over else last["end_hour"]
        usual = change["rate_before"] * change["n"]
        season = change["expected"] / usual if usual else 1.0
        return cls(since, change["start_hour"], change["end_hour"], season, change["phi"], margin)

    def counted(self, views: pl.DataFrame, zone: str) -> pl.DataFrame:
        """The views before and inside, with `inside`."""
        local = pl.col("opened").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        hour = local.dt.timestamp("us") // HOUR_US
        within = hour >= self.since
        if self.end is not None:
            within &= hour < self.end
        return with_exits(views).filter(within).with_columns(inside=hour >= self.start)


EXPLAINED = pl.Schema(
    {
        "dimension": pl.String(),
        "code": pl.UInt32(),
        "n": pl.Int64(),
        "k": pl.Int64(),
        "ratio": pl.Float64(),
        "share": pl.Float64(),
        "z": pl.Float64(),
    }
)


def explained(views: pl.DataFrame, sessions: pl.DataFrame, window: Window, zone: str) -> pl.DataFrame:
    """Values that explain the change, the clearest first: columns of `EXPLAINED`.

    `views` are those of one page, `sessions` has the codes of the dimensions by `session_id` (its position). `n` views
    and `k` exits inside; `ratio` of the exits to those to expect; `share` of the change's extra exits, which can be
    above 1 when the others fell.
    """
    counted = window.counted(views, zone)
    rows = []
    for dimension in (name for name in SEGMENTS if name in sessions.columns):
        codes = sessions[dimension].gather(counted["session_id"])
        table = (
            counted.with_columns(code=codes)
            .group_by("code", "inside")
            .agg(n=pl.len().cast(pl.Int64), k=pl.col("exit").sum().cast(pl.Int64))
        )
        rows += _of_dimension(dimension, table, window)
    found = pl.DataFrame(rows, EXPLAINED, orient="row")
    return found.sort("z", "dimension", "code", descending=[True, False, False])


def _of_dimension(dimension: str, table: pl.DataFrame, window: Window) -> list[tuple[object, ...]]:
    inside, before = (table.filter(pl.col("inside") == side) for side in (True, False))
    both = inside.join(before, on="code", nulls_equal=True, suffix="_before")
    total = _counts(inside) + _counts(before)
    rows: list[tuple[object, ...]] = []
    for code, n, k, n_before, k_before in both.select("code", "n", "k", "n_before", "k_before").iter_rows():
        if code is None or min(n, n_before) < FEWEST_VIEWS or n > NEARLY_ALL * total[0]:
            continue
        own = (n, k, n_before, k_before)
        others = tuple(whole - part for whole, part in zip(total, own, strict=True))
        z, expected = _risen(own, window, 1.0)
        rest, rest_expected = _risen(others, window, window.margin)
        extra = total[1] - expected - rest_expected
        if z >= RISEN and rest < UNMOVED and extra > 0:
            rows.append((dimension, code, n, k, (k + 0.5) / (expected + 0.5), (k - expected) / extra, z))
    return rows


def _counts(table: pl.DataFrame) -> tuple[int, int]:
    return int(table["n"].sum()), int(table["k"].sum())


def _risen(counts: tuple[int, ...], window: Window, factor: float) -> tuple[float, float]:
    """Deviation from its own past, and the exits to expect; `counts`: views and exits inside, then before."""
    n, k, n_before, k_before = counts
    inside, before = Stretch(n, k, n * window.season), Stretch(n_before, k_before, float(n_before))
    return deviation(inside, before, window.phi, factor=factor, side=1), inside.e * before.level
