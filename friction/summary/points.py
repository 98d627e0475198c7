"""Friction points as the report holds them: cost, trend, segments, evidence and words of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from statistics import median
from typing import Any

import orjson
import polars as pl

from friction import i18n
from friction.detectors.base import Detector
from friction.impact import MIN_SESSIONS, Orders
from friction.rank import confidence
from friction.report import (
    Evidence,
    Goal,
    Impact,
    Metric,
    Money,
    Point,
    Precision,
    Quality,
    Range,
    Recommendation,
    Segment,
    TrendPoint,
)
from friction.summary.called import SessionNames
from friction.summary.moments import UTC_FORMAT, places
from friction.values import dataclass

METHODS = ("joint_models", "joint_exit_models", "beside_joint_models", "exits_beyond_expected")
NO_OWN_COST = "no_own_cost"
"""Why points of detectors that are not `costed` have none."""
MIN_CONVERSIONS = 30
"""With fewer conversions the value of staying cannot be estimated, and points are ranked by extra exits."""
ROUGH_BELOW, UPPER_END_BELOW = 300, 100
"""Conversions below which an estimate is a rough one, and below which only its upper end is said."""
OVERLAPS_AMONG = 200


@dataclass(frozen=True)
class Names:
    """How codes are written in this report."""

    page: Callable[[int], str]
    target: Callable[[str, int | None], str | None]
    """Of a detector's target: some have forms as targets."""
    session: SessionNames
    files: Sequence[str]
    detail: Callable[[str, Any], Any]
    """A value of a finding's details, decoded where its name is that of a coded column."""
    word: Callable[[str, int | None], str]
    """A value of a dimension; empty where there is none."""


@dataclass(frozen=True)
class Base:
    """What every cost is relative to."""

    conversions: int | None
    """Null without a goal."""
    sessions: int
    order_value: float | None
    """Mean revenue of a conversion; null when unknown or in several currencies."""
    orders: Orders | None = None
    """What conversions say they bring; null when nothing, or when the settings say it."""
    currencies: Sequence[str | None] = ()
    """Those of `orders`, in words."""

    @property
    def has_goal(self) -> bool:
        return self.conversions is not None


def titled(detector: Detector, page: str, target: str | None) -> str:
    """What happens and where, in English; a rule's or a plug-in's own words where it has some."""
    if detector.titled:
        return detector.titled.format(page=page, target=target or page)
    return i18n.title(detector.name, page, target)


def advised(detector: Detector) -> Recommendation:
    """What to do about a point, likewise."""
    what, check = detector.advice
    if what or check:
        return Recommendation("as_declared", "medium", check=check, text=what)
    return i18n.recommendation(detector.name)


