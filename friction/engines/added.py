"""The counts of all shards as one: of them follow what a page is worth, who comes back, and what can be asked."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from friction.engines.counting import COUNTS, Summed
from friction.engines.drawing import Choice
from friction.impact import Exposures, values
from friction.impact.asked import Counts, chosen_of
from friction.impact.covariates import STATE, states
from friction.impact.design import Floats
from friction.impact.values import OWN_MODEL, Cells, Each
from friction.order import Ints


@dataclass(frozen=True)
class Added:
    """The counts of all shards together."""

    codes: Ints
    """Pages that were seen."""
    views: Ints
    """Of each."""
    number: Ints
    """The place of each among the pages of `friction.impact.values`."""
    cells: Cells
    own: Mapping[str, Ints]
    """By shard the place of each of its cells among all."""
    met: pl.DataFrame
    """`point, page, views, exits`; a row for each shard."""
    sessions: Ints
    """By point, how many met it."""

    @classmethod
    def of(cls, shards: Iterable[Summed]) -> Added:
        summed = sorted(shards, key=lambda one: one.shard)
        cells = pl.concat(one.cells for one in summed)
        pages = cells.group_by("page").agg(pl.col(COUNTS[0]).sum()).sort("page")
        views = pages[COUNTS[0]].to_numpy()
        number = values.numbered(views)
        codes = pages["page"].to_numpy()
        every = (
            _placed(cells, codes, number)
            .group_by("number", *STATE)
            .agg(pl.col(COUNTS).sum())
            .sort("number", *STATE)
        )
        known = every.select(STATE).unique().sort(STATE).with_row_index("state")
        state = every.join(known, on=STATE, how="left", maintain_order="left")["state"].to_numpy()
        found = Cells(
            states([known[name].to_numpy() for name in STATE]),
            state.astype(np.int64),
            np.searchsorted(every["number"].to_numpy(), np.arange(int(number.max(initial=-1)) + 2)),
            np.ascontiguousarray(every.select(COUNTS).to_numpy().T),
        )
        keys = every.select("number", *STATE).with_row_index("cell")
        own = {one.shard: _own(_placed(one.cells, codes, number), keys) for one in summed}
        sessions = np.sum([one.sessions for one in summed], axis=0)
        return cls(codes, views, number, found, own, pl.concat(one.met for one in summed), sessions)

    def worth(self, each: Each) -> Floats:
        """By kind (value, return after an exit, return otherwise) and cell."""
        return np.stack([values.worth(self.cells, each), *values.returns(self.cells)])

    def by_shard(self, worth: Floats) -> dict[str, bytes]:
        """The same by the cells of each shard."""
        return {shard: pickle.dumps(worth[:, cells]) for shard, cells in self.own.items()}

    def comes_again(self, worth: np.ndarray) -> bool:
        """Whether any view has a chance that a later session converts."""
        views, _, left, *_ = self.cells.counts
        return bool(worth[1][left > 0].any() or worth[2][views > left].any())

    @cached_property
    def counts(self) -> Counts:
        """By point."""
        page = np.searchsorted(self.codes, self.met["page"].to_numpy())
        views, exits = (self.met[name].to_numpy() for name in ("views", "exits"))
        by_point = (views, exits, views * (self.views[page] >= OWN_MODEL))
        point, points = self.met["point"].to_numpy(), len(self.sessions)
        # Sums of whole numbers are exact in floats.
        views, exits, modelled = (np.bincount(point, of, points).astype(np.int64) for of in by_point)
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


def _placed(cells: pl.DataFrame, codes: Ints, number: Ints) -> pl.DataFrame:
    """Cells with the `number` of their page."""
    return cells.with_columns(number=number[np.searchsorted(codes, cells["page"].to_numpy())])


def _own(cells: pl.DataFrame, keys: pl.DataFrame) -> Ints:
    """Where each of these cells stands among all."""
    found = cells.join(keys, on=["number", *STATE], how="left", maintain_order="left")["cell"]
    return found.to_numpy().astype(np.int64)
