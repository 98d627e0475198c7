"""What stands in each lane of the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from friction.i18n import N_, Language, advice_of, title_of
from friction.journey_map import STAGES, Action, Journey, Part, StageColumn
from friction.render.journey import words
from friction.render.journey.grid import Curve, Lane, Line, Notes, View
from friction.render.safe import clean
from friction.render.words import cost
from friction.report import Point, Report

AIDA = ("attention", "interest", "desire", "action")
_AIDA_OF_STAGE = {"awareness": "attention", "consideration": "interest"}
_DESIRE_RULES = frozenset({"cart", "intent", "own_decision"})
_ACTION_GROUPS = frozenset({"checkout"})
_OUTSIDE = frozenset({"support", "chat", "survey"})
SHOWN, POINTS_SHOWN = 5, 3
TECHNICAL = frozenset(
    "script_error failed_request slow_request slow_page error_page error_click slow_click layout_shift_click".split()
)
"""Detectors whose cause lies in systems, not in what the page says."""


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
        wants = sum(rule.sessions for rule in column.rules if rule.rule in _DESIRE_RULES)
        return wants if code == "desire" else column.sessions - wants

    def actions(self, code: str) -> list[Action]:
        """Those about the points of a column, by priority."""
        here = {point.id for point in self.points_of(code)}
        return [each for each in self.journey.actions if each.point in here]


def _lane(told: Told, code: str, name: str, note: str, cells: list[list[Line]]) -> Lane:
    return Lane(code, told.speak.text(name), cells, told.speak.text(note) if note else "")


def _valued(told: Told, name: str, value: str) -> str:
    return told.speak.text("{name}: {value}", name=name, value=value)


def sessions(told: Told, codes: Sequence[str]) -> Lane:
    """How many sessions are in each stage, and by which rules."""
    speak, cells = told.speak, []
    for code in codes:
        n = told.sessions(code)
        lines = [Line(speak.whole(n), "strong")]
        if told.journey.sessions:
            of = speak.whole(told.journey.sessions)
            lines.append(
                Line(
                    speak.text("{share} of {n}", share=speak.percent(n / told.journey.sessions, 0), n=of),
                    "quiet",
                )
            )
        cells.append(lines)
    return _lane(told, "sessions", N_("Sessions"), "", cells)


def rules(told: Told, codes: Sequence[str]) -> Lane:
    """Why sessions are where they are."""
    cells = []
    for code in codes:
        fired = [rule for column in told.columns(code) for rule in column.rules]
        if code in {"desire", "action"}:
            fired = [rule for rule in fired if (rule.rule in _DESIRE_RULES) == (code == "desire")]
        cells.append(
            [
                Line(
                    _valued(told, told.speak.word("rule", rule.rule), told.speak.whole(rule.sessions)),
                    "quiet",
                )
                for rule in fired[:POINTS_SHOWN]
            ]
        )
    return _lane(told, "rules", N_("Why they are here"), N_("the rule that fired"), cells)


def goes_on(told: Told, codes: Sequence[str]) -> Lane:
    """Who gets further."""
    speak = told.speak
    cells: list[list[Line]] = []
    nexts = {
        "awareness": N_("of visitors look more closely"),
        "consideration": N_("of those get as far as deciding"),
        "decision": N_("of those convert"),
        "retention": N_("of customers who come back tell others"),
    }
    for code in codes:
        column = told.columns(code)[0]
        if column.goes_on is None or column.goes_on.estimate is None or code == "desire":
            cells.append([])
            continue
        about, _, rest = words.share(column.goes_on, speak).partition(" (")
        lines = [Line(about, "strong"), Line(speak.text(nexts[column.stage]), "quiet")]
        cells.append([*lines, Line(f"({rest}", "quiet")] if rest else lines)
    return _lane(told, "goes_on", N_("Goes on"), N_("visitors, whenever that is"), cells)


def touchpoints(told: Told, codes: Sequence[str]) -> Lane:
    """Where people meet the product and those behind it."""
    cells = []
    for code in codes:
        names = dict.fromkeys(words.met(each.name, told.speak) for each in told.groups(code))
        cells.append([Line(name) for name in list(names)[:SHOWN]])
    return _lane(told, "touchpoints", N_("Touchpoints"), "", cells)


def pages(told: Told, codes: Sequence[str]) -> Lane:
    """The product's own pages and events, with the page most seen."""
    page_of = {each.group: each.name for each in reversed(told.journey.touchpoints) if each.in_product}
    cells = []
    for code in codes:
        lines: list[Line] = []
        for each in [each for each in told.groups(code) if not _is_outside(each.name)][:SHOWN]:
            lines.append(Line(words.met(each.name, told.speak)))
            if page := page_of.get(each.name):
                lines.append(Line(clean(page, 40), "quiet"))
        cells.append(lines)
    return _lane(told, "pages", N_("Pages and steps"), "", cells)


