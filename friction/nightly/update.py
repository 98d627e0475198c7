"""A night into the book: what goes on, what began, what changed, and what is to be said of it.

Doing it twice with the same night changes nothing: a night that is in the book already is left alone, and what was said
once is not said again. Events that come late for it count in the nights after it, which look back over its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from friction.nightly import courses
from friction.nightly.book import KEPT_DAYS, Book, Mark, Note
from friction.nightly.costs import Dearer, dearer
from friction.nightly.days import apart, moved
from friction.nightly.judge import Verdict, verdict
from friction.nightly.life import Life
from friction.nightly.night import Days, Night, Sight
from friction.nightly.pulse import Pulse, Trouble, trouble
from friction.nightly.same import matches
from friction.rank import FALSE_DISCOVERIES, q_values
from friction.values import dataclass

Kind = Literal["new", "worse", "better", "fixed", "regressed"]
FRESH_DAYS = 7
"""So long a point is called new, worse, better or regressed; then that is how it is."""
SAME_CAUSE_DAYS = 3
NEEDS: Mapping[str, tuple[str, ...]] = {
    "clicks": tuple(
        "rage_click dead_click slow_click error_click disabled_click failed_submit mis_tap layout_shift_click "
        "thrashed_cursor missing_information".split()
    ),
    "inputs": tuple("form_abandonment field_friction validation_loop rage_key".split()),
    "requests": tuple("slow_request failed_request".split()),
}
"""Detectors that find nothing once a kind of events is no longer recorded."""


@dataclass(frozen=True)
class Event:
    """Something to be said of a point: it is `new`, `worse` … since `life.since`."""

    kind: Kind
    life: Life
    mark: Mark | None = None
    """The release before which it was not so."""


@dataclass(frozen=True)
class Told:
    """The book after a night, and what is new of it. `tested`: rates and costs that were asked about."""

    book: Book
    events: tuple[Event, ...] = ()
    trouble: Trouble | None = None
    """What began to be wrong with the data that night."""
    tested: int = 0


def update(book: Book, night: Night, pulse: Pulse) -> Told:
    """The book after the night. The first night says nothing: everything is as it was found."""
    if book.last is not None and night.date <= book.last:
        return Told(book)
    pulse = _kept({**book.pulse, **pulse}, night.date)
    found = trouble(pulse, night.date)
    book = replace(book, pulse=pulse, blind=_blind(book, night, found))
    first = not book.nights
    lives = _seen(_ruled(book, night), night)
    judged, tested = _judged(lives, book, night) if not first else (lives, 0)
    events = [] if first else list(_events(judged, book, night))
    told = {event.life.id for event in events}
    lives = {id: replace(life, told=night.date) if id in told else life for id, life in judged.items()}
    lives = {id: courses.aged(life, night.date, FRESH_DAYS, first=first) for id, life in lives.items()}
    begins = found if found and (book.trouble is None or book.trouble.kind != found.kind) else None
    note = Note(night.date, night.report, night.sessions.get(night.date, 0), tested, _counts(events), found)
    nights = tuple(each for each in book.nights if each.date != night.date)
    nights = tuple(sorted((*nights, note), key=lambda each: each.date))[-KEPT_DAYS:]
    rules = {**book.rules, **night.rules}
    return Told(
        replace(book, lives=lives, nights=nights, rules=rules, trouble=found), tuple(events), begins, tested
    )


def _kept(pulse: Pulse, date: str) -> Pulse:
    return {day: hours for day, hours in pulse.items() if day > moved(date, -60)}


def _blind(book: Book, night: Night, found: Trouble | None) -> Mapping[str, str]:
    """Also the days between the last night and this one on which no session began: nobody knows what they were."""
    blind = {day: kind for day, kind in book.blind.items() if day > moved(night.date, -KEPT_DAYS)}
    if found is not None and found.is_blind:
        blind[night.date] = found.what or "*"
    return blind


def _ruled(book: Book, night: Night) -> dict[str, Life]:
    """The lives, without the days that were counted by other thresholds than tonight's."""
    changed = {name for name, rule in night.rules.items() if book.rules.get(name, rule) != rule}
    return {
        id: replace(life, days=_since(life.days, night.since), costs=(), level_from=None)
        if life.detector in changed
        else life
        for id, life in book.lives.items()
    }


def _since(days: Days, first: str) -> Days:
    return {day: counts for day, counts in days.items() if day >= first}


def _seen(lives: dict[str, Life], night: Night) -> dict[str, Life]:
    """Every life with tonight's days; fresh points join the one they go on, or begin their own."""
    owner = {id: life.id for life in lives.values() for id in life.ids}
    fresh = [sight for sight in night.sights if sight.id not in owner]
    for id, (life_id, match) in matches(
        lives.values(), [each for each in fresh if not each.window], night
    ).items():
        owner[id] = life_id
        lives[life_id] = replace(lives[life_id], also=(*lives[life_id].also, match))
    groups: dict[str, list[Sight]] = {}
    for sight in night.sights:
        groups.setdefault(owner.get(sight.id, sight.id), []).append(sight)
    exposed = _exposures(night)
    for id, sights in groups.items():
        lives[id] = courses.met(lives.get(id), sights, night, owner)
    for id in lives.keys() - groups.keys():
        lives[id] = _absent(lives[id], night, exposed)
    return lives


