"""A journey in one language, and what every lane is made with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from friction.i18n import Language, title_of
from friction.journey_map import STAGES, Action, Journey, Part, StageColumn
from friction.render.journey.grid import Lane, Line
from friction.render.safe import clean
from friction.render.words import cost
from friction.report import Point, Report
from friction.values import dataclass

AIDA = ("attention", "interest", "desire", "action")


DESIRE_RULES = frozenset({"cart", "intent", "own_decision"})

_ACTION_GROUPS = frozenset({"checkout"})

_OUTSIDE = frozenset({"support", "chat", "survey"})

SHOWN, POINTS_SHOWN = 5, 3
"""Of names, and of points, rules or channels, in one cell."""


@dataclass(frozen=True)
class Told:
    """A journey in one language."""

    report: Report
    journey: Journey
    speak: Language

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """By id."""
        return {point.id: point for point in self.report.points}

    def columns(self, code: str) -> list[StageColumn]:
        """The stages behind a column; the two halves of decision are told apart by `is_desire`."""
        if code in STAGES:
            return [self.journey.stage(code)]
        stage = {"attention": "awareness", "interest": "consideration"}.get(code, "decision")
        return [self.journey.stage(stage)]

    def points_of(self, code: str) -> list[Point]:
        """The points that strike in a column, costliest first."""
        found = [
            self.points[each]
            for column in self.columns(code)
            for each in column.points
            if each in self.points
        ]
        if code in {"desire", "action"}:
            found = [point for point in found if self.is_desire(point.page) == (code == "desire")]
        return found

    def is_desire(self, page: str) -> bool:
        """Whether a page of decision is about wanting, not yet about buying."""
        return self.journey.page_roles.get(page) in {"cart", "intent", "product", "list", "search", "pricing"}

    def groups(self, code: str) -> list[Part]:
        """The kinds of touchpoints that a column's sessions meet, most first."""
        found = self.columns(code)[0].touchpoints
        if code in {"desire", "action"}:
            found = [each for each in found if (each.name in _ACTION_GROUPS) == (code == "action")]
        return found

    def sessions(self, code: str) -> int:
        """In a column."""
        column = self.columns(code)[0]
        if code not in {"desire", "action"}:
            return column.sessions
        wants = sum(rule.sessions for rule in column.rules if rule.rule in DESIRE_RULES)
        return wants if code == "desire" else column.sessions - wants

    def actions(self, code: str) -> list[Action]:
        """Those about the points of a column, by priority."""
        here = {point.id for point in self.points_of(code)}
        return [each for each in self.journey.actions if each.point in here]


def lane_of(told: Told, code: str, name: str, note: str, cells: list[list[Line]]) -> Lane:
    """A lane named and explained in the reader's language."""
    return Lane(code, told.speak.text(name), cells, told.speak.text(note) if note else "")


def valued(told: Told, name: str, value: str) -> str:
    """A name and its value, as the language punctuates them."""
    return told.speak.text("{name}: {value}", name=name, value=value)


def is_outside(group: str) -> bool:
    """Whether a touchpoint lies outside the product: a person, a message, an event of one's own."""
    return group.startswith("=") or group in _OUTSIDE


def point_lines(told: Told, point: Point) -> list[Line]:
    """What a point is, and what it costs how surely; both lead to it."""
    sure = told.speak.word("confidence", point.impact.confidence)
    return [
        Line(clean(title_of(point, told.speak), 120), "plain", point.id),
        Line(f"{cost(point.impact, told.speak)} · {sure}", "quiet", point.id),
    ]
