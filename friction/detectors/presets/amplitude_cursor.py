"""The thrashed cursor of Amplitude: many changes of direction on one axis within a short time.

Each axis has a direction and a series: the stamps of its last N changes, and a start. A change goes through three
steps:

1. It joins the series of its axis, of which the last N are kept; a series without a start begins here.
2. An axis is hot when it has N stamps that span less than W. If any is hot, the smallest start of the hot axes is
   remembered (unless one is already) and a timer set to W from now. If none is hot, what is remembered is reported.
3. On both axes all stamps W and more before the last go, and where any went, the series starts with the first that
stays.

The timer reports too. A report empties both series; directions stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from friction.detectors.presets.tape import Longs, Tape

AXES = ("x", "y")
Change = tuple[int, int]
"""When on the clock, and where on the tape."""


def series(tape: Tape, moves: Longs, changes: int, within_us: int) -> Iterator[tuple[int, int]]:
    """Places of the first change and of the last one that kept it going, of every series that is reported."""
    turned = {axis: moves[_turns(tape, moves, axis)] for axis in AXES}
    # A series is never longer than the changes that happened: only streams with enough of them are gone through.
    hot = [_crowded(tape.at[places], changes, within_us) for places in turned.values()]
    streams = np.unique(
        np.concatenate([tape.stream[places][at] for places, at in zip(turned.values(), hot, strict=True)])
    )
    for stream in streams:
        mine = {axis: places[tape.stream[places] == stream] for axis, places in turned.items()}
        together = sorted((int(place), axis) for axis, places in mine.items() for place in places)
        yield from _Cursor(changes, within_us).follow(
            [(int(tape.at[place]), place, axis) for place, axis in together]
        )


def _turns(tape: Tape, moves: Longs, axis: str) -> Longs:
    """Numbers of the moves that go the other way than the last movement on this axis."""
    step = pl.col(axis).cast(pl.Float64).diff()
    frame = tape.frame[moves.tolist()].select(axis, _stream=pl.Series(tape.stream[moves]))
    new = pl.col("_stream").ne_missing(pl.col("_stream").shift())
    sign = pl.when(new).then(0.0).otherwise(step.sign())
    frame = frame.with_columns(sign=pl.when(sign != 0).then(sign)).with_row_index("at").drop_nulls("sign")
    other = (pl.col("sign") != pl.col("sign").shift()) & (pl.col("_stream") == pl.col("_stream").shift())
    return np.asarray(frame.filter(other)["at"].to_numpy(), dtype=np.int64)


def _crowded(at: Longs, changes: int, within_us: int) -> Longs:
    """Numbers of the changes that are the last of so many within less than that time."""
    if len(at) < changes:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(at[changes - 1 :] - at[: len(at) - changes + 1] < within_us)


@dataclass
class _Series:
    stamps: list[Change] = field(default_factory=list)
    start: Change | None = None


@dataclass
class _Cursor:
    """The state of one stream."""

    changes: int
    within_us: int
    axes: dict[str, _Series] = field(default_factory=lambda: {axis: _Series() for axis in AXES})
    pending: Change | None = None
    due: int = 0
    latest: int = 0
    """Place of the last change that kept what is pending going."""

    def follow(self, changes: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
        """Go through all changes of the stream and let the timer run out at the end."""
        for at, place, axis in changes:
            if self.pending is not None and at >= self.due:
                yield self._emit()
            own = self.axes[axis]
            own.stamps = [*own.stamps, (at, place)][-self.changes :]
            own.start = own.start or (at, place)
            starts = [one.start for one in self.axes.values() if one.start is not None and self._is_hot(one)]
            if starts:
                self.pending = self.pending or min(starts)
                self.due, self.latest = at + self.within_us, place
            elif self.pending is not None:
                yield self._emit()
            for one in self.axes.values():
                self._forget(one)
        if self.pending is not None:
            yield self._emit()

    def _is_hot(self, one: _Series) -> bool:
        return len(one.stamps) == self.changes and one.stamps[-1][0] - one.stamps[0][0] < self.within_us

    def _forget(self, one: _Series) -> None:
        if one.stamps:
            kept = [stamp for stamp in one.stamps if one.stamps[-1][0] - stamp[0] < self.within_us]
            if len(kept) < len(one.stamps):
                one.stamps, one.start = kept, kept[0]

    def _emit(self) -> tuple[int, int]:
        assert self.pending is not None
        first = self.pending[1]
        self.axes = {axis: _Series() for axis in AXES}
        self.pending = None
        return first, self.latest