def _exposures(night: Night) -> Mapping[str, Days]:
    """Page → sessions that saw it, by day, from whatever point lies on it; else its share of all sessions."""
    known: dict[str, Days] = {sight.page: sight.days for sight in night.sights if sight.window is None}
    whole = sum(night.sessions.values())
    for page, seen in night.pages.items():
        if page not in known and whole:
            known[page] = {day: (round(n * seen / whole), 0) for day, n in night.sessions.items()}
    return known


def _absent(life: Life, night: Night, exposed: Mapping[str, Days]) -> Life:
    """Nobody met it on the days since it was seen; unknown where its detector did not run or its page was not seen."""
    if life.detector not in night.rules and night.rules:
        return life
    page = life.also[-1].page if life.also else life.page
    fresh = {day: (n, 0) for day, (n, _) in exposed.get(page, {}).items() if day not in life.days and n}
    fresh = {day: counts for day, counts in fresh.items() if day > life.last_seen}
    return replace(life, days=_since({**life.days, **fresh}, moved(night.date, -KEPT_DAYS)))


def _judged(lives: dict[str, Life], book: Book, night: Night) -> tuple[dict[str, Life], int]:
    """Every life on its course, false alarms bounded over all that was tested; how many rates and costs were."""
    rates: dict[str, Verdict] = {}
    costs: dict[str, Dearer] = {}
    for life in lives.values():
        blind = blind_days(book, life.detector)
        if night.date in blind or life.detector == courses.SPIKE:
            continue
        recent = life.told is not None and apart(life.told, night.date) <= FRESH_DAYS
        risen = recent and life.course in {"new", "worse", "regressed"}
        fallen = recent and life.course in {"better", "fixed"}
        found = verdict(life.days, night.date, life.level_from, blind, risen=risen, fallen=fallen)
        if found is not None:
            rates[life.id] = found
        if (cost := dearer(life, night.date, blind)) is not None and life.course != "fixed":
            costs[life.id] = cost
    q = q_values([*(each.p for each in rates.values()), *(each.p for each in costs.values())])
    of_rates, of_costs = dict(zip(rates, q, strict=False)), dict(zip(costs, q[len(rates) :], strict=True))
    judged = {}
    for id, each in lives.items():
        life = each
        if is_clear(of_rates.get(id)):
            blind = blind_days(book, each.detector)
            life = courses.turned(each, rates[id], of_rates[id] or 0.0, night, blind)
        elif is_clear(of_costs.get(id)):
            life = courses.revalued(each, costs[id], of_costs[id] or 0.0)
        judged[id] = courses.spiked(courses.unheralded(life, night), night)
    return judged, len(q)


def is_clear(q: float | None) -> bool:
    """Whether it is told, at a tenth of false ones among all that are."""
    return q is not None and q <= FALSE_DISCOVERIES


def blind_days(book: Book, detector: str) -> set[str]:
    """Days on which this detector could not find anything."""
    return {day for day, kind in book.blind.items() if kind == "*" or detector in NEEDS.get(kind, ())}


def _events(judged: Mapping[str, Life], book: Book, night: Night) -> Iterator[Event]:
    """What is to be said: changes of tonight, of points that lead, unless they are muted; worst first."""
    turned = [life for life in judged.values() if _changed(life, book.lives.get(life.id))]
    spoken: set[tuple[str, str | None, str]] = set()
    for life in sorted(turned, key=_weight):
        what = (life.page, life.target or life.detector, life.course)
        if (
            courses.silenced(life, night.date)
            or life.part_of in judged
            or _is_consequence(life, judged)
            or what in spoken
            or life.course == "ongoing"
        ):
            continue
        spoken.add(what)
        yield Event(life.course, life, mark_before(book.marks, life.since))


def _is_consequence(life: Life, judged: Mapping[str, Life]) -> bool:
    """Whether it is a spike of exits that began with a friction point of its page: people leave because of that."""
    return life.detector == courses.SPIKE and any(
        other.page == life.page
        and other.detector != courses.SPIKE
        and other.facts.get("now", 0.0) > other.facts.get("before", 0.0)
        and abs(apart(other.since, life.since)) <= SAME_CAUSE_DAYS
        for other in judged.values()
    )


def _changed(life: Life, before: Life | None) -> bool:
    """Whether tonight's facts are others than those of the night before."""
    return bool(life.facts) and (before is None or life.facts != before.facts)


def _weight(life: Life) -> tuple[float, str]:
    cost = life.cost
    return (-abs(cost.estimate * cost.a_day) if cost else 0.0, life.id)


def mark_before(marks: tuple[Mark, ...], day: str) -> Mark | None:
    """The latest mark of the day or the two before it."""
    near = [mark for mark in marks if 0 <= apart(mark.at[:10], day) <= 2]
    return max(near, key=lambda mark: mark.at, default=None)


def _counts(events: list[Event]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for event in events:
        counts[event.kind] = counts.get(event.kind, 0) + 1
    return counts


def set_apart(book: Book, point_id: str) -> Book | None:
    """Undo that a point was taken for an older one, and never do it again; null when it was not.

    The days that both had together stay with the older one: how many were whose is in the reports of those nights.
    """
    life = next(
        (each for each in book.lives.values() if any(match.id == point_id for match in each.also)), None
    )
    if life is None:
        return None
    also = tuple(match for match in life.also if match.id != point_id)
    return book.changed(replace(life, also=also, apart=(*life.apart, point_id)))
