"""Places of marks in figures: what templates write into SVG, in the units of the figure's box."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from friction.render.html.marks import wilson
from friction.report import Day

WIDTH, HEIGHT, LEFT, BOTTOM = 760.0, 220.0, 52.0, 26.0
LINES = 4


@dataclass(frozen=True)
class Chart:
    """A line with its band over days, and what stands at the axes; all in a box of `WIDTH` × `HEIGHT`."""

    line: str
    band: str
    ys: list[tuple[str, float]]
    """Height of each gridline, and its value."""
    xs: list[tuple[str, str]]
    """Place of each label on the time axis, and its day."""
    bars: list[tuple[str, str, str, str]]
    """Days as columns: x, y, width, height."""


def rate(days: Sequence[Day]) -> Chart | None:
    """The conversion rate by day with its Wilson band; null for fewer than three days."""
    rows = [
        (day.start, day.conversions / day.sessions, *wilson(day.conversions, day.sessions))
        for day in days
        if day.sessions
    ]
    if len(rows) < 3:
        return None
    top = _round_up(min(max(high for *_, high in rows), 4 * max(value for _, value, *_ in rows) or 1.0))
    at = {day: number for number, (day, *_) in enumerate(rows)}

    def x(day: str) -> float:
        return LEFT + (WIDTH - LEFT - 12) * at[day] / (len(rows) - 1)

    def y(value: float) -> float:
        return 10 + (HEIGHT - BOTTOM - 10) * (1 - min(value, top) / top)

    line = " ".join(f"{x(day):.1f},{y(value):.1f}" for day, value, _, _ in rows)
    upper = [f"{x(day):.1f},{y(high):.1f}" for day, _, _, high in rows]
    lower = [f"{x(day):.1f},{y(low):.1f}" for day, _, low, _ in reversed(rows)]
    ys = [(f"{y(top * n / LINES):.1f}", top * n / LINES) for n in range(LINES + 1)]
    step = math.ceil(len(rows) / 6)
    xs = [(f"{x(day):.1f}", day) for day, *_ in rows[::step]]
    return Chart(line, " ".join([*upper, *lower]), ys, xs, [])


def columns(days: Sequence[Day]) -> Chart | None:
    """Sessions by day as columns; null for fewer than three days."""
    if len(days) < 3:
        return None
    top = _round_up(max(day.sessions for day in days) or 1)
    wide = (WIDTH - LEFT - 12) / len(days)
    room = HEIGHT - BOTTOM - 10
    bars = [
        (
            f"{LEFT + wide * n + wide * 0.12:.1f}",
            f"{10 + room * (1 - day.sessions / top):.1f}",
            f"{wide * 0.76:.1f}",
            f"{room * day.sessions / top:.1f}",
        )
        for n, day in enumerate(days)
    ]
    ys = [(f"{10 + room * (1 - n / LINES):.1f}", top * n / LINES) for n in range(LINES + 1)]
    step = math.ceil(len(days) / 6)
    xs = [(f"{LEFT + wide * (n + 0.5):.1f}", day.start) for n, day in enumerate(days) if n % step == 0]
    return Chart("", "", ys, xs, bars)


def _round_up(value: float) -> float:
    """The next number that four gridlines divide into readable ones."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        power * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10, 12) if power * step >= value * 0.999
    )


@dataclass(frozen=True)
class Node:
    """A page in one column of a Sankey: `name` null is all others, "" the end."""

    name: str | None
    sessions: int
    x: str
    y: str
    height: str
    label_x: str
    label_y: str


@dataclass(frozen=True)
class Link:
    """A way from one column to the next; `d` of its path, and how thick it is."""

    d: str
    thick: str
    source: str | None
    target: str | None
    sessions: int


@dataclass(frozen=True)
class Sankey:
    """Ways in a box of `width` × `height`."""

    width: int
    height: int
    nodes: list[Node]
    links: list[Link]


NODE, GAP, COLUMN, TALL = 14.0, 22.0, 235.0, 400.0
Key = tuple[int, str | None]


def sankey(links: Sequence[tuple[int, str | None, str | None, int]]) -> Sankey | None:
    """`links` are (column, page, page of the next column, sessions); null where there are none."""
    if not links:
        return None
    into: dict[Key, int] = {}
    out: dict[Key, int] = {}
    for at, source, target, number in links:
        out[at, source] = out.get((at, source), 0) + number
        into[at + 1, target] = into.get((at + 1, target), 0) + number
    sizes = {key: max(into.get(key, 0), out.get(key, 0)) for key in {**out, **into}}
    count = max(at for at, _ in sizes) + 1
    by_column = [
        sorted((key for key in sizes if key[0] == at), key=lambda key: _order(key, sizes))
        for at in range(count)
    ]
    per = min(
        (TALL - GAP * (len(keys) - 1)) / max(sum(sizes[key] for key in keys), 1) for keys in by_column if keys
    )
    tops: dict[Key, float] = {}
    for keys in by_column:
        y = 16.0
        for key in keys:
            tops[key] = y
            y += max(sizes[key] * per, 1.5) + GAP
    bottom = max(tops[key] + max(sizes[key] * per, 1.5) for key in tops)
    nodes = [_node(key, sizes[key], tops[key], per) for keys in by_column for key in keys]
    return Sankey(
        round(COLUMN * (count - 1) + NODE + 190), round(bottom + 16), nodes, _links(links, tops, per)
    )


def _order(key: Key, sizes: Mapping[Key, int]) -> tuple[bool, bool, int, str]:
    """Largest first; all others and the end below them."""
    return (key[1] == "", key[1] is None, -sizes[key], key[1] or "")


def _node(key: Key, sessions: int, top: float, per: float) -> Node:
    x = COLUMN * key[0]
    height = max(sessions * per, 1.5)
    return Node(
        key[1],
        sessions,
        f"{x:.1f}",
        f"{top:.1f}",
        f"{height:.1f}",
        f"{x + NODE + 6:.1f}",
        f"{top + min(height / 2, 10) + 4:.1f}",
    )


def _links(
    links: Sequence[tuple[int, str | None, str | None, int]], tops: Mapping[Key, float], per: float
) -> list[Link]:
    leaving, coming = dict(tops), dict(tops)
    order = sorted(links, key=lambda each: (each[0], tops[each[0], each[1]], tops[each[0] + 1, each[2]]))
    found = []
    for at, source, target, number in order:
        thick = number * per
        y1, y2 = leaving[at, source] + thick / 2, coming[at + 1, target] + thick / 2
        leaving[at, source] += thick
        coming[at + 1, target] += thick
        x1, x2 = COLUMN * at + NODE, COLUMN * (at + 1)
        middle = (x1 + x2) / 2
        d = f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        found.append(Link(d, f"{max(thick, 0.75):.1f}", source, target, number))
    return found
