"""Findings in the order of their points and page views: sorted once, for all tables that are made of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import Groups, Ints, changed, numbers
from friction.values import dataclass

POINT = ("page", "target")
OF_POINT = ("detector", *POINT)


@dataclass(frozen=True)
class Placed:
    """Findings that count of all detectors, by point, view and then place."""

    counting: pl.DataFrame
    """They in any order: `detector, session_id, page, target, view, start, severity` and more."""
    rows: Ints
    """Their places in `counting`."""
    views: Ints
    """Places, among `rows`, of the first of each point and view."""

    @classmethod
    def of(cls, counting: pl.DataFrame) -> Placed:
        """These findings sorted."""
        groups = Groups.of(counting, *OF_POINT, "view")
        return cls(counting, groups.rows, groups.begins)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The findings in this order."""
        return self.counting.select(*OF_POINT, "view", "session_id", "start", "severity")[self.rows]

    @cached_property
    def of_point(self) -> NDArray[np.bool_]:
        """Whether each is the first of its point."""
        return changed(*(numbers(self.frame[name]) for name in OF_POINT))

    @cached_property
    def points(self) -> Ints:
        """Places of the first of each point."""
        return np.flatnonzero(self.of_point)

    def over(self, reduce: np.ufunc, values: NDArray[Any], begins: Ints) -> NDArray[Any]:
        """Values of rows put together from each of these places to the next."""
        found: NDArray[Any] = reduce.reduceat(values, begins) if len(begins) else values[:0]
        return found

    def sizes(self, begins: Ints) -> Ints:
        """Rows from each of these places to the next."""
        return np.diff(begins, append=len(self.rows))
