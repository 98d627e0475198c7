"""Where a series of plain values changes: a straight line between changes, exactly fitted, at most five of them.

For series without counts (load times, scores): nothing is known of how much a value may scatter, so the usual
penalties cut autocorrelated series to pieces. Here a change must take away a fixed share of the scatter about one
line, and in a short series more than noise alone gives away. On thirty published series with marked changes this was
the best family of eight, the share chosen on other series than those judged (F1 0.78 against 0.74 for the best
published default).
Sources: the search is `ruptures` (Truong, Oudre, Vayatis 2020); a line per segment after its `CostLinear`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from friction.errors import UsageError
from friction.series.seasonal import Numbers
from friction.values import dataclass

CUT = 0.07
"""Share of the scatter about a single line that one more change must explain."""
NOISE = 12.0
"""Nor less than this many values' share: with 0.07 alone, two of three series of a hundred values of pure noise had a
change; so, one in twenty (60 seeds each for 30, 60, 100 and 200 values), and a jump of two deviations is found more
often than before."""
MOST_CHANGES = 5
SHORTEST = 5
"""Values between two changes."""
PLACES = 250
"""Places where a change may lie: of a longer series every second, third … value."""


@dataclass(frozen=True)
class Piece:
    """Values `start` to `end` (exclusive) and the line through them: its value at both ends."""

    start: int
    end: int
    first: float
    last: float

    @property
    def mean(self) -> float:
        return (self.first + self.last) / 2


def pieces(values: Numbers) -> list[Piece]:
    """The lines that describe the series best, one where nothing changes, none where there is nothing.

    Values are finite and in order of time. Raises `UsageError` (`extra.missing`) where the engine of the search cannot
    be installed.
    """
    if not len(values):
        return []
    edges = [0, *_cuts(values), len(values)]
    return [_line(values, start, end) for start, end in pairwise(edges)]


def _cuts(values: Numbers) -> list[int]:
    if len(values) < 2 * SHORTEST:
        return []
    spread = float(values.std())
    if spread == 0:
        return []
    scatter = _Scatter((values - values.mean()) / spread)
    whole = scatter.error(0, len(values))
    if whole <= 1e-9 * len(values):
        return []
    cut = max(CUT, NOISE / len(values))
    found: list[tuple[float, list[int]]] = [(1.0, [])]
    for ends in _searched(scatter):
        found.append((scatter.total(ends) / whole + cut * (len(ends) - 1), ends[:-1]))
    return min(found, key=lambda each: (each[0], len(each[1])))[1]


def _searched(scatter: _Scatter) -> list[list[int]]:
    """The best places for one change, for two …, each with the end of the series."""
    try:
        from ruptures.base import BaseCost
        from ruptures.detection import Dynp
    except ImportError:
        raise UsageError(
            "extra.missing",
            "change points of plain values need ruptures, which this Python cannot install",
            remedy="use Python 3.11 to 3.13, or give the series as n and k",
        ) from None

    class Cost(BaseCost):  # type: ignore[misc]
        model, min_size = "line", SHORTEST

        def fit(self, _signal: Numbers) -> Cost:
            self.signal = scatter.values
            return self

        def error(self, start: int, end: int) -> float:
            return scatter.error(start, end)

    length = len(scatter.values)
    jump = -(-length // PLACES)
    search = Dynp(custom_cost=Cost(), min_size=SHORTEST, jump=jump).fit(scatter.values)
    most = min(MOST_CHANGES, length // max(SHORTEST, jump) - 1)
    return [search.predict(n_bkps=count) for count in range(1, most + 1)]


class _Scatter:
    """Squares about the best line of any stretch, each in a few operations from running sums."""

    def __init__(self, values: Numbers) -> None:
        at = np.arange(len(values), dtype=np.float64)
        self.values = values
        columns = np.stack([np.ones_like(at), at, at * at, values, at * values, values * values])
        self._sums = np.concatenate([np.zeros((6, 1)), np.cumsum(columns, axis=1)], axis=1)
        self.error = lru_cache(maxsize=None)(self._error)

    def _error(self, start: int, end: int) -> float:
        n, t, tt, y, ty, yy = self._sums[:, end] - self._sums[:, start]
        along, across = tt - t * t / n, ty - t * y / n
        about_mean = yy - y * y / n
        return float(max(0.0, about_mean - across * across / along if along > 0 else about_mean))

    def total(self, ends: list[int]) -> float:
        return sum(self.error(start, end) for start, end in pairwise([0, *ends]))


def _line(values: Numbers, start: int, end: int) -> Piece:
    at = np.arange(start, end, dtype=np.float64)
    slope, height = np.polyfit(at, values[start:end], 1) if end - start > 1 else (0.0, values[start])
    return Piece(start, end, float(slope * start + height), float(slope * (end - 1) + height))
