"""What comes next after some rows of a part, or came last before them, in the same session.

Marks are counted and looked up by their number: to fill a column with them costs several times as much.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.values import dataclass


@dataclass(frozen=True)
class Nearest:
    """Looks from the rows for which `at` holds, among rows that are sorted by session and time.

    Answers are positions among all rows, one a row `at`; null where the session has no such row.
    """

    session: pl.Series
    at: pl.Series

    def after(self, mark: pl.Series) -> pl.Series:
        """The next row that has the mark."""
        places, number = _places(mark), self._counted(mark)
        if not len(places):
            return self._nowhere
        found = places.take(number, mode="clip")
        return _known(found, (number < len(places)) & (found < self._session[1]))

    def before(self, mark: pl.Series) -> pl.Series:
        """The last row up to it that has the mark."""
        places, number = _places(mark), self._counted(mark)
        if not len(places):
            return self._nowhere
        found = places.take(number - 1, mode="clip")
        return _known(found, (number > 0) & (found >= self._session[0]))

    @property
    def ends(self) -> pl.Series:
        """The last row of the session."""
        return pl.Series(self._session[1] - 1, dtype=pl.UInt32)

    def _counted(self, mark: pl.Series) -> NDArray[Any]:
        """By row `at`, how many rows up to it have the mark."""
        counted = pl.DataFrame([mark]).select(pl.when(pl.first()).then(1).cum_count()).to_series()
        return counted.filter(self.at).to_numpy().astype(np.int32)

    @cached_property
    def _session(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """By row `at`, the first row of its session, and that of the next."""
        first = pl.DataFrame([self.session]).select(pl.first().ne_missing(pl.first().shift())).to_series()
        places, number = _places(first), self._counted(first)
        return places[number - 1], np.append(places, np.int32(len(first)))[number]

    @property
    def _nowhere(self) -> pl.Series:
        return pl.Series([None], dtype=pl.UInt32).new_from_index(0, int(self.at.sum()))


def _places(mark: pl.Series) -> NDArray[Any]:
    return pl.int_range(mark.len(), dtype=pl.Int32, eager=True).filter(mark).to_numpy()


def _known(places: NDArray[Any], known: NDArray[Any]) -> pl.Series:
    found = pl.DataFrame({"places": places.view(np.uint32), "known": known})
    return found.select(pl.when("known").then("places")).to_series()
