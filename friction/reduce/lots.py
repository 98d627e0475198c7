"""A table that is read lot by lot: its rows lie in pieces, as they came, each piece in the order of the lots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import Ints, ordered
from friction.reduce.kept import Kept


class Lotted:
    """Rows of so many `lots`, kept elsewhere."""

    def __init__(self, kept: Kept, lots: int) -> None:
        self.lots = lots
        self._kept = kept
        self._edges: list[Ints] = []
        """By piece, where the rows of each lot begin, and where those of the last end."""

    def append(self, rows: pl.DataFrame, lot: NDArray[Any]) -> None:
        """One more piece; rows whose lot is none of them are left out."""
        counts = np.bincount(lot, minlength=self.lots + 1)[: self.lots]
        self._edges.append(self._kept.height + np.cumsum([0, *counts]))
        self._kept.append(rows[ordered(lot)[: int(counts.sum())]])

    def pieces(self, lot: int) -> Iterator[pl.DataFrame]:
        """The rows of a lot, piece by piece, each in the order in which they came."""
        names = list(self._kept.types)
        for edges in self._edges:
            begin, end = edges[lot : lot + 2].tolist()
            yield self._kept.read(begin, end - begin, names)

    def of(self, lot: int) -> pl.DataFrame:
        """The rows of a lot in the order in which they came."""
        return pl.concat(self.pieces(lot))
