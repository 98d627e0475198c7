"""Geometry of the small marks in rows: sparklines, bars on a line of ×1, and the event strip."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from friction.render.html.phrases import Phrases
from friction.report import Around, Evidence, Point, Segment, TrendPoint
from friction.values import dataclass

BUCKETS = 60
"""Points of a sparkline; longer trends are added up by so many days that this is enough."""
Z95 = 1.959964
Place = Callable[[float], float]
"""From milliseconds to a place on the strip."""


def buckets(trend: Sequence[TrendPoint], size: int | None = None) -> list[TrendPoint]:
    """Days added up by `size`, else by as many as leave at most `BUCKETS`; an unfinished last one is left out."""
    trend = _every_day(trend)
    size = size or max(math.ceil(len(trend) / BUCKETS), 1)
    whole = [trend[at : at + size] for at in range(0, len(trend), size)]
    if size > 1 and len(whole) > 1 and len(whole[-1]) < size:
        whole.pop()
    return [
        TrendPoint(part[0].start, sum(d.exposed for d in part), sum(d.affected for d in part))
        for part in whole
    ]


def _every_day(trend: Sequence[TrendPoint]) -> list[TrendPoint]:
    """With the days on which nobody came; a trend that is not by day stays as it is."""
    try:
        days = {date.fromisoformat(each.start[:10]): each for each in trend}
    except ValueError:
        return list(trend)
    span = (max(days) - min(days)).days + 1 if days else 0
    if len(days) < len(trend) or span > 20 * len(days):
        return list(trend)
    every = (min(days) + timedelta(days=number) for number in range(span))
    return [days.get(day) or TrendPoint(day.isoformat(), 0, 0) for day in every]


def steady(trend: Sequence[TrendPoint]) -> int:
    """How many days to add up so that a share is worth drawing: 40 sessions each, and at least six of them."""
    mean = sum(day.exposed for day in trend) / max(len(trend), 1)
    enough = [size for size in SIZES if size * mean >= ENOUGH or len(trend) / (2 * size) < 6]
    return max(min(enough, default=SIZES[-1]), math.ceil(len(trend) / BUCKETS))


SIZES = (1, 2, 3, 7, 14, 28)
ENOUGH = 40


def spark(trend: Sequence[TrendPoint]) -> str:
    """`points` of the line in a box of 96 × 28, from 0 up to the largest value; empty for fewer than three days."""
    found = buckets(trend)
    top = max((each.affected for each in found), default=0)
    if len(found) < 3 or not top:
        return ""
    step = 96 / (len(found) - 1)
    return " ".join(f"{n * step:.1f},{27 - 25 * each.affected / top:.1f}" for n, each in enumerate(found))


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % interval of a share; (0, 1) when there is nothing."""
    if not n:
        return 0.0, 1.0
    share, z2 = k / n, Z95**2 / n
    middle = (share + z2 / 2) / (1 + z2)
    half = Z95 / (1 + z2) * math.sqrt(share * (1 - share) / n + z2 / (4 * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True)
class Lift:
    """A segment on the line of times: ends and middle in percent, ×1 at `one`; `open` where it reaches beyond."""

    segment: Segment
    low: float
    high: float
    at: tuple[str, str, str, str]
    """Of ×1, low, middle, high."""


def lifts(point: Point) -> list[Lift]:
    """The segments of a point on one scale of ×¼ to ×8, with the interval of the ratio (by its logarithm)."""
    found = []
    for each in point.segments:
        a, n = each.sessions_affected, max(each.sessions_exposed, 1)
        b, m = max(point.sessions_affected - a, 0) + 0.5, max(point.sessions_exposed - n, 0) + 1.0
        half = Z95 * math.sqrt(max(1 / max(a, 0.5) - 1 / n + 1 / b - 1 / m, 0.0))
        low, high = each.lift * math.exp(-half), each.lift * math.exp(half)
        places = [f"{_on_times(value):.2f}" for value in (1.0, low, each.lift, high)]
        found.append(Lift(each, low, high, (places[0], places[1], places[2], places[3])))
    return found


def _on_times(value: float) -> float:
    """Percent on the scale of ×¼ to ×8 by logarithm."""
    share = (math.log2(max(value, 1e-9)) + 2) / 5
    return 3 + 94 * min(max(share, 0.0), 1.0)


LANES: dict[str, tuple[str, ...]] = {
    "input": ("input", "change", "select", "submit", "invalid", "copy", "paste"),
    "click": ("click", "dblclick", "contextmenu"),
    "scroll": ("scroll", "scroll_end"),
    "request": ("request", "error", "console"),
    "page": ("page_view", "route_change", "page_leave", "conversion"),
}
LEFT, RIGHT, LANE, TOP, CHAR = 104.0, 866.0, 34.0, 26.0, 6.6
"""Of the strip's box of 880 wide: where time begins and ends, height of a lane, its first, a letter of a label."""
TICKS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800)


@dataclass(frozen=True)
class Mark:
    """One mark: `shape` is dot, box, tick or stop; positions in the units of the strip."""

    shape: str
    x: str
    y: str
    width: str
    inside: bool
    """Part of the moment itself."""
    label: str
    label_x: str


@dataclass(frozen=True)
class Strip:
    """A moment drawn as lanes over time."""

    height: int
    window: tuple[str, str]
    """Where the moment begins, and its width."""
    lanes: list[tuple[str, str]]
    """Word and height of each lane that has events."""
    marks: list[Mark]
    ticks: list[tuple[str, str]]
    base: str
    """Height of the time axis."""


