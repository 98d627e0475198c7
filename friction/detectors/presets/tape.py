"""The rows of a part as one long tape, so that a tool's rule is arithmetic on numbers.

A *stream* is what a tool's script sees: one session, and one tab of it where tabs are told apart. The tape holds all
streams one after the other with a day of silence between them on its clock. So a window of some seconds never reaches
into another stream, the next row within reach is one binary search, and no rule looks at sessions one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.values import dataclass

Longs = NDArray[np.int64] | NDArray[np.intp]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

DAY_US = 86_400_000_000
NEVER = np.iinfo(np.int64).max // 4
"""Later than anything on the clock."""
NOBODY = np.iinfo(np.int64).min
"""The node of a row that is on no element."""
LONGEST_PRESS_MS = 3_600_000.0
SCROLL_REST_US = 100_000
"""A series of scrolls has ended when this long no further one came."""


def us(milliseconds: float) -> int:
    """Microseconds, the unit of the clock."""
    return round(milliseconds * 1_000)


@dataclass(frozen=True)
class Tape:
    """Rows in the order of their streams, and within them of `ts, seq`. A *place* is a position on the tape."""

    frame: pl.DataFrame
    stream: Longs
    at: Longs
    """The clock: microseconds, rising along the whole tape, a day and more between streams."""

    @classmethod
    def of(cls, events: pl.LazyFrame, kinds: Iterable[str], columns: Iterable[str]) -> Tape:
        """The rows of these kinds, with these columns besides the common ones."""
        names = sorted({*columns, "session_id", "page", "target", "ts", "kind", "row", "node_id"})
        tab = pl.col("tab_id") if "tab_id" in names else pl.lit(None, pl.UInt32)
        rows = events.filter(pl.col("kind").is_in(sorted(kinds))).select(names)
        new = pl.any_horizontal(pl.col("session_id").ne_missing(pl.col("session_id").shift()))
        frame = rows.with_columns(_session=new.fill_null(value=True).cum_sum(), _tab=tab).collect()
        if frame["_tab"].null_count() < frame.height:
            frame = frame.sort("_session", "_tab", maintain_order=True, nulls_last=False)
        opens = frame.select(
            pl.col("_session").ne_missing(pl.col("_session").shift())
            | pl.col("_tab").ne_missing(pl.col("_tab").shift())
            | (pl.int_range(pl.len()) == 0)
        ).to_series()
        stream = np.cumsum(opens.to_numpy()).astype(np.int64) - 1
        return cls(frame, stream, _clock(frame["ts"].to_physical().to_numpy(), stream))

    def __len__(self) -> int:
        return self.frame.height

    def places(self, *kinds: str) -> Longs:
        """Where the rows of these kinds stand."""
        return np.flatnonzero(self.is_a(*kinds))

    def is_a(self, *kinds: str) -> Truths:
        """By place: whether the row is of one of these kinds."""
        return self.frame["kind"].is_in(list(kinds)).to_numpy()

    def truth(self, column: str, *, null: bool = False) -> Truths:
        """A column of truths by place, null as said."""
        return self.frame[column].fill_null(null).to_numpy()

    def numbers(self, column: str) -> Floats:
        """A column of numbers by place; null is not a number, which no comparison fits."""
        return self.frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def bits(self, column: str) -> Longs:
        """A column of facts by place; null has none."""
        return self.frame[column].cast(pl.Int64).fill_null(0).to_numpy()

    @cached_property
    def node(self) -> Longs:
        """The node of each row: `node_id`, else its target (as a negative number); `NOBODY` without either."""
        target = self.frame.select(pl.col("target").rank("dense").cast(pl.Int64)).to_series()
        number = self.frame["node_id"].cast(pl.Int64)
        return pl.select(pl.coalesce(number, -target - 1).fill_null(NOBODY)).to_series().to_numpy()

    @cached_property
    def is_click(self) -> Truths:
        """By place: a click of the primary button, the only ones for which browsers send click events."""
        button = self.frame["button"].fill_null(0).to_numpy() if "button" in self.frame.columns else 0
        return self.is_a("click") & (button == 0)

    @cached_property
    def has_modifier(self) -> Truths:
        """By place: a modifier key was held."""
        return self.frame["modifiers"].fill_null("").ne("").to_numpy()

    @cached_property
    def press_us(self) -> Longs:
        """How long before the row the pointer went down; 0 where nobody says."""
        held = self.frame["press_ms"].cast(pl.Float64).fill_null(0.0).clip(0.0, LONGEST_PRESS_MS)
        return (held * 1_000).round().cast(pl.Int64).to_numpy()

    @cached_property
    def is_of_window(self) -> Truths:
        """By place: focus or blur of the window, not of an element."""
        return np.asarray(self.is_a("focus", "blur") & (self.node == NOBODY))

    @cached_property
    def selects(self) -> Truths:
        """By place: a selection that leaves something selected, or does not say."""
        return np.asarray(self.is_a("selection") & ~self.truth("selection_empty"))

    @cached_property
    def reselects(self) -> Truths:
        """By place: a selection row before or after which something is selected; nothing is when a stream begins."""
        rows = self.places("selection")
        now = self.selects[rows]
        before = np.zeros(len(rows), dtype=bool)
        if len(rows):
            before[1:] = now[:-1] & (self.stream[rows][1:] == self.stream[rows][:-1])
        found = np.zeros(len(self), dtype=bool)
        found[rows] = now | before
        return found

    def client_point(self) -> tuple[Floats, Floats]:
        """By place: where in the window. A click without a pointer, by key or script, is at (0, 0) in browsers."""
        return self._in_window("x"), self._in_window("y")

    def _in_window(self, axis: str) -> Floats:
        return self.frame.select(self._client(axis)).to_series().fill_null(float("nan")).to_numpy()

    def _client(self, axis: str) -> pl.Expr:
        no_pointer = pl.col("pointer").cast(pl.String).is_in(["keyboard", "synthetic"])
        return pl.coalesce(pl.col(axis).cast(pl.Float64), pl.when(no_pointer).then(0.0))

    def page_point(self) -> tuple[Floats, Floats]:
        """By place: where on the page, `page_x`, else `x + scroll_x`, else `x`; y alike."""
        return self._on_page("x"), self._on_page("y")

    def _on_page(self, axis: str) -> Floats:
        x, scrolled = self._client(axis), pl.col(f"scroll_{axis}").cast(pl.Float64)
        found = self.frame.select(pl.coalesce(pl.col(f"page_{axis}").cast(pl.Float64), x + scrolled, x))
        return found.to_series().fill_null(float("nan")).to_numpy()

    def scroll_ends(self) -> Longs:
        """When scrolling came to rest, on the clock, sorted: as the input says, or worked out where it does not.

        Needs the column `scroll_ends`, which says whether the input knows the kind `scroll_end` at all.
        """
        told = self.frame["scroll_ends"]
        if told.null_count() < told.len() and bool(told.drop_nulls()[0]):
            return self.at[self.is_a("scroll_end")]
        scrolls = self.at[self.is_a("scroll")]
        last = np.diff(scrolls, append=NEVER) >= SCROLL_REST_US
        return scrolls[last] + SCROLL_REST_US

    def same_stream(self, places: Longs) -> Truths:
        """For each of these places but the first, whether it is in the stream of the one before."""
        return np.asarray(self.stream[places][1:] == self.stream[places][:-1])


def _clock(ts: Longs, stream: Longs) -> Longs:
    if not len(ts):
        return ts.astype(np.int64)
    first = np.flatnonzero(np.diff(stream, prepend=-1))
    last = np.append(first[1:], len(ts)) - 1
    lengths = ts[last] - ts[first] + 2 * DAY_US
    opens = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(ts - ts[first][stream] + opens[stream] + DAY_US, dtype=np.int64)


def any_within(times: Longs, since: Longs, before: Longs) -> Truths:
    """For each window, whether one of the sorted `times` has `since <= time < before`."""
    return np.asarray(np.searchsorted(times, before) > np.searchsorted(times, since))


def first_from(times: Longs, since: Longs) -> Longs:
    """For each instant the first of the sorted `times` that is not earlier; `NEVER` where there is none."""
    return np.append(times, NEVER)[np.searchsorted(times, since)]


def first_after(places: Longs, place: Longs) -> Longs:
    """For each place the number of the first of the sorted `places` behind it; their count where there is none."""
    return np.asarray(np.searchsorted(places, place, side="right"))


def runs(linked: Truths) -> Longs:
    """Number of the run of each item; `linked` says of each whether it goes on from the one before."""
    return np.cumsum(~linked)


def spans(linked: Truths) -> Iterator[tuple[int, int]]:
    """The first item of each run, and the first one behind it."""
    opens = np.flatnonzero(~linked).tolist()
    return pairwise([*opens, len(linked)] if opens else [])


def position_in_run(linked: Truths) -> Longs:
    """How many-th of its run each item is, from 1."""
    place = np.arange(len(linked))
    opened = np.maximum.accumulate(np.where(linked, 0, place)) if len(linked) else place
    return place - opened + 1


def thinned(key: Longs, at: Longs, apart_us: int) -> Truths:
    """Which items stay when, among those with one key, each must come `apart_us` or more after the last that stayed.

    `at` rises. Only items that have a neighbour nearer than that are looked at one by one.
    """
    order = np.lexsort((at, key))
    near = np.zeros(len(order), dtype=bool)
    if len(order):
        near[1:] = (np.diff(key[order]) == 0) & (np.diff(at[order]) < apart_us)
    stays = np.ones(len(order), dtype=bool)
    kept = 0
    times = at[order]
    for place in np.flatnonzero(near):
        if not near[place - 1]:
            kept = times[place - 1]
        stays[place] = times[place] - kept >= apart_us
        if stays[place]:
            kept = times[place]
    found = np.empty(len(order), dtype=bool)
    found[order] = stays
    return found
