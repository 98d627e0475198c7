"""How one friction point goes on: met again, turned by a verdict, grown old, silenced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from friction.nightly.book import KEPT_DAYS
from friction.nightly.costs import Dearer, first_day
from friction.nightly.days import apart, moved
from friction.nightly.judge import FIXED, LONGEST, Verdict, start_of
from friction.nightly.life import Course, Life
from friction.nightly.night import Cost, Days, Night, Sight
from friction.rank import FALSE_DISCOVERIES

SPIKE = "dropoff_spike"
COSTS_KEPT = 60
CLEAR_MET, FEW_SEEN = 20, 40
"""Sessions that meet a point on a page that is new itself, for it to be worth a word; sessions of an old page."""
SPIKE_LATE_DAYS = 3
"""A spike that was over for so long is no news."""
SAME_SPIKE_DAYS = 2
"""Starts of a spike that lie so near are one: its edge moves as days are added."""


def met(life: Life | None, sights: Sequence[Sight], night: Night, owner: Mapping[str, str]) -> Life:
    """The life with tonight's days, or a new one; several ids of one point are added up by day."""
    days = _added([sight.days for sight in sights])
    leader = max(sights, key=lambda each: (sum(k for _, k in each.days.values()), each.id))
    seen = [day for day, (_, k) in days.items() if k] or [night.date]
    part = owner.get(leader.part_of, leader.part_of) if leader.part_of else None
    costs = [sight.cost for sight in sights if sight.cost is not None]
    cost = max(costs, key=lambda each: each.estimate, default=None)
    if life is None:
        return Life(
            id=leader.id,
            detector=leader.detector,
            page=leader.page,
            target=leader.target,
            label=leader.label,
            title=leader.title,
            course="new",
            since=min(seen),
            first_seen=min(seen),
            last_seen=max(seen),
            days=days,
            costs=(cost,) if cost else (),
            part_of=part,
        )
    earlier = {day: counts for day, counts in life.days.items() if day > moved(night.date, -KEPT_DAYS)}
    return replace(
        life,
        title=leader.title,
        label=leader.label or life.label,
        first_seen=min(life.first_seen, *seen),
        last_seen=max(life.last_seen, *seen),
        days={**earlier, **days},
        costs=_with(life.costs, cost),
        part_of=part if part != life.id else None,
    )


def _added(several: Sequence[Days]) -> Days:
    if len(several) == 1:
        return dict(several[0])
    every = sorted({day for days in several for day in days})
    counts = {day: [days[day] for days in several if day in days] for day in every}
    return {
        day: (max(n for n, _ in each), min(max(n for n, _ in each), sum(k for _, k in each)))
        for day, each in counts.items()
    }


def _with(costs: tuple[Cost, ...], cost: Cost | None) -> tuple[Cost, ...]:
    if cost is None:
        return costs
    return (*(each for each in costs if each.night != cost.night), cost)[-COSTS_KEPT:]


def turned(life: Life, found: Verdict, q: float, night: Night, blind: Set[str]) -> Life:
    """The life after a clear verdict; a fall to next to nothing waits until it surely is one."""
    course = _course(life, found, night)
    if course is None:
        return life
    start = start_of(life.days, found, night.date, blind)
    facts = {
        "before": found.before,
        "now": found.now,
        "times": found.times,
        "low": found.low,
        "high": found.high,
        "q": q,
    }
    return replace(life, course=course, since=start, level_from=start, facts=facts)


def _course(life: Life, found: Verdict, night: Night) -> Course | None:
    if found.rises:
        if life.course == "fixed":
            return "regressed"
        fresh = (
            life.told is None and found.times >= 1 / FIXED and apart(life.first_seen, night.date) <= LONGEST
        )
        return "new" if fresh and life.course == "new" else "worse"
    if found.falls_to <= FIXED:
        return "fixed"
    return "better" if found.times > FIXED else None


def revalued(life: Life, found: Dearer, q: float) -> Life:
    """The life after a clear verdict on its cost, while it is met as often as before."""
    start = first_day(found.now)
    n, k = (sum(each) for each in zip(*(v for day, v in life.days.items() if day >= start), strict=True))
    rate = k / n if n else 0.0
    worth = {"cost_before": found.before.estimate, "cost_now": found.now.estimate}
    facts = {"before": rate, "now": rate, **worth, "q": q}
    course: Course = "worse" if found.rises else "better"
    return replace(life, course=course, since=start, cost_from=found.now.night, facts=facts)


def unheralded(life: Life, night: Night) -> Life:
    """A new point on a page that is new itself has no past to be held against: it counts once it surely costs."""
    if life.course != "new" or life.facts or life.told or not life.cost or life.detector == SPIKE:
        return life
    before = sum(n for day, (n, _) in life.days.items() if day < life.first_seen)
    n, k = (sum(each) for each in zip(*life.days.values(), strict=True))
    fresh = apart(life.first_seen, night.date) <= LONGEST
    if before >= FEW_SEEN or k < CLEAR_MET or life.cost.confidence == "low" or not fresh:
        return life
    return replace(life, facts={"before": 0.0, "now": k / n})


def spiked(life: Life, night: Night) -> Life:
    """A drop-off spike is judged where it is found: it is news once, when it begins, and when it is over."""
    sight = next((each for each in night.sights if each.id == life.id and each.window), None)
    if sight is None or sight.window is None or (sight.clear or 0.0) > FALSE_DISCOVERIES:
        return life
    window = sight.window
    facts = {"before": window.baseline, "now": window.observed}
    known = life.spike is not None and abs(apart(life.spike[:10], window.start[:10])) <= SAME_SPIKE_DAYS
    over = window.end is not None and apart(window.end[:10], night.date) >= 1
    if known:
        if over and life.course not in {"fixed", "ongoing"}:
            return replace(
                life, course="fixed", since=(window.end or night.date)[:10], facts={**facts, "over": 1.0}
            )
        return life
    if window.end is not None and apart(window.end[:10], night.date) > SPIKE_LATE_DAYS:
        return life
    course: Course = "regressed" if life.told else "new"
    return replace(life, course=course, since=window.start[:10], spike=window.start, facts=facts)


def aged(life: Life, date: str, fresh_days: int, *, first: bool) -> Life:
    """What was new or changed some time ago is how it is now; what the first night finds was there before."""
    if first and life.course == "new":
        return replace(life, course="ongoing")
    anchor = max(life.told or life.first_seen, life.since)
    if life.course in {"new", "worse", "better", "regressed"} and apart(anchor, date) >= fresh_days:
        return replace(life, course="ongoing")
    return life


def silenced(life: Life, date: str) -> bool:
    """Whether nothing is to be said of it: muted, and not so much worse that the mute ends."""
    if not life.is_muted(date) or life.mute is None:
        return False
    mute, facts = life.mute, life.facts
    if mute.beyond is None:
        return True
    if facts.get("cost_before", 0.0) > 0 and facts["cost_now"] >= facts["cost_before"] * mute.beyond:
        return False
    return mute.rate is None or "now" not in facts or facts["now"] < mute.rate * mute.beyond