def grouped(frame: pl.DataFrame, build: Callable[[dict[str, Any]], Any]) -> dict[int, list[Any]]:
    """Rows of a frame with a column `point`, made into values and gathered by point, in the frame's order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["point"]].append(build(row))
    return found


def trend_point() -> Callable[[Mapping[str, Any]], TrendPoint]:
    """How a row of `points.trends` becomes a day of the report.

    Every point has all days, and those of a page mostly tell of the same few numbers: what is alike is one object.
    """
    written = cache(str)
    told = cache(lambda day, exposed, affected: TrendPoint(written(day), exposed, affected))
    return lambda row: told(row["day"], row["exposed"], row["affected"])


def segment(row: Mapping[str, Any]) -> Segment:
    """A row of `points.segments`."""
    return Segment(
        row["dimension"], row["value"], row["sessions_affected"], row["sessions_exposed"], row["lift"]
    )


def evidence(best: pl.DataFrame, names: Names) -> dict[int, list[Evidence]]:
    """The moments of each point, from the evidence table with a column `point`."""
    times = (pl.col(name).dt.to_string(UTC_FORMAT) for name in ("start", "end"))
    return grouped(
        best.with_columns(*times, session=names.session.gather(best["session_id"])), _moment(names)
    )


def _moment(names: Names) -> Callable[[Mapping[str, Any]], Evidence]:
    """How a row of the evidence table, with names and times as text, becomes a moment of the report."""

    def build(row: Mapping[str, Any]) -> Evidence:
        file, rows, more = places(row["files"], row["rows"], names.files)
        detail = {key: names.detail(key, value) for key, value in orjson.loads(row["detail"]).items()}
        return Evidence(
            session_id=row["session"],
            start=row["start"],
            end=row["end"],
            events=row["events"],
            severity=row["severity"],
            file=file,
            rows=rows,
            more=more,
            detail=detail,
        )

    return build


def impact(row: Mapping[str, Any] | None, base: Base, sessions: int, q: float | None) -> Impact:
    """The cost of a point; without figures when it is too rare to judge."""
    metric: Metric = "lost_conversions" if base.has_goal else "extra_exits"
    reason = too_rare(row, sessions)
    if row is None or reason:
        return Impact(metric, None, None, None, None, None, None, None, None, METHODS[0], "low", reason)
    per = 1000 / base.sessions
    says = precision(base)
    speaks = base.has_goal and says != "upper_end"
    revenues = _revenues(row, base) if speaks else []
    one = [Range(each.estimate, each.low, each.high) for each in revenues[:1]]
    if speaks and base.order_value and not one:
        one = [Range(*(row[key] * base.order_value for key in ("estimate", "low", "high")))]
    return Impact(
        metric=metric,
        estimate=row["estimate"],
        low=row["low"],
        high=row["high"],
        per_1000_sessions=row["estimate"] * per,
        revenue=one[0] if one and len(revenues) <= 1 else None,
        p_value=row["p_value"],
        q_value=q,
        e_value=row["e_value"],
        method=_method(row, base),
        confidence=confidence(q, row["low"], sessions),
        reason=None,
        e_value_low=row["e_value_low"],
        says=says,
        revenues=revenues,
    )


def _revenues(row: Mapping[str, Any], base: Base) -> list[Money]:
    """Conversions lost times what they would have brought, by currency."""
    values = row["order_values"] or []
    return [
        Money(currency, *(row[key] * value for key in ("estimate", "low", "high")))
        for currency, value in zip(base.currencies, values, strict=False)
    ]


def precision(base: Base) -> Precision:
    """How much of a cost bears reading (`statistics.md` §2.9)."""
    if base.conversions is None or base.conversions >= ROUGH_BELOW:
        return "figure"
    return "rough" if base.conversions >= UPPER_END_BELOW else "upper_end"


def step(moments: Sequence[Evidence]) -> dict[str, str] | None:
    """The step of a funnel that people did not go beyond, and the one they did not reach."""
    told = moments[0].detail if moments else {}
    return (
        {"from": str(told["here"]), "to": str(told["to"])} if {"funnel", "here", "to"} <= set(told) else None
    )


def seen_from(goals: Sequence[Goal], points: Sequence[Point]) -> list[Quality]:
    """With a goal: which loss could have been seen, twice the median half-width of the intervals."""
    halves = [
        (p.impact.high - p.impact.low) / 2
        for p in points
        if p.impact.high is not None and p.impact.low is not None
    ]
    if not goals:
        return []
    conversions = goals[0].conversions
    seen = 2 * median(halves) if halves and conversions >= MIN_CONVERSIONS else None
    detail = {"conversions": conversions, "judged": len(halves), "visible_loss": seen}
    return [Quality("few_conversions", "remark" if conversions < ROUGH_BELOW else "good", detail)]


def _method(row: Mapping[str, Any], base: Base) -> str:
    if row["outcome"]:
        return METHODS[3]
    if not row["joint"]:
        return METHODS[2]
    return METHODS[0] if base.has_goal else METHODS[1]


def too_rare(row: Mapping[str, Any] | None, sessions: int) -> str | None:
    """Why no cost can be said of a point, as a code; null when one can."""
    if sessions < MIN_SESSIONS:
        return "too_few_sessions"
    if row is None:
        return "nothing_to_compare_with"
    reason: str | None = row["reason"]
    return reason


def parts(row: Mapping[str, Any] | None) -> dict[str, float]:
    """What the estimate is made of: its three parts, and the exits that were and would have been."""
    if row is None or row["estimate"] is None:
        return {}
    views = row["exposed_views"]
    return {
        "exposed_views": float(views),
        "exit_share": row["exits"] / views,
        "expected_exit_share": row["expected_exits"] / views,
        "extra_exits": row["exits"] - row["expected_exits"],
        "value_of_staying": row["worth"],
        "lost_by_leaving": row["left"],
        "lost_progress": row["progress"],
        "lost_later": row["delayed"],
        "harmless_effect": row["shift"],
    } | ({} if row["own_extra_exits"] is None else {"own_extra_exits": row["own_extra_exits"]})
