"""Lanes of a service blueprint: from what customers do down to the systems behind it."""

from __future__ import annotations

from collections.abc import Sequence

from friction.i18n import N_
from friction.render.journey import words
from friction.render.journey.grid import Lane, Line
from friction.render.journey.lanes.told import (
    POINTS_SHOWN,
    SHOWN,
    Told,
    is_outside,
    lane_of,
    point_lines,
    valued,
)
from friction.render.journey.lanes.way import pages

TECHNICAL = frozenset(
    "script_error failed_request slow_request slow_page error_page error_click slow_click layout_shift_click".split()
)
"""Detectors whose cause lies in systems, not in what the page says."""


def customer(told: Told, codes: Sequence[str]) -> Lane:
    """What the customer does: of a service blueprint."""
    lane = pages(told, codes)
    return Lane("customer", told.speak.text(N_("What customers do")), lane.cells)


def frontstage(told: Told, codes: Sequence[str]) -> Lane:
    """Where they meet people or messages."""
    cells = []
    for code in codes:
        names = [words.met(each.name, told.speak) for each in told.groups(code) if is_outside(each.name)]
        names += [told.speak.word("way", part.name) for part in told.columns(code)[0].channels[:POINTS_SHOWN]]
        cells.append([Line(name) for name in list(dict.fromkeys(names))[:SHOWN]])
    return lane_of(told, "frontstage", N_("On stage"), N_("people and messages customers meet"), cells)


def backstage(told: Told, codes: Sequence[str]) -> Lane:
    """What the contacts mean for those who serve."""
    cells = []
    for code in codes:
        met = [each for each in told.groups(code) if is_outside(each.name)]
        counts = [told.speak.plural("{n} session", "{n} sessions", each.sessions) for each in met]
        names = [words.met(each.name, told.speak) for each in met]
        cells.append(
            [Line(valued(told, name, n)) for name, n in list(zip(names, counts, strict=True))[:SHOWN]]
        )
    return lane_of(
        told, "backstage", N_("Behind the scenes"), N_("contacts that somebody has to answer"), cells
    )


def systems(told: Told, codes: Sequence[str]) -> Lane:
    """Where systems fail the service."""
    cells = []
    for code in codes:
        lines: list[Line] = []
        for point in [point for point in told.points_of(code) if point.detector in TECHNICAL][:POINTS_SHOWN]:
            lines += point_lines(told, point)
        cells.append(lines)
    return lane_of(told, "systems", N_("Systems"), N_("where they fail the service"), cells)
