"""Rates that were watched over time."""

from __future__ import annotations

from typing import Literal

from friction.report.impacts import Range
from friction.report.points import Segment
from friction.values import dataclass


@dataclass(frozen=True)
class SeriesChange:
    """A stretch out of the ordinary of a series: a *spike*, a lasting *shift*, or a *fall*, which is an improvement."""

    kind: Literal["spike", "shift", "fall"]
    start: str
    end: str | None
    """Null while it lasts."""
    n: int
    k: int
    expected: float
    """What the series before lets expect in place of `k`."""
    rate_before: float
    rate_in: float
    ratio: Range
    """`k` over `expected`."""
    p_value: float
    """The chance of as much anywhere in a series this long where nothing happens."""
    q_value: float
    """The share of false ones among all changes at least this clear, over all series that were watched."""
    segments: list[Segment]
    """The visitors it comes from, where some rose alone."""
    reason: str | None = None
    """Why a rise is no alarm, as a code: `other_visitors`, when it came with a surge of a kind that leaves more."""


@dataclass(frozen=True)
class Series:
    """A rate that was watched over time: `k` events out of `n` chances, and when it left its ordinary range."""

    measure: str
    """`exits` of a page, `step` (sessions at a funnel step that did not go on, in order), `step_any_order` (the same
    when the order does not matter), or the name of a detector: page views with its friction."""
    page: str | None
    """Null: the whole site."""
    to: str | None
    """Of a funnel step, the one after; null for the goal."""
    point: str | None
    """Id of the friction point whose views are counted."""
    bucket: Literal["hour", "day"]
    n: int
    k: int
    smallest_lift: float | None
    """The rise, as a share of the rate, below which 24 hours out of the ordinary are mostly missed."""
    reason: str | None
    """Why nothing can be said of it."""
    changes: list[SeriesChange]