def _is_outside(group: str) -> bool:
    return group.startswith("=") or group in _OUTSIDE


def channels(told: Told, codes: Sequence[str]) -> Lane:
    """By which ways people come in each stage."""
    cells = [
        [
            Line(f"{told.speak.word('way', part.name)} {told.speak.percent(part.share, 0)}")
            for part in told.columns(code)[0].channels[:POINTS_SHOWN]
        ]
        for code in codes
    ]
    return _lane(told, "channels", N_("Channels"), N_("share of sessions"), cells)


def emotion(told: Told, codes: Sequence[str]) -> Lane:
    """How people fare, as a curve."""
    speak, cells, curve = told.speak, [], []
    for code in codes:
        found = told.columns(code)[0].emotion
        curve.append(Curve(found.value if found else None))
        lines = [Line(words.emotion(found, speak), "strong")]
        cells.append([*lines, Line(said, "quiet")] if (said := words.answers(found, speak)) else lines)
    lane = _lane(told, "emotion", N_("Emotion"), N_("survey answers and friction met, −1 to +1"), cells)
    return Lane(lane.code, lane.name, lane.cells, lane.note, curve)


def satisfaction(told: Told, codes: Sequence[str]) -> Lane:
    """Scores of surveys in each stage."""
    cells = []
    for code in codes:
        stages = {column.stage for column in told.columns(code)}
        found = [each for each in told.journey.kpis if each.dimension == "stage" and each.value in stages]
        cells.append(
            [
                Line(f"{told.speak.word('kpi', each.name)} {words.kpi(each, told.speak)}")
                for each in found
                if each.name in {"nps", "csat", "ces"}
            ]
        )
    return _lane(told, "satisfaction", N_("Satisfaction"), N_("of those asked in this stage"), cells)


def friction(told: Told, codes: Sequence[str]) -> Lane:
    """The points that strike, with cost and confidence."""
    cells = []
    for code in codes:
        lines: list[Line] = []
        found = told.points_of(code)
        for point in found[:POINTS_SHOWN]:
            lines += _point(told, point)
        if len(found) > POINTS_SHOWN:
            lines.append(
                Line(told.speak.plural("and {n} more", "and {n} more", len(found) - POINTS_SHOWN), "quiet")
            )
        cells.append(lines or [Line(told.speak.text("none that can be costed"), "quiet")])
    return _lane(told, "friction", N_("Friction points"), N_("what they cost, one at a time"), cells)


def _point(told: Told, point: Point) -> list[Line]:
    sure = told.speak.word("confidence", point.impact.confidence)
    return [
        Line(clean(title_of(point, told.speak), 120), "plain", point.id),
        Line(f"{cost(point.impact, told.speak)} · {sure}", "quiet", point.id),
    ]


def actions(told: Told, codes: Sequence[str]) -> Lane:
    """What to do, the likeliest to pay first."""
    cells = []
    for code in codes:
        found = [told.points[each.point] for each in told.actions(code)[:2]]
        cells.append(
            [Line(sentence(advice_of(point, told.speak).text), "plain", point.id) for point in found]
        )
    return _lane(told, "actions", N_("Actions"), N_("by expected gain for the effort"), cells)


def sentence(text: str) -> str:
    """The first sentence."""
    head, dot, _ = text.partition(". ")
    return clean(head + ("." if dot else ""), 160)


def customer(told: Told, codes: Sequence[str]) -> Lane:
    """What the customer does: of a service blueprint."""
    lane = pages(told, codes)
    return Lane("customer", told.speak.text(N_("What customers do")), lane.cells)


def frontstage(told: Told, codes: Sequence[str]) -> Lane:
    """Where they meet people or messages."""
    cells = []
    for code in codes:
        names = [words.met(each.name, told.speak) for each in told.groups(code) if _is_outside(each.name)]
        names += [told.speak.word("way", part.name) for part in told.columns(code)[0].channels[:POINTS_SHOWN]]
        cells.append([Line(name) for name in list(dict.fromkeys(names))[:SHOWN]])
    return _lane(told, "frontstage", N_("On stage"), N_("people and messages customers meet"), cells)


