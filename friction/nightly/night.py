"""What one report says of a night: every friction point with its days and its cost, and the site around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field

from friction.compare import per_1000
from friction.report import Confidence, Metric, Point, Report
from friction.report import Window as Stretch
from friction.values import dataclass

Days = Mapping[str, tuple[int, int]]
"""By day: sessions that saw the page, and those of them that met the friction."""


@dataclass(frozen=True)
class Cost:
    """What a point costs of 1,000 sessions over the days of one report, with its 95 % interval; positive is a loss."""

    night: str
    metric: Metric
    estimate: float
    low: float
    high: float
    confidence: Confidence = "low"
    a_day: float = 0.0
    """Sessions a day in that report: with them costs become figures a day."""
    days: int = 1
    """Days that it looks back on."""


@dataclass(frozen=True)
class Sight:
    """One friction point as tonight's report has it. `window` is set for a spike, which is no rate."""

    id: str
    detector: str
    page: str
    target: str | None
    label: str | None
    title: str
    days: Days
    cost: Cost | None
    part_of: str | None = None
    window: Stretch | None = None
    clear: float | None = None
    """Of a spike: the share of false ones among those at least this clear."""


@dataclass(frozen=True)
class Night:
    """The latest complete day `date`, seen in a report over the days from `since` on."""

    date: str
    since: str
    report: str
    sights: tuple[Sight, ...]
    sessions: Mapping[str, int]
    """By day."""
    pages: Mapping[str, int]
    """Sessions that saw a page, over all days."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Detectors that ran, each with a digest of its thresholds."""


def night(report: Report, name: str, date: str) -> Night:
    """The night of `date` from a report called `name`; days after `date` are not complete and left out."""
    sessions = {day.start: day.sessions for day in report.days if day.start <= date}
    return Night(
        date=date,
        since=min(sessions, default=date),
        report=name,
        sights=tuple(_sight(point, report, date, sessions) for point in report.all_points),
        sessions=sessions,
        pages={page.page: page.sessions for page in report.pages},
        rules={run.name: _digest(run.parameters) for run in report.detectors if run.status == "ran"},
    )


def _sight(point: Point, report: Report, date: str, sessions: Mapping[str, int]) -> Sight:
    cost, days = per_1000(point, report), max(len(sessions), 1)
    a_day = (sum(sessions.values()) or report.input.sessions) / days
    return Sight(
        id=point.id,
        detector=point.detector,
        page=point.page,
        target=point.target,
        label=point.label,
        title=point.title,
        days={day.start: (day.exposed, day.affected) for day in point.trend if day.start <= date},
        cost=Cost(date, point.impact.metric, *cost, point.impact.confidence, a_day, days) if cost else None,
        part_of=point.part_of,
        window=point.window,
        clear=point.impact.q_value,
    )


def _digest(parameters: Mapping[str, object]) -> str:
    text = json.dumps(parameters, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
