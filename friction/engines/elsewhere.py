"""Rows that stay with the workers: a store for whoever asks for a few of them, as `friction.ingest.store` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.engines.job import Job, Shards
from friction.engines.known import Known
from friction.engines.work import looked, paired
from friction.ingest.store import Slice
from friction.reduce.kept import Shelf
from friction.schema import TS
from friction.values import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """All rows, of which only those come that somebody asks for."""

    shards: Shards
    job: Job
    known: Known
    columns: Sequence[str]
    height: int
    names: pl.Series
    """Of each session by key, as it stands."""
    shelf: Shelf | None = None
    """Where tables go that grow with the rows; null as long as there are none."""

    @property
    def slices(self) -> Sequence[Slice]:
        """There are no parts here."""
        return []

    def part(
        self, where: Slice, columns: Sequence[str], chosen: NDArray[np.bool_] | None = None
    ) -> tuple[pl.DataFrame, pl.Series]:
        """There is none to be asked for."""
        del chosen
        raise LookupError(f"part {where.first} is made by a worker, with {len(columns)} columns")

    def pieces(self, columns: Sequence[str]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        """Of one column: which words each session has, once each."""
        (column,) = columns
        for found in self.shards.each(partial(paired, job=self.job, known=self.known, column=column)):
            yield found.select(column), self._keys(found["session"])

    def of_keys(self, chosen: NDArray[np.bool_], columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
        """The rows of the keys for which `chosen` holds."""
        names = frozenset(self.names.filter(pl.Series(chosen)).to_list())
        work = partial(looked, job=self.job, known=self.known, names=names, columns=tuple(columns))
        rows = pl.concat(each for each in self.shards.each(work) if each is not None)
        rows = rows.sort("session", "ts", "row_no")
        return rows.drop("session"), self._keys(rows["session"])

    def places(self, rows: pl.Series) -> pl.DataFrame:
        """Nowhere: no record of a customer becomes a row here."""
        return pl.DataFrame(schema={"key": pl.UInt32(), "ts": TS}).clear(rows.len())

    def _keys(self, names: pl.Series) -> pl.Series:
        asked = names.unique()
        known = pl.DataFrame({"name": self.names}).with_row_index("key")
        known = known.filter(pl.col("name").is_in(asked.implode()))
        found = pl.DataFrame({"name": names}).join(known, on="name", how="left", maintain_order="left")
        return found["key"]
