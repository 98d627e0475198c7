"""What changed from one report to another, point by point: fixed, better, unchanged, worse, or too little data.

Two things are asked of every point: is it met more or less often by those who could (by more than a margin), and does
it cost more or less of 1,000 sessions? The clearer answer counts, twice its chance being the price of asking twice;
over all points the share of false changes is held at 10 % (Benjamini–Hochberg). Where nothing is clear, *unchanged*
means that a halving or doubling would have been seen, else there is too little data.

How much rates differ from one time to another for no reason is seen in a placebo: the first half of the old period
against its second half, judged in the same way. What points scatter there widens every interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import median
from typing import Literal

from friction.compare.goal import GoalChange, goal_change
from friction.compare.rates import FEWEST_DAYS, Counts, Interval, contrast, tail
from friction.compare.sample import Sample
from friction.rank import FALSE_DISCOVERIES, q_values
from friction.report import Point, Report
from friction.values import dataclass

State = Literal["new", "worse", "too_little_data", "unchanged", "better", "fixed", "gone"]
ORDER: tuple[State, ...] = ("new", "worse", "fixed", "better", "gone", "unchanged", "too_little_data")
MARGIN = 1.1
"""Rates that differ by less than a tenth are no news."""
FIXED = 0.2
"""A point is fixed when it is surely met at most a fifth as often as before."""
SEEN = 2.0
"""Nothing changed, when surely neither halved nor doubled."""
CLEAR_P = 0.05
FEWEST_IN_PLACEBO = 8
SEEN_IN_PLACEBO = 10
"""Sessions that met a point, for its halves to say anything."""


@dataclass(frozen=True)
class Change:
    """One friction point in both reports; `old` or `new` is null where it is not in one of them.

    `times`: how many times as often as before it is met, by sessions that saw its page. `cost`: how much more of 1,000
    sessions it costs, in the unit of its metric; negative is better. Null where it cannot be said.
    """

    id: str
    state: State
    old: Point | None
    new: Point | None
    times: Interval | None = None
    cost: Interval | None = None
    p_value: float | None = None
    q_value: float | None = None

    @property
    def point(self) -> Point:
        """The point as it was seen last."""
        point = self.new or self.old
        assert point is not None
        return point


@dataclass(frozen=True)
class Placebo:
    """The old period against itself: of `points` that could be judged, `changed` came out better or worse.

    `dispersion`: how many times what chance gives the points scatter there, at least 1; variances were taken times it.
    """

    days: int
    points: int
    changed: int
    dispersion: float


@dataclass(frozen=True)
class Difference:
    """What changed, new and worse points first; `remarks` are codes of what makes the two hard to compare."""

    changes: list[Change]
    remarks: list[str]
    goal: GoalChange | None = None
    placebo: Placebo | None = None
    sample: Sample | None = None
    """Of variants side by side."""


def difference(old: Report, new: Report, sample: Sample | None = None) -> Difference:
    """Every point of either report with what became of it, also where it has no cost on one side since nearly
    everyone leaves after it (`Report.aside`); with a `sample`, the two are variants of the same days."""
    before, after = ({point.id: point for point in report.all_points} for report in (old, new))
    trial = None if sample else placebo(old)
    dispersion = trial.dispersion if trial else 1.0
    same_days = sample is not None
    changes = [
        _change(id, before.get(id), after.get(id), old, new, dispersion, same_days=same_days)
        for id in sorted({point.id for point in [*old.points, *new.points]})
    ]
    q = q_values([change.p_value for change in changes])
    changes = [_judged(replace(change, q_value=each)) for change, each in zip(changes, q, strict=True)]
    changes.sort(key=lambda change: (ORDER.index(change.state), change.point.rank or math.inf, change.id))
    goal = goal_change(old, new, same_days=same_days, level=CLEAR_P)
    remarks = [*_remarks(old, new), *([] if sample else _periods(old, new))]
    remarks += ["sample_ratio"] if sample and not sample.fits else []
    return Difference(changes, remarks, goal, trial, sample)


def per_1000(point: Point, report: Report) -> tuple[float, float, float] | None:
    """Estimate, low and high end per 1,000 sessions of people; null where the cost cannot be said."""
    impact, sessions = point.impact, report.people
    if impact.estimate is None or impact.low is None or impact.high is None or not sessions:
        return None
    return (1000 * impact.estimate / sessions, 1000 * impact.low / sessions, 1000 * impact.high / sessions)


def placebo(report: Report) -> Placebo | None:
    """The two halves of a period, whole weeks where there are two; null with too few days."""
    days = len(report.days)
    half = days // 2 - (days // 2) % 7 or days // 2
    if half < FEWEST_DAYS:
        return None
    first, second = slice(days - 2 * half, days - half), slice(days - half, days)
    counts = [_counts(point, point, report) for point in report.points]
    found = [
        contrast(each.part(first), each.part(second))
        for each in counts
        if each and sum(each.k) >= SEEN_IN_PLACEBO
    ]
    spread = median(abs(each.log / each.error) for each in found) * 1.4826 if found else 1.0
    dispersion = max(1.0, spread**2) if len(found) >= FEWEST_IN_PLACEBO else 1.0
    p = [replace(each, error=each.error * math.sqrt(dispersion)).p(MARGIN) for each in found]
    changed = sum(q is not None and q <= FALSE_DISCOVERIES for q in q_values(p))
    return Placebo(2 * half, len(found), changed, dispersion)


def _change(
    id: str,
    before: Point | None,
    after: Point | None,
    old: Report,
    new: Report,
    dispersion: float,
    *,
    same_days: bool,
) -> Change:
    counts = (_counts(before, after, old), _counts(after, before, new))
    cost, p_cost = _cost(before, after, old, new)
    if counts[0] is None or counts[1] is None:
        state: State = "new" if before is None else "gone" if after is None else "too_little_data"
        return Change(id, state, before, after, None, cost, p_cost)
    found = contrast(counts[0], counts[1], same_days=same_days, dispersion=dispersion)
    p = min(1.0, 2 * min(found.p(MARGIN), 1.0 if p_cost is None else p_cost))
    return Change(id, "unchanged", before, after, found.ratio(), cost, p)


def _cost(
    before: Point | None, after: Point | None, old: Report, new: Report
) -> tuple[Interval | None, float | None]:
    """How much more of 1,000 sessions it costs, and the chance of as much without a change."""
    if before is None or after is None or before.impact.metric != after.impact.metric:
        return None, None
    was, now = per_1000(before, old), per_1000(after, new)
    if was is None or now is None:
        return None, None
    apart = now[0] - was[0]
    low = apart - math.hypot(now[0] - now[1], was[2] - was[0])
    high = apart + math.hypot(now[2] - now[0], was[0] - was[1])
    half = (apart - low) if apart > 0 else (high - apart)
    p = tail(1.959964 * abs(apart) / half, 0) if half else 1.0
    return Interval(apart, low, high), p


def _judged(change: Change) -> Change:
    """With its state, by what is clear of it."""
    if change.times is None:
        return change
    if change.q_value is not None and change.q_value <= FALSE_DISCOVERIES:
        return replace(change, state=_clear(change, change.times))
    within = change.times.low > 1 / SEEN and change.times.high < SEEN
    return replace(change, state="unchanged" if within else "too_little_data")


def _clear(change: Change, times: Interval) -> State:
    """Which way: that of the rate where it is clear itself, else that of the cost."""
    by_rate = times.low > 1 or times.high < 1
    worse = times.estimate > 1 if by_rate or change.cost is None else change.cost.estimate > 0
    if worse:
        return "new" if change.old is None else "worse"
    return "fixed" if times.high <= FIXED else "better"


def _counts(point: Point | None, other: Point | None, report: Report) -> Counts | None:
    """Sessions that saw the page and those that met the point, by day; where it is not in the report, nobody met it.

    Null where its page was not seen at all, and for a spike, which is a window and not a rate.
    """
    if any(each is not None and each.window is not None for each in (point, other)):
        return None
    if point is not None:
        design = max(1.0, point.sessions_affected / max(point.visitors_affected, 1))
        trend = {day.start: day for day in point.trend}
        if sum(day.affected for day in point.trend) == point.sessions_affected and report.days:
            days = [trend.get(day.start) for day in report.days]
            n = tuple(day.exposed if day else 0 for day in days)
            return Counts(n, tuple(day.affected if day else 0 for day in days), design)
        return Counts((point.sessions_exposed,), (point.sessions_affected,), design)
    assert other is not None
    seen = _seen(report).get(other.page)
    return None if seen is None else Counts((seen,), (0,))


def _seen(report: Report) -> Mapping[str, int]:
    return {page.page: page.sessions for page in report.pages}


def _remarks(old: Report, new: Report) -> Iterator[str]:
    if (old.goal and old.goal.definition) != (new.goal and new.goal.definition):
        yield "goals_differ"
    if _settings(old) != _settings(new):
        yield "settings_differ"
    if old.friction_version != new.friction_version:
        yield "versions_differ"


def _periods(old: Report, new: Report) -> Iterator[str]:
    """What makes before and after of two reports no such thing; at most one."""
    (began, ended), (begins, ends) = ((each.input.start, each.input.end) for each in (old, new))
    if old == new:
        yield "same_report"
    elif _files(old) and _files(old) == _files(new) and (began, ended) == (begins, ends):
        yield "same_events"
    elif began and begins and begins < began:
        yield "later_first"
    elif ended and begins and begins < ended:
        yield "periods_overlap"


def _files(report: Report) -> list[str]:
    return sorted(each.sha256 for each in report.input.files)


def _settings(report: Report) -> object:
    """Without the period, which is what a comparison is about."""
    analysis = report.settings.get("analysis")
    if not isinstance(analysis, dict):
        return report.settings
    kept = {key: value for key, value in analysis.items() if key not in {"since", "until"}}
    return {**report.settings, "analysis": kept}
