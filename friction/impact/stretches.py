"""The page views of an estimate, worked out for some sessions at a time: what is known at an opening is wide, and of it
two numbers a view are kept, those of its patterns (`covariates.Held`).

What comes out is what `views.prepare` and `Held.of` give for all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.covariates import ROUTE, STATE, Held, numbered, samples
from friction.impact.views import Views, histories, prepare
from friction.order import Ints

BITS = {
    **{"device": 3, "channel": 3, "returning": 1, "first": 1, "product": 3, "cart": 2, "checkout": 3},
    **{"conversions": 2, "sessions": 8, "length": 8, "index": 8, "before": 4, "same": 1},
}
"""Of each value that is known at an opening."""
HISTORY_BITS, MOST_KINDS = 2, 28
Stretches = Callable[[], Iterable[pl.DataFrame]]
"""All page views, whole sessions at a time: `view, session_id, page`, in order."""


def prepared(
    stretches: Stretches, sessions: pl.DataFrame, hits: pl.DataFrame, groups: Mapping[int, str]
) -> tuple[Views, Held]:
    """The views without what was known at their opening, and the patterns of that; the others as in `prepare`."""
    detectors = hits["detector"].to_physical().to_numpy() if hits.height else np.zeros(0, np.int64)
    kinds = np.flatnonzero(np.bincount(detectors))
    if len(kinds) > MOST_KINDS:
        whole = prepare(pl.concat(stretches()), sessions, hits, groups)
        return whole.without_opening(), Held.of(whole)
    known = histories(sessions, _lengths(stretches, sessions))
    made = partial(prepare, sessions=sessions, groups=groups, known=known, kinds=kinds)
    views: list[Views] = []
    state = _Numbers([BITS[name] for name in STATE])
    path = _Numbers([*(BITS[name] for name in ROUTE), *[HISTORY_BITS] * len(kinds)])
    for rows in stretches():
        some = made(rows, hits=_among(hits, rows["view"]))
        state.take([some.opening[name] for name in STATE])
        path.take([*(some.opening[name] for name in ROUTE), *some.history.T])
        views.append(some.without_opening())
    (states, state_of), (paths, path_of) = state.whole(), path.whole()
    met = [each for each in paths[len(ROUTE) :] if each.any()]
    return _together(views), Held.coded(states, [*paths[: len(ROUTE)], *met], state_of, path_of)


def _lengths(stretches: Stretches, sessions: pl.DataFrame) -> Ints:
    """By session, how many views it has up to its conversion."""
    found = np.zeros(sessions.height, np.int64)
    for rows in stretches():
        goal = sessions["goal_view"].gather(rows["session_id"])
        kept = rows["session_id"].filter((rows["view"] <= goal).fill_null(value=True)).to_numpy()
        if len(kept):
            first = int(kept[0])
            counts = np.bincount(kept - kept[0])
            found[first : first + len(counts)] += counts
    return found


def _among(hits: pl.DataFrame, views: pl.Series) -> pl.DataFrame:
    """Those of a run of views."""
    return hits.filter(pl.col("view").is_between(views.first(), views.last())) if hits.height else hits


@dataclass
class _Numbers:
    """Combinations of small values, numbered in their order, as `covariates.numbered` does for all at once."""

    bits: Sequence[int]
    """Of each value."""
    _keys: list[Ints] = field(default_factory=list)
    """The combinations of each stretch, each as one number, rising."""
    _codes: list[NDArray[np.int32]] = field(default_factory=list)
    """Which of these each view has."""

    def take(self, columns: Sequence[NDArray[Any]]) -> None:
        """One more stretch."""
        code = numbered(columns)
        one = samples(code)
        key = np.zeros(len(one), np.int64)
        for values, bits in zip(columns, self.bits, strict=True):
            key = (key << bits) | values[one].astype(np.int64)
        self._keys.append(key)
        self._codes.append(code.astype(np.int32))

    def whole(self) -> tuple[list[NDArray[np.uint8]], NDArray[np.int32]]:
        """The values of every combination, and which of them each view has."""
        every = np.unique(np.concatenate([np.zeros(0, np.int64), *self._keys]))
        codes = [
            np.searchsorted(every, key).astype(np.int32)[code]
            for key, code in zip(self._keys, self._codes, strict=True)
        ]
        values, rest = [], every
        for bits in reversed(self.bits):
            values.append((rest & ((1 << bits) - 1)).astype(np.uint8))
            rest = rest >> bits
        return values[::-1], np.concatenate([np.zeros(0, np.int32), *codes])


def _together(views: list[Views]) -> Views:
    """All stretches, column by column; what is put together is let go of."""
    names = [each.name for each in fields(Views) if each.name not in {"opening", "history"}]
    columns = {name: [getattr(each, name) for each in views] for name in names}
    views.clear()
    whole = {name: np.concatenate(columns.pop(name)) for name in names}
    return Views(**whole, opening={}, history=np.zeros((len(whole["number"]), 0), np.uint8))
