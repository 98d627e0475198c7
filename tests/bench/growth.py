"""How time and memory grow with the number of events: the exponent between two sizes, 1 for twice as much for twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log

from tests.bench.cases import Result
from tests.bench.table import goal, table

MOST_TIME, MOST_MEMORY = 1.1, 0.3


def growth(results: Sequence[Result]) -> str:
    """A table of exponents from each size of Parquet to the next, and of the time over all; empty for one size."""
    sizes = sorted((one for one in results if one.case.format == "parquet"), key=lambda one: one.case.events)
    if len(sizes) < 2:
        return ""
    steps = list(pairwise(sizes))
    rows = [(*_named(a, b), f"{_time(a, b):.2f}", f"{_memory(a, b):.2f}", "") for a, b in steps]
    first, last, before = sizes[0], sizes[-1], sizes[-2]
    goals = (
        goal(_time(first, last) <= MOST_TIME, f"time ≤ {MOST_TIME}"),
        goal(_memory(before, last) <= MOST_MEMORY, f"memory of the last step ≤ {MOST_MEMORY}"),
    )
    whole = (
        *_named(first, last),
        f"{_time(first, last):.2f}",
        f"{_memory(first, last):.2f}",
        ", ".join(goals),
    )
    heads = ("from", "to", "exponent of CPU s", "exponent of peak MB", "goals")
    return table(heads, [*rows, whole] if len(steps) > 1 else [whole])


def _named(a: Result, b: Result) -> tuple[str, str]:
    return f"{a.case.events:,}", f"{b.case.events:,}"


def _time(a: Result, b: Result) -> float:
    return log(b.analysis.cpu_s / a.analysis.cpu_s) / log(b.case.events / a.case.events)


def _memory(a: Result, b: Result) -> float:
    return log(b.analysis.peak_mb / a.analysis.peak_mb) / log(b.case.events / a.case.events)