def backstage(told: Told, codes: Sequence[str]) -> Lane:
    """What the contacts mean for those who serve."""
    cells = []
    for code in codes:
        met = [each for each in told.groups(code) if _is_outside(each.name)]
        counts = [told.speak.plural("{n} session", "{n} sessions", each.sessions) for each in met]
        names = [words.met(each.name, told.speak) for each in met]
        cells.append(
            [Line(_valued(told, name, n)) for name, n in list(zip(names, counts, strict=True))[:SHOWN]]
        )
    return _lane(
        told, "backstage", N_("Behind the scenes"), N_("contacts that somebody has to answer"), cells
    )


def systems(told: Told, codes: Sequence[str]) -> Lane:
    """Where systems fail the service."""
    cells = []
    for code in codes:
        lines: list[Line] = []
        for point in [point for point in told.points_of(code) if point.detector in TECHNICAL][:POINTS_SHOWN]:
            lines += _point(told, point)
        cells.append(lines)
    return _lane(told, "systems", N_("Systems"), N_("where they fail the service"), cells)


def written(told: Told, codes: Sequence[str], notes: Notes) -> Lane:
    """What people wrote, kept whenever the map is computed anew."""
    cells = [
        [Line(clean(text, 500), "hand")] if (text := notes.get((code, "notes"), "")) else [] for code in codes
    ]
    return _lane(told, "notes", N_("Notes"), N_("written by hand, kept"), cells)


LANES: Mapping[str, Callable[[Told, Sequence[str]], Lane]] = {
    "sessions": sessions,
    "rules": rules,
    "goes_on": goes_on,
    "touchpoints": touchpoints,
    "pages": pages,
    "channels": channels,
    "emotion": emotion,
    "satisfaction": satisfaction,
    "friction": friction,
    "actions": actions,
    "customer": customer,
    "frontstage": frontstage,
    "backstage": backstage,
    "systems": systems,
}
OF_VIEW: Mapping[View, Sequence[str]] = {
    "customer": (
        *("sessions", "rules", "goes_on", "touchpoints", "channels", "emotion", "satisfaction", "friction"),
        "actions",
    ),
    "user": ("sessions", "goes_on", "pages", "emotion", "friction", "actions"),
    "aida": ("sessions", "rules", "goes_on", "touchpoints", "channels", "friction", "actions"),
    "blueprint": ("sessions", "customer", "frontstage", "backstage", "systems", "actions"),
}


def headline(told: Told) -> str:
    """Where the way is narrowest, by the costs of what strikes there."""
    costs = {
        code: sum(
            max(point.impact.estimate or 0.0, 0.0)
            for point in told.points_of(code)
            if point.impact.confidence != "low"
        )
        for code in STAGES
    }
    worst = max(STAGES, key=lambda code: costs[code])
    if not costs[worst]:
        return told.speak.text("No stage of the journey stands out by what friction costs")
    stage = told.speak.word("journey_stage", worst).lower()
    return told.speak.text("Friction costs most at the stage of {stage}", stage=stage)


def lead(told: Told) -> str:
    """How many points strike where, and what is drawn."""
    speak, journey = told.speak, told.journey
    counted = [point for code in STAGES for point in told.points_of(code)]
    here = max(STAGES, key=lambda code: len(told.points_of(code)))
    said = speak.plural("{n} session", "{n} sessions", journey.sessions)
    visitors = speak.plural("{n} visitor", "{n} visitors", journey.visitors)
    head = speak.text("{sessions} of {visitors}.", sessions=said, visitors=visitors)
    if not counted:
        return head
    points = speak.plural(
        "{n} friction point can be costed", "{n} friction points can be costed", len(counted)
    )
    most = speak.text("most of them strike at {stage}", stage=speak.word("journey_stage", here).lower())
    return speak.text("{head} {points}; {most}.", head=head, points=points, most=most)


def foot(told: Told, view: View) -> list[str]:
    """How to read it."""
    speak = told.speak
    said = [
        speak.text("Costs are for one point at a time. Do not add them up."),
        speak.text("Stages follow ordered rules; the rule that fired is printed."),
        speak.text(
            "Emotion is a stand-in made of survey answers and friction met, not a measurement of feelings."
        ),
    ]
    if view == "aida":
        said.append(speak.text("Sessions of customers after a purchase lie beyond AIDA and are not drawn."))
    return said
