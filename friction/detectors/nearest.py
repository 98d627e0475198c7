"""What comes next after some rows of a part, or came last before them, in the same session.

Marks are counted and looked up by their number: to fill a column with them costs several times as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import Ints, numbers


@dataclass(frozen=True)
class Nearest:
    """Looks from the rows for which `at` holds, among rows that are sorted by session and time."""

    session: pl.Series
    at: pl.Series

    def after(self, mark: pl.Series, values: pl.Series) -> pl.Series:
        """By row `at`, the value of the next row that has the mark; null where its session has none."""
        return self._found(mark, values, self._counted(mark))

    def before(self, mark: pl.Series, values: pl.Series) -> pl.Series:
        """By row `at`, the value of the last row up to it that has the mark; null where its session has none."""
        return self._found(mark, values, self._counted(mark) - 1)

    def ends(self, values: pl.Series) -> pl.Series:
        """By row `at`, the value of the last row of its session."""
        last = pl.DataFrame([self.session]).select(pl.first().ne_missing(pl.first().shift(-1))).to_series()
        number = self._counted(last) - last.filter(self.at).to_numpy()
        return pl.Series(values.filter(last).to_numpy()[number])

    def _counted(self, mark: pl.Series) -> Ints:
        """By row `at`, how many rows up to it have the mark."""
        counted = pl.DataFrame({"mark": mark}).select(pl.when("mark").then(1).cum_count()).to_series()
        return counted.filter(self.at).to_numpy().astype(np.int64)

    def _found(self, mark: pl.Series, values: pl.Series, number: Ints) -> pl.Series:
        marked = values.filter(mark).to_numpy()
        if not len(marked):
            return pl.Series([None], dtype=values.dtype).new_from_index(0, len(number))
        among = pl.Series(self._sessions).filter(mark).to_numpy().take(number, mode="clip") == self._own
        among &= (number >= 0) & (number < len(marked))
        found = pl.DataFrame({"found": marked.take(number, mode="clip"), "among": among})
        return found.select(pl.when("among").then("found")).to_series()

    @cached_property
    def _sessions(self) -> NDArray[Any]:
        return numbers(self.session)

    @cached_property
    def _own(self) -> NDArray[Any]:
        return pl.Series(self._sessions).filter(self.at).to_numpy()