def strip(moment: Evidence, page: str, lasts_ms: int, say: Phrases) -> Strip | None:
    """The strip of a moment on `page` that lasts so long; null when nothing is known around it."""
    events = moment.around
    if not events:
        return None
    first = min(0, events[0].at_ms) - 1000
    last = max(lasts_ms, *(each.at_ms + each.for_ms for each in events)) + 2500
    per_ms = (RIGHT - LEFT) / (last - first)

    def x(at: float) -> float:
        return LEFT + (at - first) * per_ms

    used = [lane for lane, kinds in LANES.items() if any(each.kind in kinds for each in events)]
    heights = {lane: TOP + 14 + LANE * number for number, lane in enumerate(used)}
    marks: list[Mark] = []
    for lane in used:
        own = [each for each in events if each.kind in LANES[lane]]
        made = _stay(own, page, x, last, say) if lane == "page" else _lane(lane, own, x, lasts_ms, last, say)
        marks += [replace(mark, y=f"{heights[lane]:.0f}") for mark in made]
    base = TOP + LANE * len(used) + 8
    step = 1000 * next((each for each in TICKS if (last - first) / (1000 * each) <= 8), 3600)
    ticks = [
        (f"{x(step * n):.1f}", say.offset(step * n / 1000))
        for n in range(math.ceil(first / step), math.floor(last / step) + 1)
    ]
    return Strip(
        height=round(base + 26),
        window=(f"{x(0) - 3:.1f}", f"{max(lasts_ms * per_ms, 1) + 6:.1f}"),
        lanes=[(say.lane(lane), f"{heights[lane]:.0f}") for lane in used],
        marks=marks,
        ticks=ticks,
        base=f"{base:.0f}",
    )


def _stay(events: Sequence[Around], page: str, x: Place, end: float, say: Phrases) -> list[Mark]:
    """The pages as boxes from one to the next; where a visit ends is a stop, where the goal is reached a dot."""
    opened = [each for each in events if each.kind in {"page_view", "route_change"}]
    boxes = [(LEFT, page)] if not opened or opened[0].at_ms > 0 else []
    boxes += [(x(each.at_ms), each.what or page) for each in opened]
    gone = events[-1] if events[-1].kind == "page_leave" else None
    ends = [at for at, _ in boxes[1:]] + [x(gone.at_ms) if gone else x(end)]
    marks = [_box(at, until - at - 3, say.short(name)) for (at, name), until in zip(boxes, ends, strict=True)]
    if gone:
        word, at = say.kind("page_leave"), ends[-1] + 17
        fits = at + len(word) * CHAR <= RIGHT + 14
        marks.append(Mark("stop", f"{ends[-1]:.1f}", "", "6", False, word if fits else "", f"{at:.1f}"))
    reached = [each for each in events if each.kind == "conversion"]
    return [*marks, *(Mark("goal", f"{x(each.at_ms):.1f}", "", "0", False, "", "") for each in reached)]


def _box(at: float, width: float, name: str) -> Mark:
    fits = len(name) * CHAR + 10 <= width
    return Mark("box", f"{at:.1f}", "", f"{max(width, 3):.1f}", False, name if fits else "", f"{at + 6:.1f}")


def _lane(
    lane: str, events: Sequence[Around], x: Place, lasts_ms: int, end: float, say: Phrases
) -> list[Mark]:
    """Marks of one lane; a word stands in its box, else behind the last of those that it is true of, else nowhere."""
    texts = [_words(lane, each, say) for each in events]
    found = []
    for number, each in enumerate(events):
        start, width = x(each.at_ms), _width(lane, each, x)
        behind = (x(events[number + 1].at_ms) if number + 1 < len(events) else x(end)) - start - width - 12
        text, room = texts[number], len(texts[number]) * CHAR
        inside = room + 8 <= width
        told_later = number + 1 < len(events) and texts[number + 1] == text
        shown = text if inside or (room <= behind and not told_later) else ""
        at = f"{start + 5 if inside else start + width + 9:.1f}"
        own = 0 <= each.at_ms <= lasts_ms
        found.append(Mark(_shape(lane, each), f"{start:.1f}", "", f"{width:.1f}", own, shown, at))
    return found


def _shape(lane: str, each: Around) -> str:
    if lane == "click":
        return "dot"
    if each.kind in {"error", "invalid"}:
        return "stop"
    return "tick" if each.kind == "submit" or lane == "request" else "box"


def _width(lane: str, each: Around, x: Place) -> float:
    if _shape(lane, each) == "box":
        return max(x(each.at_ms + each.for_ms) - x(each.at_ms), 4.0)
    return 6.0 if _shape(lane, each) == "stop" else 0.0


def _words(lane: str, each: Around, say: Phrases) -> str:
    if lane == "scroll" or (lane == "input" and each.what is None and each.kind != "submit"):
        return ""
    if each.what is None or lane == "request":
        return say.kind(each.kind)
    return say.quoted(each.what) if lane == "click" else say.short(each.what)


def merged(events: Sequence[Around]) -> list[Around]:
    """Like events one after the other as one with a count, for the list that goes with a strip."""
    found: list[Around] = []
    for each in events:
        last = found[-1] if found else None
        if last and (last.kind, last.what) == (each.kind, each.what):
            found[-1] = replace(
                last, count=last.count + each.count, for_ms=each.at_ms + each.for_ms - last.at_ms
            )
        else:
            found.append(each)
    return found
