"""What changed, as sentences and rows: the same words in a terminal, in Markdown and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from friction.compare import Change, Difference, Interval, State, per_1000
from friction.i18n import ENGLISH, N_, Language, title_of
from friction.render.safe import clean
from friction.render.states import in_state
from friction.render.words import TOO_RARE
from friction.report import Point, Report
from friction.values import dataclass

STATES: tuple[State, ...] = ("new", "worse", "fixed", "better", "gone", "unchanged", "too_little_data")
HEAD = (
    N_("State"),
    N_("Friction point"),
    N_("Sessions that met it"),
    N_("As often"),
    N_("Cost per 1,000 sessions"),
)
MOST_TIMES = 100


@dataclass(frozen=True)
class Row:
    """One friction point; texts are clean."""

    state: State
    verdict: str
    title: str
    place: str
    share: str
    """Before and now."""
    times: str
    """How many times as often, with its interval."""
    cost: str
    """How much more or less, with its interval; else both costs."""


@dataclass(frozen=True)
class Compared:
    """A comparison in words, worst first."""

    headline: str
    notes: list[str]
    rows: list[Row]


def compared(
    found: Difference,
    old: Report,
    new: Report,
    speak: Language = ENGLISH,
    sides: tuple[str, str] | None = None,
) -> Compared:
    """`sides`: what the two are, where they are not two reports."""
    rows = [_row(change, old, new, speak) for change in found.changes]
    return Compared(headline(found, speak), list(_notes(found, old, new, sides, speak)), rows)


def headline(found: Difference, speak: Language = ENGLISH) -> str:
    """`1 new, 1 worse, 2 unchanged`; states that do not occur are left out."""
    numbers = Counter(change.state for change in found.changes)
    counts = [in_state(state, numbers[state], speak) for state in STATES if numbers[state]]
    return ", ".join(counts) + "." if counts else speak.text("Neither report has a friction point.")


def _notes(
    found: Difference, old: Report, new: Report, sides: tuple[str, str] | None, speak: Language
) -> Iterator[str]:
    if sides:
        before, after = map(clean, sides)
        yield speak.text("Compared: {old}, then {new}.", old=before, new=after)
    yield from _goal(found, speak)
    yield from _sample(found, speak)
    for remark in found.remarks:
        said = speak.word("remark", clean(remark))
        if remark == "versions_differ":
            said += f" ({clean(old.friction_version)}, {clean(new.friction_version)})"
        yield speak.text("Mind: {remark}.", remark=said)
    yield from _placebo(found, speak)


def _goal(found: Difference, speak: Language) -> Iterator[str]:
    if goal := found.goal:
        low, high = (_points(each, speak) for each in (goal.difference.low, goal.difference.high))
        yield speak.text(
            "The goal: {old} of sessions before, {new} now; {verdict} (difference {about}, {low} to {high} points).",
            old=speak.percent(goal.old, 2),
            new=speak.percent(goal.new, 2),
            verdict=speak.word("goal", goal.verdict),
            about=_points(goal.difference.estimate, speak),
            low=low,
            high=high,
        )


def _points(share: float, speak: Language) -> str:
    return ("+" if share > 0 else "") + speak.decimal(100 * share, 2)


def _sample(found: Difference, speak: Language) -> Iterator[str]:
    if sample := found.sample:
        yield speak.text(
            "Visitors: {old} and {new}.", old=speak.whole(sample.old), new=speak.whole(sample.new)
        )
        if sample.mixed:
            yield speak.plural(
                "{n} visitor saw both and is left out.",
                "{n} visitors saw both and are left out.",
                sample.mixed,
            )


def _placebo(found: Difference, speak: Language) -> Iterator[str]:
    if trial := found.placebo:
        yield speak.plural(
            "Placebo: the two halves of the period before, in which nothing should differ, differ in {changed} of "
            "{n} point.",
            "Placebo: the two halves of the period before, in which nothing should differ, differ in {changed} of "
            "{n} points.",
            trial.points,
            changed=speak.whole(trial.changed),
        )


def _row(change: Change, old: Report, new: Report, speak: Language) -> Row:
    point = change.point
    where = [speak.word("detector", clean(point.detector)), clean(point.page), point.id]
    return Row(
        state=change.state,
        verdict=speak.word("change", change.state),
        title=clean(title_of(point, speak)),
        place=" · ".join(where),
        share=_shares(change, speak),
        times=_times(change.times, speak),
        cost=_cost(change, old, new, speak),
    )


def _shares(change: Change, speak: Language) -> str:
    before, now = (_share(point, speak) for point in (change.old, change.new))
    return speak.text("{old}, now {new}", old=before, new=now)


def _share(point: Point | None, speak: Language) -> str:
    if point is None:
        return speak.text("none")
    return speak.text("unknown") if point.affected_share is None else speak.percent(point.affected_share)


def _times(times: Interval | None, speak: Language) -> str:
    if times is None:
        return ""
    about, low, high = (_times_of(each, speak) for each in (times.estimate, times.low, times.high))
    return speak.text("{about} ({low} to {high})", about=f"×{about}", low=low, high=high)


def _times_of(value: float, speak: Language) -> str:
    return speak.decimal(value, 2) if value <= MOST_TIMES else f"> {speak.whole(MOST_TIMES)}"


def _cost(change: Change, old: Report, new: Report, speak: Language) -> str:
    if change.cost is not None:
        about, low, high = (
            ("+" if each > 0 else "") + speak.decimal(each, 2)
            for each in (change.cost.estimate, change.cost.low, change.cost.high)
        )
        return speak.text("{about} ({low} to {high})", about=about, low=low, high=high)
    point, report = (change.new, new) if change.new else (change.old, old)
    rates = per_1000(point, report) if point else None
    if rates is None:
        return speak.text(TOO_RARE)
    about, low, high = (speak.decimal(rate, 2) for rate in rates)
    cost = speak.text("{about} ({low} to {high})", about=about, low=low, high=high)
    return speak.text("now {cost}", cost=cost) if change.new else speak.text("before {cost}", cost=cost)
