"""Lanes of the way itself: who is where, why, and who goes on."""

from __future__ import annotations

from collections.abc import Sequence

from friction.i18n import N_
from friction.render.journey import words
from friction.render.journey.grid import Lane, Line
from friction.render.journey.lanes.told import (
    DESIRE_RULES,
    POINTS_SHOWN,
    SHOWN,
    Told,
    is_outside,
    lane_of,
    valued,
)
from friction.render.safe import clean


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
    return lane_of(told, "sessions", N_("Sessions"), "", cells)


def rules(told: Told, codes: Sequence[str]) -> Lane:
    """Why sessions are where they are."""
    cells = []
    for code in codes:
        fired = [rule for column in told.columns(code) for rule in column.rules]
        if code in {"desire", "action"}:
            fired = [rule for rule in fired if (rule.rule in DESIRE_RULES) == (code == "desire")]
        cells.append(
            [
                Line(
                    valued(told, told.speak.word("rule", rule.rule), told.speak.whole(rule.sessions)),
                    "quiet",
                )
                for rule in fired[:POINTS_SHOWN]
            ]
        )
    return lane_of(told, "rules", N_("Why they are here"), N_("the rule that fired"), cells)


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
    return lane_of(told, "goes_on", N_("Goes on"), N_("visitors, whenever that is"), cells)


def touchpoints(told: Told, codes: Sequence[str]) -> Lane:
    """Where people meet the product and those behind it."""
    cells = []
    for code in codes:
        names = dict.fromkeys(words.met(each.name, told.speak) for each in told.groups(code))
        cells.append([Line(name) for name in list(names)[:SHOWN]])
    return lane_of(told, "touchpoints", N_("Touchpoints"), "", cells)


def pages(told: Told, codes: Sequence[str]) -> Lane:
    """The product's own pages and events, with the page most seen."""
    page_of = {each.group: each.name for each in reversed(told.journey.touchpoints) if each.in_product}
    cells = []
    for code in codes:
        lines: list[Line] = []
        for each in [each for each in told.groups(code) if not is_outside(each.name)][:SHOWN]:
            lines.append(Line(words.met(each.name, told.speak)))
            if page := page_of.get(each.name):
                lines.append(Line(clean(page, 40), "quiet"))
        cells.append(lines)
    return lane_of(told, "pages", N_("Pages and steps"), "", cells)


def channels(told: Told, codes: Sequence[str]) -> Lane:
    """By which ways people come in each stage."""
    cells = [
        [
            Line(f"{told.speak.word('way', part.name)} {told.speak.percent(part.share, 0)}")
            for part in told.columns(code)[0].channels[:POINTS_SHOWN]
        ]
        for code in codes
    ]
    return lane_of(told, "channels", N_("Channels"), N_("share of sessions"), cells)
