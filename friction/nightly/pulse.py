"""Were events recorded at all? Tells data that stopped and tracking that broke from people who stayed away.

People who stay away leave every hour and every kind of event a little poorer. A recorder that stops leaves hours with
nothing at all where plenty was usual, and one that lost a part leaves pages as they were and no clicks on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Literal

from friction.nightly.days import moved
from friction.values import dataclass

KINDS = ("views", "clicks", "inputs", "errors", "requests")
Hours = Sequence[int]
Pulse = Mapping[str, Mapping[str, Hours]]
"""Day → kind → events in each of the 24 hours of its clock."""

WEEKS, FEWEST = 4, 3
"""How many days of the same weekday are usual, and how many days make a usual day at all."""
STOPPED, FEWER, GONE = 0.05, 0.6, 0.1
"""Shares of the usual: next to nothing came; plainly fewer came; one kind is next to gone."""
PLENTY, SILENT_HOURS, SILENT_EVENTS = 40.0, 2, 30.0
"""Events a day that make a kind worth a word; hours without any, and events that were usual in them."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a day. `hours` are the first silent hour and the one after the last, of one day's clock."""

    kind: Literal["data_stopped", "hours_missing", "tracking_broke", "fewer_visitors"]
    what: str | None = None
    hours: tuple[int, int] | None = None
    share: float | None = None
    """Of what is usual."""

    @property
    def is_blind(self) -> bool:
        """Whether rates of that day mean nothing, as far as `what` goes."""
        return self.kind in {"data_stopped", "hours_missing", "tracking_broke"}


def trouble(pulse: Pulse, day: str) -> Trouble | None:
    """What is wrong with the day; null while it is like others, or while there are too few others."""
    usual = {kind: hours for kind in KINDS if (hours := _usual(pulse, day, kind))}
    views = sum(usual.get("views", ()))
    if views < PLENTY:
        return None
    here = pulse.get(day, {})
    share = sum(here.get("views", ())) / views
    if share < STOPPED:
        return Trouble("data_stopped", share=share)
    if silent := _silent(here.get("views", ()), usual["views"]):
        return Trouble("hours_missing", hours=silent, share=share)
    for kind in ("clicks", "inputs", "requests"):
        expected = sum(usual.get(kind, ())) * share
        if expected >= PLENTY and sum(here.get(kind, ())) < GONE * expected:
            return Trouble("tracking_broke", what=kind, share=sum(here.get(kind, ())) / expected)
    return Trouble("fewer_visitors", share=share) if share < FEWER else None


def _usual(pulse: Pulse, day: str, kind: str) -> list[float]:
    """Events by hour on such a day: the middle of the same weekdays before, else of the days before."""
    same = list(_before(pulse, day, kind, [7 * week for week in range(1, WEEKS + 1)]))
    if len(same) < FEWEST:
        same = list(_before(pulse, day, kind, range(1, 15)))
    if len(same) < FEWEST:
        return []
    return [float(median(each[hour] if hour < len(each) else 0 for each in same)) for hour in range(24)]


def _before(pulse: Pulse, day: str, kind: str, steps: Sequence[int]) -> Iterator[Hours]:
    for step in steps:
        hours = pulse.get(moved(day, -step), {}).get(kind)
        if hours and sum(hours):
            yield hours


def _silent(here: Hours, usual: Sequence[float]) -> tuple[int, int] | None:
    """The longest run of hours with nothing at all, where plenty was usual in them."""
    runs, start = [], None
    for hour in range(25):
        empty = hour < 24 and not (here[hour] if hour < len(here) else 0) and usual[hour] > 0
        if empty and start is None:
            start = hour
        elif not empty and start is not None:
            runs.append((start, hour))
            start = None
    plenty = [
        run
        for run in runs
        if run[1] - run[0] >= SILENT_HOURS and sum(usual[run[0] : run[1]]) >= SILENT_EVENTS
    ]
    return max(plenty, key=lambda run: sum(usual[run[0] : run[1]]), default=None)
