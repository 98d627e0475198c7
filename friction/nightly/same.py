"""Which fresh point is an old one: a redeploy changes hashes in selectors, classes and page templates, not the trouble.

A point is the same as one that ended where it began, found by the same detector, on a page and an element that look
alike once what machines make up (hashes, numbers, generated classes) is left out, and met about as often. Every
decision is kept with its reasons (`Match`), and a person can undo it: what was set apart is never joined again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Set
from difflib import SequenceMatcher

from friction.nightly.days import between, moved
from friction.nightly.life import Life, Match
from friction.nightly.night import Days, Night, Sight
from friction.report import Point
from friction.values import dataclass

ALIKE, AHEAD = 0.7, 0.08
"""How alike two points must be (0–1), and by how much more than any other pair of either."""
WEIGHTS = {"page": 0.3, "element": 0.25, "label": 0.35, "rate": 0.15}
MOST_TIMES = 4.0
"""Rates further apart than this are those of two points."""
ENDED = 0.15
"""Of the sessions to be expected, those in which the old point was still met after the new one began."""
GOES, JOINT = 0.8, (0.4, 2.0)
"""On the day of the change itself: of the usual sessions, those of the old point, and those of both together."""
FEWEST = 3
_WORD = re.compile(r"[A-Za-z0-9]+")
_MADE_UP = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{4,}$|[0-9]+$|[0-9a-f]{6,}$")


@dataclass(frozen=True)
class _Pair:
    life: Life
    sight: Sight
    score: float
    reasons: tuple[str, ...]


def matches(lives: Iterable[Life], fresh: Iterable[Sight], night: Night) -> Mapping[str, tuple[str, Match]]:
    """Fresh id → the life it goes on, with why; each life is joined by one fresh point at most a night."""
    pairs = [pair for sight in fresh for life in lives if (pair := _pair(life, sight, night)) is not None]
    pairs.sort(key=lambda pair: (-pair.score, pair.life.id, pair.sight.id))
    found: dict[str, tuple[str, Match]] = {}
    taken: set[str] = set()
    for pair in pairs:
        if pair.sight.id in found or pair.life.id in taken or _rival(pair, pairs, taken, found.keys()):
            continue
        taken.add(pair.life.id)
        at = pair.sight
        match = Match(at.id, night.date, round(pair.score, 3), pair.reasons, at.page, at.target)
        found[at.id] = (pair.life.id, match)
    return found


def _rival(best: _Pair, pairs: Iterable[_Pair], taken: Set[str], joined: Set[str]) -> bool:
    """Whether another pair of the same point or life is nearly as good."""
    return any(
        other is not best
        and (other.life.id == best.life.id) != (other.sight.id == best.sight.id)
        and other.life.id not in taken
        and other.sight.id not in joined
        and best.score - other.score < AHEAD
        for other in pairs
    )


def _pair(life: Life, sight: Sight, night: Night) -> _Pair | None:
    if (
        life.detector != sight.detector
        or sight.id in life.apart
        or (life.target is None) != (sight.target is None)
    ):
        return None
    if life.course == "fixed" or not _hands_over(life, sight, night):
        return None
    last = life.also[-1] if life.also else life
    parts = {"page": likeness(last.page, sight.page), "element": _elements(last.target, sight.target)}
    if life.label and sight.label:
        parts["label"] = 1.0 if _words(life.label) == _words(sight.label) else 0.0
    times = _times(life.days, sight.days, _first(sight))
    if times > MOST_TIMES:
        return None
    parts["rate"] = 1 - math.log(times) / math.log(MOST_TIMES)
    score = sum(WEIGHTS[name] * value for name, value in parts.items()) / sum(WEIGHTS[name] for name in parts)
    reasons = tuple(f"{name}_alike" for name, value in parts.items() if value >= 0.6)
    return _Pair(life, sight, score, (*reasons, "takes_over")) if score >= ALIKE else None


def _first(sight: Sight) -> str:
    """The first day on which it was met."""
    return min((day for day, (_, k) in sight.days.items() if k), default=max(sight.days, default=""))


def _hands_over(life: Life, sight: Sight, night: Night) -> bool:
    """Whether the old one ended where the new one begins, or is gone from all days at once (another template)."""
    ids = {each.id for each in night.sights}
    met = sum(k for _, k in sight.days.values())
    if met < FEWEST:
        return False
    first = _first(sight)
    if not any(each in ids for each in life.ids):
        return life.last_seen >= min(sight.days, default=first)
    usual = _a_day(life.days, first)
    after = {day: k for day, (_, k) in life.days.items() if first <= day <= night.date}
    whole = [day for day in between(first, night.date) if day > first]
    if whole and usual * len(whole) >= FEWEST:
        return sum(after.get(day, 0) for day in whole) <= ENDED * usual * len(whole)
    shared = after.get(first, 0)
    joint = shared + sight.days.get(first, (0, 0))[1]
    return usual >= FEWEST and shared <= GOES * usual and JOINT[0] <= joint / usual <= JOINT[1]


def _a_day(days: Days, before: str) -> float:
    """Sessions a day that met it in the two weeks before a day."""
    recent = [k for day, (_, k) in days.items() if moved(before, -14) <= day < before]
    return sum(recent) / len(recent) if recent else 0.0


def _times(old: Days, new: Days, first: str) -> float:
    """How many times as often the one is met as the other, at least 1."""
    before = [counts for day, counts in old.items() if day < first] or list(old.values())
    rates = [
        (sum(k for _, k in counts) + 0.5) / (sum(n for n, _ in counts) + 1)
        for counts in (before, [counts for day, counts in new.items() if day >= first])
    ]
    return max(rates) / min(rates)


def likeness(one: str, other: str) -> float:
    """How alike two page templates are: 1 the same, 0 nothing in common."""
    if one == other:
        return 1.0
    return 0.9 * SequenceMatcher(None, one.split("/"), other.split("/"), autojunk=False).ratio()


def _elements(one: str | None, other: str | None) -> float:
    if one == other:
        return 1.0
    first, second = _words(one or ""), _words(other or "")
    if not first or not second:
        return 0.5
    return len(first & second) / len(first | second)


def _words(selector: str) -> frozenset[str]:
    """What people wrote in a selector: its words without what machines made up."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", selector)
    return frozenset(word.lower() for word in _WORD.findall(spread) if not _MADE_UP.match(word))


def is_renamed(old: Point, new: Point) -> bool:
    """Whether these may be one point whose element or page has another name: for two reports without a history."""
    if old.detector != new.detector or (old.target is None) != (new.target is None):
        return False
    words = _words(old.target or ""), _words(new.target or "")
    same_element = old.target == new.target or (bool(words[0]) and words[0] == words[1])
    same_label = old.label is not None and old.label == new.label
    if old.page == new.page:
        return same_element or same_label
    return likeness(old.page, new.page) >= ALIKE and same_element and (old.label or "") == (new.label or "")
