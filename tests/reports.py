"""Small reports for the tests of what reads, prints and compares them."""

from __future__ import annotations

from typing import Any

from friction.report import (
    DetectorRun,
    Evidence,
    FileBooks,
    Goal,
    Impact,
    Input,
    Point,
    Quality,
    Range,
    Rare,
    Recommendation,
    Reject,
    RejectCount,
    Report,
    Rows,
    Suppressed,
    TrendPoint,
)

ORDERS = Goal("event=purchase", 1398, 0.029, None, None)


def impact(
    estimate: float | None = 41.0, low: float | None = 22.0, high: float | None = 63.0, **more: Any
) -> Impact:
    """A cost; `more` replaces single members."""
    members: dict[str, Any] = {
        "metric": "lost_conversions",
        "estimate": estimate,
        "low": low,
        "high": high,
        "per_1000_sessions": None if estimate is None else estimate / 10,
        "revenue": None,
        "p_value": 0.001,
        "q_value": 0.004,
        "e_value": 2.1,
        "method": "stratified",
        "confidence": "high",
        "reason": None,
    }
    return Impact(**(members | more))


def point(number: int = 1, cost: Impact | None = None, **more: Any) -> Point:
    """A rage click on a button, `number` making the id."""
    members: dict[str, Any] = {
        "rank": number,
        "id": f"{number:016x}",
        "detector": "rage_click",
        "page": "/checkout/payment",
        "target": "button#pay",
        "title": "“Pay now” is clicked again and again",
        "stage": None,
        "severity": 0.8,
        "score": 76.0,
        "score_parts": {"loss": 0.028, "leave": 30.0},
        "findings": 731,
        "sessions_affected": 612,
        "sessions_exposed": 4106,
        "affected_share": 0.149,
        "visitors_affected": 590,
        "impact": cost or impact(),
        "trend": [TrendPoint("2026-10-01", 130, 20), TrendPoint("2026-10-02", 140, 18)],
        "first_seen": "2026-10-01T08:00:00Z",
        "last_seen": "2026-10-31T21:00:00Z",
        "segments": [],
        "window": None,
        "steps": None,
        "fields": [],
        "facts": {},
        "evidence": [moment()],
        "recommendation": Recommendation(
            "answer", "medium", "The share falls.", "Show that it was received."
        ),
        "overlaps": [],
    }
    return Point(**(members | more))


def moment() -> Evidence:
    """Four clicks within a second, in two files."""
    more = [Rows("november.csv", [2])]
    times = ("2026-10-03T10:00:00.000000Z", "2026-10-03T10:00:00.800000Z")
    return Evidence("s1~2", *times, 4, 0.9, "october.csv", [48113, 48114, 48116], more, {"clicks": 4})


def report(*points: Point, **more: Any) -> Report:
    """A report of one file with these points."""
    members: dict[str, Any] = {
        "input": Input(
            files=[FileBooks("october.csv", "generic", "ab" * 32, 1000, 990, 10)],
            rows_total=1000,
            rows_accepted=990,
            rows_rejected=10,
            rejects=[Reject("october.csv", 7, "ts", "time_unreadable")],
            rejected_by_reason=[RejectCount("time_unreadable", 10)],
            events=990,
            sessions=48212,
            visitors=40000,
            pages=12,
            start="2026-10-01T00:00:00Z",
            end="2026-10-31T23:59:59Z",
            capabilities=["has_clicks", "has_events"],
        ),
        "goal": ORDERS,
        "goals": [ORDERS],
        "candidates": [],
        "quality": [
            Quality("automated_sessions", "remark", {"sessions": 2, "events": 310}),
            Quality("tracking_gaps", "good", {"days": []}),
        ],
        "detectors": [
            DetectorRun("rage_click", None, {"min_clicks": 4}, "ran", None, 731),
            DetectorRun("form_abandonment", None, {}, "skipped", "needs has_inputs", 0),
        ],
        "points": list(points),
        "rare": Rare(3, 5, 1),
        "aside": [],
        "suppressed": [Suppressed("rage_click", "/checkout/payment", "button.plus", 88, "stepper")],
        "settings": {},
        "friction_version": "0.1.0",
    }
    return Report(**(members | more))


EUROS = Range(3500.0, 1900.0, 5400.0)
