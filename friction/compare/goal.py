"""The goal before and after: the share of sessions that reached it."""

from __future__ import annotations

import math
from typing import Literal

from friction.compare.rates import Contrast, Counts, Interval, contrast, quantile
from friction.report import Report
from friction.values import dataclass

ALIKE = 1.1
"""Rates whose ratio surely lies within this factor are unchanged."""
Verdict = Literal["better", "worse", "unchanged", "too_little_data"]


@dataclass(frozen=True)
class GoalChange:
    """Shares of sessions, their difference in the same unit, and how many times as high the new one is."""

    old: float
    new: float
    difference: Interval
    ratio: Interval
    p_value: float
    verdict: Verdict


def goal_change(old: Report, new: Report, *, same_days: bool, level: float) -> GoalChange | None:
    """Null where the two have not one goal in common."""
    if old.goal is None or new.goal is None or old.goal.definition != new.goal.definition:
        return None
    before, after = _counts(old), _counts(new)
    if not sum(before.n) or not sum(after.n):
        return None
    found = contrast(before, after, same_days=same_days)
    p, ratio = found.p(1.0), found.ratio()
    return GoalChange(
        old=sum(before.k) / sum(before.n),
        new=sum(after.k) / sum(after.n),
        difference=_difference(before, after, found),
        ratio=ratio,
        p_value=p,
        verdict=_verdict(p <= level, ratio),
    )


def _difference(before: Counts, after: Counts, found: Contrast) -> Interval:
    """By the delta method, the error of the ratio shared out as the rates are."""
    apart = after.rate - before.rate
    errors = (before.rate * math.sqrt(before.log_variance()), after.rate * math.sqrt(after.log_variance()))
    plain = math.hypot(*(math.sqrt(each.log_variance()) for each in (before, after)))
    half = quantile(found.days) * math.hypot(*errors) * found.error / plain
    return Interval(apart, apart - half, apart + half)


def _verdict(clear: bool, ratio: Interval) -> Verdict:
    if clear:
        return "better" if ratio.estimate > 1 else "worse"
    within = ratio.low > 1 / ALIKE and ratio.high < ALIKE
    return "unchanged" if within else "too_little_data"


def _counts(report: Report) -> Counts:
    if report.days:
        return Counts(
            tuple(day.sessions for day in report.days), tuple(day.conversions for day in report.days)
        )
    reached = report.goal.conversions if report.goal else 0
    return Counts((report.input.sessions,), (reached,))
