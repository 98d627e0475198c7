"""Which visitors a change of the exit rate comes from: the segment that rose while all others stayed as they were.

A page breaks in one browser, after one release, for one campaign; the whole page's rate then rises a little. For each
value of each dimension the exits inside the change are set against those that its own rate before lets expect, with
the change's seasonal factor. A value explains the change when it rose clearly and the others, taken together, did not
go beyond the margin. Nothing is named when no value does, or when it is nearly everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from friction.dropoff import HOUR_US, with_exits
from friction.margin import Segment as Stretch
from friction.margin import deviation
from friction.schema import SEGMENTS
from friction.values import dataclass

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
        rows += _of_dimension(dimension, _by_value(counted, codes), window)
    found = pl.DataFrame(rows, EXPLAINED, orient="row")
    return found.sort("z", "dimension", "code", descending=[True, False, False])


SURGE, CLEARLY_LESS = 3.0, 2.0
"""Times the usual traffic that makes a surge; deviations by which the others stay below the rise of the whole."""
FEWEST_IN_SURGE = 50


def other_visitors(
    units: pl.DataFrame, sessions: pl.DataFrame, window: Window, zone: str, ratio: float
) -> bool:
    """Whether a rise, `ratio` times the ordinary, came with a surge of visitors of some kind, and without them is none.

    A campaign or a link on a large site brings people who leave at other rates, without any fault of the page.
    A kind of visitor surges when it came three times as often as before; the others must not have gone beyond the
    margin, and must lie clearly below the rise: where too few are left to tell, the rise stays one.
    """
    counted = window.counted(units, zone)
    for dimension in (name for name in SEGMENTS if name in sessions.columns):
        codes = sessions[dimension].gather(counted["session_id"])
        if _came_with_others(_by_value(counted, codes), window, counted, ratio):
            return True
    return False


def _by_value(counted: pl.DataFrame, codes: pl.Series) -> pl.DataFrame:
    """`code, inside, n, k`."""
    rows = counted.with_columns(code=codes).group_by("code", "inside")
    return rows.agg(n=pl.len().cast(pl.Int64), k=pl.col("exit").sum().cast(pl.Int64))


def _came_with_others(table: pl.DataFrame, window: Window, counted: pl.DataFrame, ratio: float) -> bool:
    hours = pl.col("opened").dt.truncate("1h").n_unique()
    lasted = dict(counted.group_by("inside").agg(hours).iter_rows())
    if lasted.keys() != {True, False}:
        return False
    inside, before = (table.filter(pl.col("inside") == side).drop("inside") for side in (True, False))
    both = inside.join(before, on="code", how="left", nulls_equal=True, suffix="_before")
    both = both.with_columns(pl.col("n_before", "k_before").fill_null(0))
    usual = pl.col("n_before") * (lasted[True] / lasted[False])
    surged = (pl.col("n") >= FEWEST_IN_SURGE) & (pl.col("n") >= SURGE * usual)
    if not both.select(surged.any()).item():
        return False
    rest = both.filter(~surged)
    gone = before.join(inside, on="code", how="anti", nulls_equal=True)
    n, k = int(rest["n"].sum()), int(rest["k"].sum())
    n_before = int(rest["n_before"].sum()) + int(gone["n"].sum())
    k_before = int(rest["k_before"].sum()) + int(gone["k"].sum())
    if min(n, n_before) < FEWEST_VIEWS:
        return False
    within, past = Stretch(n, k, n * window.season), Stretch(n_before, k_before, float(n_before))
    above = deviation(within, past, window.phi, factor=window.margin, side=1)
    return above < UNMOVED and deviation(within, past, window.phi, factor=ratio, side=-1) >= CLEARLY_LESS


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
