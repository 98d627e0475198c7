"""The action plan: what to do about which friction point, in the order of what it is likely to bring for the effort."""

from __future__ import annotations

from friction.journey_map import Action, Figure
from friction.report import Point, Report, leading

DOUBT = {"high": 1.0, "medium": 0.7, "low": 0.3}
"""What an expected gain counts for, by how sure its cost is."""
WORK = {"small": 1.0, "medium": 2.0, "large": 4.0}
"""What it is divided by, for the work it takes."""
MOST = 30


def actions(report: Report) -> list[Action]:
    """One action for each costed point that leads and may bring anything, by priority."""
    found = [_action(point) for point in leading(report.points) if (point.impact.estimate or 0) > 0]
    return sorted(found, key=lambda each: (-each.priority, each.point))[:MOST]


def priority(gain: float, confidence: str, effort: str) -> float:
    """Expected gain, weighed down by doubt and work."""
    return gain * DOUBT[confidence] / WORK[effort]


def _action(point: Point) -> Action:
    cost = point.impact
    effort, sure = point.recommendation.effort, cost.confidence
    return Action(
        point=point.id,
        stage=point.stage or "awareness",
        code=point.recommendation.code,
        effort=effort,
        confidence=sure,
        gain=Figure(cost.estimate, cost.low, cost.high, point.sessions_affected),
        priority=priority(cost.estimate or 0.0, sure, effort),
    )
