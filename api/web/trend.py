"""How often a point was met over time: a line with its Wilson band, and where releases came, as one drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from friction.i18n import Language
from friction.render.html.marks import buckets, steady, wilson
from friction.render.html.phrases import Phrases
from friction.report import Point, TrendPoint

LEFT, RIGHT, TOP, BASE = 52.0, 748.0, 44.0, 250.0
LINES = 4
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Release:
    """A mark in time: the day it came, and what it is called."""

    day: str
    name: str


@dataclass(frozen=True)
class Drawing:
    """Geometry in a box of 760 × 300, and the same as rows of a table."""

    title: str
    says: str
    band: str
    line: str
    dots: list[tuple[str, str]]
    window: tuple[str, str] | None
    grid: list[tuple[str, str]]
    """Height and label of each line across."""
    days: list[tuple[str, str]]
    releases: list[tuple[str, str]]
    rows: list[tuple[str, str, str, str, str]]


def drawing(point: Point, say: Phrases, releases: Sequence[Release] = ()) -> Drawing | None:
    """The drawing; null for fewer than five days with sessions on the page, and for a trend that is not by day."""
    try:
        return _drawn(point, say, releases)
    except ValueError:  # a report may be anybody's
        return None


def _drawn(point: Point, say: Phrases, releases: Sequence[Release]) -> Drawing | None:
    size = steady(point.trend)
    found = [each for each in buckets(point.trend, size) if each.exposed]
    if len(found) < 5:
        return None
    shares = [
        (each.start, each.affected / each.exposed, *wilson(each.affected, each.exposed)) for each in found
    ]
    days = [date.fromisoformat(start[:10]).toordinal() for start, *_ in shares]
    first, last = days[0], max(days[-1], days[0] + 1)
    step, most = _scale(max(high for *_, high in shares))

    def x(day: int) -> str:
        return f"{LEFT + (RIGHT - LEFT) * (day - first) / (last - first):.1f}"

    def y(share: float) -> str:
        return f"{BASE - (BASE - TOP) * min(share / most, 1):.1f}"

    upper = [f"{x(day)},{y(high)}" for day, (*_, high) in zip(days, shares, strict=True)]
    lower = [f"{x(day)},{y(low)}" for day, (_, _, low, _) in zip(days, shares, strict=True)]
    marks = [(x(at), each.name) for each in releases if first <= (at := _ordinal(each.day)) <= last]
    speak = say.speak
    return Drawing(
        title=_measure(point, size, speak),
        says=_said(found, shares, say),
        band=" ".join(upper + lower[::-1]),
        line=" ".join(f"{x(day)},{y(share)}" for day, (_, share, *_) in zip(days, shares, strict=True)),
        dots=[(x(day), y(share)) for day, (_, share, *_) in zip(days, shares, strict=True)],
        window=_window(point, first, last),
        grid=[
            (y(step * n), speak.percent(step * n, 0 if step >= 0.01 else 1))
            for n in range(round(most / step) + 1)
        ],
        days=[(x(days[at]), say.day(shares[at][0])) for at in _spread(len(days))],
        releases=marks,
        rows=[
            (
                say.day(each.start),
                speak.whole(each.exposed),
                speak.whole(each.affected),
                speak.percent(share),
                speak.between(speak.percent(low), speak.percent(high)),
            )
            for each, (_, share, low, high) in zip(found, shares, strict=True)
        ],
    )


def _scale(most: float) -> tuple[float, float]:
    """A round step and the top of the scale, at most `LINES` steps up."""
    rough = max(most, 0.001) / LINES
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * each for each in STEPS if size * each >= rough)
    return step, step * math.ceil(most / step - 1e-9)


def _spread(n: int) -> list[int]:
    """Up to six places from the first to the last."""
    count = min(n, 6)
    return sorted({round(at * (n - 1) / (count - 1)) for at in range(count)})


def _ordinal(day: str) -> int:
    return date.fromisoformat(day[:10]).toordinal()


def _window(point: Point, first: int, last: int) -> tuple[str, str] | None:
    if point.window is None:
        return None
    start = min(max(_ordinal(point.window.start), first), last)
    end = min(max(_ordinal(point.window.end), start), last) if point.window.end else last
    span = (RIGHT - LEFT) / (last - first)
    return f"{LEFT + (start - first) * span:.1f}", f"{max((end - start) * span, 4):.1f}"


def _measure(point: Point, size: int, speak: Language) -> str:
    if point.detector == "dropoff_spike":
        one, many = (
            "Share of views that ended the visit, by day",
            "Share of views that ended the visit, every {n} days",
        )
        return speak.plural(one, many, size)
    one = "Share of sessions on the page that met it, by day"
    return speak.plural(one, "Share of sessions on the page that met it, every {n} days", size)


def _said(
    found: Sequence[TrendPoint], shares: Sequence[tuple[str, float, float, float]], say: Phrases
) -> str:
    highest = max(shares, key=lambda each: each[1])
    return say.speak.text(
        "{mean} over the whole time; the highest value is {most} on {day}.",
        mean=say.speak.percent(sum(each.affected for each in found) / sum(each.exposed for each in found)),
        most=say.speak.percent(highest[1]),
        day=say.day(highest[0]),
    )
