"""The page views of an estimate, worked out for some sessions at a time: what is known at an opening is wide, and of it
two numbers a view are kept, those of its patterns (`covariates.Held`).

What comes out is what `views.prepare` and `Held.of` give for all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.impact.covariates import ROUTE, STATE, Held, numbered, samples
from friction.impact.views import Codes, Views, histories, prepare
from friction.order import Ints
from friction.reduce.kept import ByViews, whole

BITS = {
    **{"device": 3, "channel": 3, "returning": 1, "first": 1, "product": 3, "cart": 2, "checkout": 3},
    **{"conversions": 2, "sessions": 8, "length": 8, "index": 8, "before": 4, "same": 1},
}
"""Of each value that is known at an opening."""
HISTORY_BITS, MOST_KINDS = 2, 28
HIT = ("view", "detector", "findings")
"""What is asked of hits."""
Stretches = Callable[[], Iterable[pl.DataFrame]]
"""All page views, whole sessions at a time: `view, session_id, page`, in order."""


def prepared(
    stretches: Stretches, sessions: pl.DataFrame, hits: Any, groups: Mapping[int, str]
) -> tuple[Views, Held]:
    """The views without what was known at their opening, and the patterns of that; the others as in `prepare`.

    `hits`: a frame, or a table that is kept elsewhere.
    """
    openings = Openings.of(stretches, sessions, hits, groups)
    if openings is None:
        every = prepare(pl.concat(stretches()), sessions, whole(hits, HIT), groups)
        return every.without_opening(), Held.of(every)
    found = list(openings)
    views, codes = [each for each, *_ in found], [each[1:] for each in found]
    del found
    held = openings.held
    state, path = (
        _joined(which, [pair[at] for pair in codes])
        for at, which in enumerate((openings.states, openings.paths))
    )
    return _together(views), held.coding(state, path)


@dataclass
class Openings:
    """Goes through the page views, so many at a time: those up to a conversion, without what was known when they
    opened, and of that the numbers of its state and path among those of the stretch.

    Once it went through all, `states` and `paths` are what these numbers are among all, stretch by stretch.
    """

    stretches: Stretches
    hits: ByViews
    made: Callable[..., Views]
    pages: Ints
    """By page, how many views it has."""
    _state: _Numbers
    _path: _Numbers

    @classmethod
    def of(
        cls, stretches: Stretches, sessions: pl.DataFrame, hits: Any, groups: Mapping[int, str]
    ) -> Openings | None:
        """Null where more detectors found something than patterns have room for."""
        kinds = np.zeros(0, np.int64)
        if hits.height:
            kinds = whole(hits, ["detector"]).to_series().to_physical().unique().sort().to_numpy()
        if len(kinds) > MOST_KINDS:
            return None
        lengths, pages = _counted(stretches, sessions)
        known = histories(sessions, lengths)
        made = partial(prepare, sessions=sessions, groups=groups, known=known, kinds=kinds)
        state = _Numbers([BITS[name] for name in STATE])
        path = _Numbers([*(BITS[name] for name in ROUTE), *[HISTORY_BITS] * len(kinds)])
        return cls(stretches, ByViews(hits, HIT if hits.height else None), made, pages, state, path)

    def __iter__(self) -> Iterator[tuple[Views, Codes, Codes]]:
        for rows in self.stretches():
            some = self.made(rows, hits=self.hits.between(*_ends(rows["view"])))
            state = self._state.take([some.opening[name] for name in STATE])
            path = self._path.take([*(some.opening[name] for name in ROUTE), *some.history.T])
            yield some.without_opening(), state, path

    @property
    def states(self) -> list[Codes]:
        """By stretch and number in it, the number among all."""
        return self._state.places

    @property
    def paths(self) -> list[Codes]:
        """Likewise."""
        return self._path.places

    @property
    def held(self) -> Held:
        """The patterns of all stretches, of no view yet."""
        states, paths, nobody = self._state.values, self._path.values, np.zeros(0, np.int32)
        met = [each for each in paths[len(ROUTE) :] if each.any()]
        return Held.coded(states, [*paths[: len(ROUTE)], *met], nobody, nobody)


def _joined(places: Sequence[Codes], codes: list[Codes]) -> Codes:
    """The numbers among all of the views of all stretches."""
    return np.concatenate(
        [np.zeros(0, np.int32), *(of[code] for of, code in zip(places, codes, strict=True))]
    )


def _counted(stretches: Stretches, sessions: pl.DataFrame) -> tuple[Ints, Ints]:
    """By session, how many views it has up to its conversion; by page, how many of these it has."""
    found, pages = np.zeros(sessions.height, np.int64), np.zeros(0, np.int64)
    for rows in stretches():
        goal = sessions["goal_view"].gather(rows["session_id"])
        kept = rows.filter((rows["view"] <= goal).fill_null(value=True))
        if kept.height:
            session, here = kept["session_id"].to_numpy(), np.bincount(kept["page"].to_numpy())
            first = int(session[0])
            counts = np.bincount(session - session[0])
            found[first : first + len(counts)] += counts
            pages = np.pad(pages, (0, max(0, len(here) - len(pages))))
            pages[: len(here)] += here
    return found, pages


def _ends(views: pl.Series) -> tuple[int, int]:
    """The first and the last of a run of views; where there is none, of none."""
    return (views[0], views[-1]) if views.len() else (0, -1)


@dataclass
class _Numbers:
    """Combinations of small values, numbered in their order, as `covariates.numbered` does for all at once."""

    bits: Sequence[int]
    """Of each value."""
    _keys: list[Ints] = field(default_factory=list)
    """The combinations of each stretch, each as one number, rising."""

    def take(self, columns: Sequence[NDArray[Any]]) -> NDArray[np.int32]:
        """One more stretch: which of its combinations each view has."""
        code = numbered(columns)
        one = samples(code)
        key = np.zeros(len(one), np.int64)
        for values, bits in zip(columns, self.bits, strict=True):
            key = (key << bits) | values[one].astype(np.int64)
        self._keys.append(key)
        return code.astype(np.int32)

    @property
    def _every(self) -> Ints:
        return np.unique(np.concatenate([np.zeros(0, np.int64), *self._keys]))

    @property
    def places(self) -> list[Codes]:
        """By stretch and number of a combination in it, its number among all."""
        every = self._every
        return [np.searchsorted(every, key).astype(np.int32) for key in self._keys]

    @property
    def values(self) -> list[NDArray[np.uint8]]:
        """The values of every combination."""
        values, rest = [], self._every
        for bits in reversed(self.bits):
            values.append((rest & ((1 << bits) - 1)).astype(np.uint8))
            rest = rest >> bits
        return values[::-1]


def _together(views: list[Views]) -> Views:
    """All stretches, column by column; what is put together is let go of."""
    names = [each.name for each in fields(Views) if each.name not in {"opening", "history"}]
    columns = {name: [getattr(each, name) for each in views] for name in names}
    views.clear()
    whole = {name: np.concatenate(columns.pop(name)) for name in names}
    return Views(**whole, opening={}, history=np.zeros((len(whole["number"]), 0), np.uint8))
