"""A friction point, and what was kept apart from the points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from friction.report.evidence import Evidence
from friction.report.impacts import Impact
from friction.values import dataclass


@dataclass(frozen=True)
class TrendPoint:
    """One day: sessions that saw the page, sessions that met the friction."""

    start: str
    exposed: int
    affected: int


@dataclass(frozen=True)
class Segment:
    """Where a point is over-represented: its affected share there against elsewhere."""

    dimension: str
    value: str
    sessions_affected: int
    sessions_exposed: int
    lift: float


@dataclass(frozen=True)
class Recommendation:
    """What to do, how much work it is likely to be, and what would prove this point wrong.

    `text` and `check` are English, for reading: what shows a report to people says them in their language, by the
    detector of the point.
    """

    code: str
    effort: Literal["small", "medium", "large"]
    check: str
    text: str


@dataclass(frozen=True)
class Window:
    """When a series was out of its ordinary range; `end` null while it lasts."""

    start: str
    end: str | None
    baseline: float
    observed: float


@dataclass(frozen=True)
class FormField:
    """One field of a form: who touched it, who left the form there, how long and how often people worked on it."""

    field: str
    sessions: int
    abandoned_here: int
    hesitation_p50_ms: float | None
    corrections: int


@dataclass(frozen=True)
class Point:
    """One friction point: a detector's findings on one page template and target."""

    rank: int | None
    id: str
    detector: str
    page: str
    target: str | None
    title: str
    """What happens and where, in English, for reading; in other languages it is made from detector, page and label."""
    stage: str | None
    severity: float
    score: float | None
    score_parts: dict[str, float]
    findings: int
    sessions_affected: int
    sessions_exposed: int
    affected_share: float | None
    visitors_affected: int
    impact: Impact
    trend: list[TrendPoint]
    first_seen: str
    last_seen: str
    segments: list[Segment]
    window: Window | None
    steps: dict[str, str] | None
    fields: list[FormField]
    facts: dict[str, Any]
    evidence: list[Evidence]
    recommendation: Recommendation
    overlaps: list[str]
    reason: str | None = None
    part_of: str | None = None
    """The id of the point that stands for the same cause: the same element, in nearly all of the same page views."""
    label: str | None = None
    """What the element says, as recorded; null where it says nothing or different things."""


def leading(points: Sequence[Point]) -> list[Point]:
    """The points that lead, in order: those that are part of another one's cause are left to it."""
    return [point for point in points if point.part_of is None]


def parts_of(point: Point, points: Sequence[Point]) -> list[Point]:
    """The points that stand for the same cause as this one, in order."""
    return [other for other in points if other.part_of == point.id]


@dataclass(frozen=True)
class Suppressed:
    """Findings that have the shape of friction and are not counted, with the reason."""

    detector: str
    page: str
    target: str | None
    findings: int
    reason: str


@dataclass(frozen=True)
class LookAlikes:
    """All findings that have the shape of friction and are not counted, also those of places that nothing lists."""

    places: int
    """How many pages and elements, by detector and reason."""
    reasons: dict[str, int]
    """Reason → findings."""

    @property
    def most_first(self) -> list[tuple[str, int]]:
        """The reasons with their findings, those of equal number by name."""
        return sorted(self.reasons.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class Rare:
    """Points too rare to judge; `listed` of them stand in `points` one by one."""

    points: int
    findings: int
    listed: int
