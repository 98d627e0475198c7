"""Lanes of what people felt, what is in their way, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from friction.i18n import N_, advice_of
from friction.render.journey import words
from friction.render.journey.grid import Curve, Lane, Line, Notes
from friction.render.journey.lanes.told import POINTS_SHOWN, Told, lane_of, point_lines
from friction.render.safe import clean


def emotion(told: Told, codes: Sequence[str]) -> Lane:
    """How people fare, as a curve."""
    speak, cells, curve = told.speak, [], []
    for code in codes:
        found = told.columns(code)[0].emotion
        curve.append(Curve(found.value if found else None))
        lines = [Line(words.emotion(found, speak), "strong")]
        cells.append([*lines, Line(said, "quiet")] if (said := words.answers(found, speak)) else lines)
    lane = lane_of(told, "emotion", N_("Emotion"), N_("survey answers and friction met, −1 to +1"), cells)
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
    return lane_of(told, "satisfaction", N_("Satisfaction"), N_("of those asked in this stage"), cells)


def friction(told: Told, codes: Sequence[str]) -> Lane:
    """The points that strike, with cost and confidence."""
    cells = []
    for code in codes:
        lines: list[Line] = []
        found = told.points_of(code)
        for point in found[:POINTS_SHOWN]:
            lines += point_lines(told, point)
        if len(found) > POINTS_SHOWN:
            lines.append(
                Line(told.speak.plural("and {n} more", "and {n} more", len(found) - POINTS_SHOWN), "quiet")
            )
        cells.append(lines or [Line(told.speak.text("none that can be costed"), "quiet")])
    return lane_of(told, "friction", N_("Friction points"), N_("what they cost, one at a time"), cells)


def actions(told: Told, codes: Sequence[str]) -> Lane:
    """What to do, the likeliest to pay first."""
    cells = []
    for code in codes:
        found = [told.points[each.point] for each in told.actions(code)[:2]]
        cells.append(
            [Line(sentence(advice_of(point, told.speak).text), "plain", point.id) for point in found]
        )
    return lane_of(told, "actions", N_("Actions"), N_("by expected gain for the effort"), cells)


def sentence(text: str) -> str:
    """The first sentence."""
    head, dot, _ = text.partition(". ")
    return clean(head + ("." if dot else ""), 240)


def written(told: Told, codes: Sequence[str], notes: Notes) -> Lane:
    """What people wrote, kept whenever the map is computed anew."""
    cells = [
        [Line(clean(text, 500), "hand")] if (text := notes.get((code, "notes"), "")) else [] for code in codes
    ]
    return lane_of(told, "notes", N_("Notes"), N_("written by hand, kept"), cells)
