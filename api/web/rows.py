"""The rows of the ranked list: each a point with its life, found, filtered and sorted without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query

from friction.render.html.marks import spark
from friction.render.html.phrases import Phrases
from friction.render.html.sections import Card, costed
from friction.render.words import also
from friction.report import Report, parts_of

from ..clock import now
from ..store.points import PointLife

Sort = Literal["cost", "sessions", "newest", "state"]
ORDER = ("new", "worse", "regressed", "ongoing", "better", "fixed", "muted")
"""States as they matter to a reader."""
Word = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class Wish:
    """What the address asks for; empty means everything."""

    q: str = ""
    detector: str = ""
    stage: str = ""
    state: str = ""
    confidence: str = ""
    sort: Sort = "cost"
    start: int = 0
    anyway: bool = False
    """Show findings although the data are held back."""

    @property
    def is_filtering(self) -> bool:
        """Whether it leaves anything out."""
        return any((self.q, self.detector, self.stage, self.state, self.confidence))

    def link(self, **changed: object) -> str:
        """The query of the same wish with something changed; what is as usual is left out."""
        from urllib.parse import urlencode

        kept = {"q": self.q, "detector": self.detector, "stage": self.stage, "state": self.state}
        kept |= {
            "anyway": "true" if self.anyway else "",
            "confidence": self.confidence,
            "sort": self.sort if self.sort != "cost" else "",
        }
        found = {name: value for name, value in {**kept, **changed}.items() if value}
        return f"?{urlencode(found)}" if found else "?"


def wished(
    q: Word = "",
    detector: Word = "",
    stage: Word = "",
    state: Word = "",
    confidence: Word = "",
    sort: Sort = "cost",
    start: Annotated[int, Query(alias="from", ge=0, le=100_000)] = 0,
    anyway: bool = False,
) -> Wish:
    """The wish of a request."""
    return Wish(q.strip(), detector, stage, state, confidence, sort, start, anyway)


@dataclass(frozen=True)
class Row:
    """A point of the list; `state` is its life's, `title` what is searched and shown."""

    card: Card
    life: PointLife | None
    title: str
    state: str

    @property
    def is_muted(self) -> bool:
        """Whether somebody has asked for silence about it."""
        return self.state == "muted"


def rows(report: Report, lives: Mapping[str, PointLife], say: Phrases) -> list[Row]:
    """All points whose cost can be said and that lead, in the order of the report."""
    moment = now()
    found = []
    for number, point in enumerate(costed(report), start=1):
        parts = parts_of(point, report.points)
        card = Card(
            point=point,
            number=number,
            in_full=False,
            spark=spark(point.trend),
            lifts=[],
            moments=[],
            ratings={},
            most_abandoned=0,
            also=also(parts, say.speak) if parts else "",
        )
        life = lives.get(point.id)
        found.append(Row(card, life, say.title(point), state_of(life, moment)))
    return found


def state_of(life: PointLife | None, moment: dt.datetime) -> str:
    """The state of its life; a mute that has run out is none."""
    if life is None:
        return "new"
    if life.state == "muted" and life.muted_until is not None and life.muted_until <= moment:
        return "ongoing"
    return life.state


def chosen(every: Sequence[Row], wish: Wish) -> list[Row]:
    """The rows that fit, in the order asked for; equal ones stay in the order of cost."""
    words = wish.q.casefold().split()
    tests: list[Callable[[Row], bool]] = [lambda row: all(word in _text(row) for word in words)]
    if wish.detector:
        tests.append(lambda row: row.card.point.detector == wish.detector)
    if wish.stage:
        tests.append(lambda row: row.card.point.stage == wish.stage)
    if wish.state:
        tests.append(lambda row: row.state == wish.state)
    if wish.confidence:
        tests.append(lambda row: row.card.point.impact.confidence == wish.confidence)
    return sorted((row for row in every if all(test(row) for test in tests)), key=_KEYS[wish.sort])


def _text(row: Row) -> str:
    point, life = row.card.point, row.life
    said = (life.owner, life.note) if life else ()
    parts = (row.title, point.page, point.target, point.label, point.detector, point.id, *said)
    return " ".join(part for part in parts if part).casefold()


def _newest(row: Row) -> tuple[str, int]:
    turned = "".join(chr(0x7E - ord(sign) % 0x5F) for sign in row.card.point.first_seen)
    return turned, row.card.number


_KEYS: dict[str, Callable[[Row], tuple[object, int]]] = {
    "cost": lambda row: (0, row.card.number),
    "sessions": lambda row: (-row.card.point.sessions_affected, row.card.number),
    "newest": _newest,
    "state": lambda row: (ORDER.index(row.state) if row.state in ORDER else len(ORDER), row.card.number),
}


def choices(every: Sequence[Row]) -> dict[str, list[str]]:
    """What the filters offer: only what occurs."""
    points = [row.card.point for row in every]
    states = {row.state for row in every}
    return {
        "detector": sorted({point.detector for point in points}),
        "stage": sorted({point.stage for point in points if point.stage}),
        "state": [state for state in ORDER if state in states],
        "confidence": [c for c in ("high", "medium", "low") if any(p.impact.confidence == c for p in points)],
    }
