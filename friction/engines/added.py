"""The counts of all shards as one: of them follow what a page is worth, who comes back, and what can be asked."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.engines.counting import COUNTS, Summed
from friction.engines.drawing import Choice
from friction.impact import Exposures, values
from friction.impact.asked import Counts, chosen_of
from friction.impact.covariates import STATE, numbered, samples, states
from friction.impact.patterns import Floats
from friction.impact.values import OWN_MODEL, Cells, Each
from friction.order import Ints
from friction.values import dataclass


@dataclass(frozen=True)
class Added:
    """The counts of all shards together."""

    codes: Ints
    """Pages that were seen."""
    views: Ints
    """Of each."""
    cells: Cells
    own: Mapping[str, NDArray[np.int32]]
    """By shard the place of each of its cells among all."""
    met: pl.DataFrame
    """`point, page, views, exits`; a row for each shard."""
    sessions: Ints
    """By point, how many met it."""

    @classmethod
    def of(cls, shards: Iterable[Summed]) -> Added:
        summed = sorted(shards, key=lambda one: one.shard)
        cells = pl.concat(one.cells for one in summed)
        page, known = cells["page"].to_numpy(), [cells[name].to_numpy() for name in STATE]
        codes = np.flatnonzero(np.bincount(page))
        page = np.searchsorted(codes, page)
        views = _sums(page, cells[COUNTS[0]], len(codes))
        number = values.numbered(views)
        cell = numbered([number[page], *known])
        some = samples(cell)
        known = [each[some] for each in known]
        state = numbered(known)
        found = Cells(
            states([each[samples(state)] for each in known]),
            state,
            np.searchsorted(number[page[some]], np.arange(int(number.max(initial=-1)) + 2)),
            np.stack([_sums(cell, cells[name], len(some)) for name in COUNTS]),
        )
        ends = np.cumsum([one.cells.height for one in summed])
        own = np.split(cell.astype(np.int32), ends[:-1])
        return cls(
            codes,
            views,
            found,
            {one.shard: mine for one, mine in zip(summed, own, strict=True)},
            pl.concat(one.met for one in summed),
            np.sum([one.sessions for one in summed], axis=0),
        )

    def worth(self, each: Each) -> Floats:
        """By kind (value, return after an exit, return otherwise) and cell."""
        return np.stack([values.worth(self.cells, each), *values.returns(self.cells)])

    def by_shard(self, worth: Floats) -> dict[str, bytes]:
        """The same by the cells of each shard."""
        return {shard: pickle.dumps(worth[:, cells]) for shard, cells in self.own.items()}

    def comes_again(self, worth: np.ndarray) -> bool:
        """Whether any view has a chance that a later session converts."""
        return self.cells.comes_again(*worth[1:])

    @cached_property
    def counts(self) -> Counts:
        """By point."""
        page = np.searchsorted(self.codes, self.met["page"].to_numpy())
        views, exits = (self.met[name].to_numpy() for name in ("views", "exits"))
        point, points = self.met["point"].to_numpy(), len(self.sessions)
        by_point = (views, exits, views * (self.views[page] >= OWN_MODEL))
        views, exits, modelled = (_sums(point, pl.Series(each), points) for each in by_point)
        return Counts(views, exits, modelled, self.sessions)

    def choice(self, exposures: Exposures) -> Choice:
        """What is asked of which pages with models of their own."""
        met = self.met.select("page", "point").unique().sort("page", "point")
        page, point = met["page"].to_numpy(), met["point"].to_numpy()
        own = np.flatnonzero(self.views >= OWN_MODEL)
        starts, ends = (np.searchsorted(page, self.codes[own], side=side) for side in ("left", "right"))
        here = {at: point[a:b] for at, a, b in zip(own.tolist(), starts, ends, strict=True)}
        chosen = chosen_of(exposures, self.counts, here)
        chosen = {at: points for at, points in chosen.items() if any(map(len, points))}
        codes, sizes = ([int(of[at]) for at in chosen] for of in (self.codes, self.views))
        return Choice(codes, [*chosen.values()], sizes, self.sessions)


def _sums(at: Ints, counts: pl.Series, size: int) -> Ints:
    """Σ of the counts at each place: whole numbers, which are exact in floats."""
    return np.bincount(at, counts.to_numpy(), size).astype(np.int64)
