"""What the sections of the page are made of: small values worked out from the report, no words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from friction.render.html.marks import Lift, Strip, lifts, spark, strip, wilson
from friction.render.html.phrases import Phrases
from friction.render.words import also
from friction.report import Evidence, Funnel, Point, Report, leading, parts_of
from friction.values import dataclass

ROWS_SHOWN, IN_FULL, RARE_SHOWN, LOOK_ALIKES_SHOWN, REJECTS_SHOWN = 200, 20, 50, 50, 20
MOMENTS_IN_FULL = 2
COUNTS_SHOWN = 50


@dataclass(frozen=True)
class Moment:
    """A moment of evidence with its strip."""

    evidence: Evidence
    lasts_ms: int
    strip: Strip | None


@dataclass(frozen=True)
class Rating:
    """How fast a page was for one kind of device: shares good, between and poor in percent, and the 75 % value."""

    device: str
    views: int
    p75: float
    low: float
    high: float
    shares: tuple[float, float, float] | None


@dataclass(frozen=True)
class Card:
    """A point with what its row and its article need."""

    point: Point
    number: int
    """Its place on the page, from 1; names its anchors."""
    in_full: bool
    spark: str
    lifts: list[Lift]
    moments: list[Moment]
    ratings: dict[str, list[Rating]]
    most_abandoned: int
    also: str
    """What else shows the same cause; empty where nothing does."""


@dataclass(frozen=True)
class Step:
    """A funnel step in percent of all sessions: reached, lost since the step before."""

    name: str
    sessions: int
    share: float
    lost: int
    lost_share: float | None


def cards(report: Report, say: Phrases) -> list[Card]:
    """The ranked points of the page, the first ones in full."""
    ranked = costed(report)
    return [
        card(point, number, report, say, in_full=number <= IN_FULL)
        for number, point in enumerate(ranked[:ROWS_SHOWN], start=1)
    ]


def costed(report: Report) -> list[Point]:
    """The points whose cost can be said and that lead, in order."""
    return [point for point in leading(report.points) if is_costed(point)]


def card(point: Point, number: int, report: Report, say: Phrases, *, in_full: bool) -> Card:
    """The point with what its row needs, and `in_full` with what its article needs."""
    moments = [moment(each, point.page, say) for each in point.evidence[:MOMENTS_IN_FULL]] if in_full else []
    return Card(
        point=point,
        number=number,
        in_full=in_full,
        spark=spark(point.trend),
        lifts=lifts(point) if in_full else [],
        moments=moments,
        ratings=_ratings(point) if in_full else {},
        also=also(parts, say.speak) if (parts := parts_of(point, report.points)) else "",
        most_abandoned=max((field.abandoned_here for field in point.fields), default=0),
    )


def moment(evidence: Evidence, page: str, say: Phrases) -> Moment:
    """A moment of evidence on this page, drawn."""
    from datetime import datetime

    try:
        lasts = datetime.fromisoformat(evidence.end) - datetime.fromisoformat(evidence.start)
        lasts_ms = max(round(lasts.total_seconds() * 1000), 0)
    except ValueError:
        lasts_ms = 0
    return Moment(evidence, lasts_ms, strip(evidence, page, lasts_ms, say))


def _ratings(point: Point) -> dict[str, list[Rating]]:
    """Metric → all devices first; what a report of another version does not say is left out."""
    found: dict[str, list[Rating]] = {}
    ratings = point.facts.get("ratings")
    for metric, devices in ratings.items() if isinstance(ratings, dict) else ():
        rows = [_rating(str(name), each) for name, each in devices.items() if each.get("rating")]
        if rows:
            found[str(metric)] = sorted(rows, key=lambda row: (row.device != "all", -row.views, row.device))
    return dict(sorted(found.items(), key=lambda pair: (-_poor(pair[1][0]), pair[0])))


def _poor(rating: Rating) -> float:
    return rating.shares[2] if rating.shares else 0.0


def _rating(device: str, each: dict[str, Any]) -> Rating:
    shares = each.get("shares")
    three = (float(shares[0]), float(shares[1]), float(shares[2])) if shares else None
    return Rating(device, int(each["views"]), each["p75"], each["low"], each["high"], three)


def steps(funnel: Funnel) -> list[Step]:
    """Each step with its share of the first one and what was lost before it."""
    whole = funnel.steps[0].sessions if funnel.steps else 0
    found: list[Step] = []
    for step in funnel.steps:
        before = found[-1].sessions if found else step.sessions
        lost = max(before - step.sessions, 0)
        share = step.sessions / whole if whole else 0.0
        found.append(Step(step.name, step.sessions, share, lost, lost / before if before else None))
    return found


def conversion(report: Report) -> tuple[float, float] | None:
    """The interval of the conversion rate."""
    if report.goal is None or report.goal.conversion_rate is None or not report.goal.conversion_rate:
        return None
    return wilson(report.goal.conversions, round(report.goal.conversions / report.goal.conversion_rate))


def unranked(report: Report) -> list[Point]:
    """Points whose cost cannot be said."""
    return [point for point in report.points if not is_costed(point)]


def is_costed(point: Point) -> bool:
    """Whether its cost can be said, with its range."""
    return None not in (point.impact.estimate, point.impact.low, point.impact.high)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The settings in force as `section.key`, only those that say something."""
    if isinstance(value, dict):
        for key, each in sorted(value.items()):
            yield from leaves(each, f"{path}.{key}" if path else str(key))
    elif value not in (None, [], {}, ""):
        yield path, value
