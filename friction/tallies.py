"""What the tool behind an export has counted itself, as small values of the report: never mixed with our own findings.

A *tally* is all that one tool counted; a *count* is one of its measures at one place, with the base it refers to.
Shares lie in 0–1 and come with their 95 % interval. Where the tool does not say something, it is null.
This module loads without Polars.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.values import dataclass

Basis = Literal["site", "segment", "page", "landing_page", "element"]
"""What a count refers to: everything, one kind of visitor, a page, visits that began on a page, an element."""
Of = Literal["sessions", "visits", "visitors", "clicks"]
"""What `exposed` counts."""
Standing = Literal["above", "usual", "below"]


@dataclass(frozen=True)
class CountedSession:
    """A session of the tool's list that shows a count; `replay_url` leads to its recording."""

    session_id: str
    start: str
    count: int
    """How often in this session, by the tool."""
    duration_s: float | None
    replay_url: str | None
    file: str
    row: int


@dataclass(frozen=True)
class Count:
    """One measure at one place."""

    rank: int | None
    """By `extra`, within the tally; null for the site as a whole and for kinds of visitors."""
    id: str
    measure: str
    basis: Basis
    page: str | None
    target: str | None
    segment: dict[str, str]
    of: Of
    exposed: int
    affected: int
    share: float
    low: float
    high: float
    incidents: int | None
    """How often it happened, where the tool says so; one session may have several."""
    elsewhere: float | None
    """The share at all other places of the same kind; null where there is none."""
    extra: float
    """What ranks: the affected that the shrunk share lets expect; of what is natural (leaving), those beyond the share
    elsewhere."""
    q_value: float | None
    """Share of false ones among all places that differ from elsewhere at least this clearly."""
    standing: Standing | None
    """Against `elsewhere`, where it differs clearly (`q_value` ≤ 0.10)."""
    evidence: list[CountedSession] = field(default_factory=list)


@dataclass(frozen=True)
class Average:
    """A mean that the tool gives for a place, over `n` of `of`."""

    measure: str
    basis: Basis
    page: str | None
    target: str | None
    segment: dict[str, str]
    mean: float
    unit: Literal["ms", "s", "pct", "count", "score"]
    n: float
    of: str


@dataclass(frozen=True)
class Tally:
    """All that one tool counted, of one form: a list of `sessions`, or `aggregates` by page, element or day."""

    source: str
    form: Literal["sessions", "aggregates"]
    records: int
    """Sessions in the list, figures in the aggregates; each counted once."""
    sessions: int | None
    start: str | None
    """First moment of a list, first day of aggregates; null where the file has no date."""
    end: str | None
    counts: list[Count]
    overall: list[Count]
    """The site as a whole and kinds of visitors, not ranked among the places."""
    averages: list[Average]
    caveats: list[str]
    """Codes of what to know when reading it."""


@dataclass(frozen=True)
class Agreement:
    """How many were judged, marked by the tool, found by us, and both."""

    judged: int
    marked: int
    found: int | None
    both: int | None
    agreement: float | None
    """`both` of those that either of the two names; null where there are none, or we could not look."""


@dataclass(frozen=True)
class Marks:
    """One verdict of the tool beside the detector that looks for the same."""

    source: str
    mark: str
    """`rage`, `dead`, `error`, `slow`, `thrash`, `u_turn` or `frustrated`."""
    detector: str
    rule: str
    """Whose rule ours is: `friction`, or the preset."""
    not_assessable: str | None
    """Why our detector could not look, as its reason; else null."""
    clicks: Agreement | None
    """Null where the tool marks moments and no clicks."""
    sessions: Agreement
