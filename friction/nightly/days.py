"""Days as ISO text (`2026-03-29`), which sort as they follow each other and mean the same in every zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def moved(day: str, by: int) -> str:
    """The day `by` days later; earlier where that is negative."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=by)).isoformat()


def between(first: str, last: str) -> Iterator[str]:
    """Every day from `first` to `last`, both included; none where `last` lies before."""
    day = first
    while day <= last:
        yield day
        day = moved(day, 1)


def apart(first: str, last: str) -> int:
    """Days from `first` to `last`; negative where `last` lies before."""
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
