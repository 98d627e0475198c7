"""The large figures: how often a friction was met over time, and how long a page took to load.

Drawn by Altair and vl-convert, which are loaded only when there is something to draw. What comes back is stripped of
faces and colours: these are classes of the page's style sheet, so a figure is light or dark like the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from friction.render.html.marks import buckets, steady, wilson
from friction.render.html.phrases import Phrases
from friction.report import Point, TrendPoint
from friction.values import dataclass

if TYPE_CHECKING:
    from markupsafe import Markup

    from friction.render.html.sections import Card

MOST = 20
"""Figures of a report."""
WIDTH, HEIGHT = 430, 150
CLASSES = {
    "#010101": "g",
    "#020202": "ax",
    "#030303": "t",
    "#040404": "band",
    "#050505": "line",
    "#060606": "win",
    "#070707": "good",
    "#080808": "mid",
    "#090909": "poor",
}
"""Colours that stand for a class until the figure is done."""
GRID, AXIS, TEXT, BAND, LINE, WINDOW, GOOD, MIDDLE, POOR = CLASSES


@dataclass(frozen=True)
class Figure:
    """A figure with what is read where it is not seen."""

    title: str
    says: str
    svg: Markup
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def drawn(cards: Sequence[Card], say: Phrases) -> dict[tuple[int, str], Figure]:
    """`(number of the point, trend | load)` → figure, for the first points in full; at most `MOST`."""
    found: dict[tuple[int, str], Figure] = {}
    wanted = [card for card in cards if card.in_full and (card.point.trend or card.ratings)]
    with _trusting() if wanted else nullcontext():
        for card in wanted:
            for name, made in (("trend", _trend(card.point, say)), ("load", _load(card.point, say))):
                if made and len(found) < MOST:
                    found[card.number, name] = made
    return found


def _trusting() -> AbstractContextManager[None]:
    """Without checking every step against the schema of Vega-Lite, which takes half of the time."""
    from altair.utils.schemapi import debug_mode

    context: AbstractContextManager[None] = debug_mode(False)
    return context


def _trend(point: Point, say: Phrases) -> Figure | None:
    """The share of sessions on the page that met it, with its Wilson band; for spikes, of views that ended there."""
    size = steady(point.trend)
    days = [day for day in buckets(point.trend, size) if day.exposed]
    if len(days) < 5:
        return None
    rows = [(day, day.affected / day.exposed, *wilson(day.affected, day.exposed)) for day in days]
    speak, total = say.speak, sum(day.affected for day in days) / sum(day.exposed for day in days)
    is_spike = point.detector == "dropoff_spike"
    title = _measure(say, spike=is_spike, size=size)
    highest = max(rows, key=lambda row: row[1])
    says = speak.text(
        "{mean} over the whole time; the highest value is {most} on {day}.",
        mean=speak.percent(total),
        most=speak.percent(highest[1]),
        day=say.day(highest[0].start),
    )
    frame = point.window
    window = (frame.start[:10], (frame.end or days[-1].start)[:10]) if frame else None
    svg = _svg(_trend_chart(rows, window), title, says, say)
    head = (
        speak.text("From"),
        speak.text("Views") if is_spike else speak.text("Sessions on the page"),
        speak.text("Left") if is_spike else speak.text("Met it"),
        speak.text("Share"),
    )
    table = [
        (say.day(day.start), speak.whole(day.exposed), speak.whole(day.affected), speak.percent(share))
        for day, share, *_ in rows
    ]
    return Figure(title, says, svg, head, table)


def _measure(say: Phrases, *, spike: bool, size: int) -> str:
    if spike:
        return say.speak.plural(
            "Share of views that ended the visit, by day",
            "Share of views that ended the visit, every {n} days",
            size,
        )
    return say.speak.plural(
        "Share of sessions on the page that met it, by day",
        "Share of sessions on the page that met it, every {n} days",
        size,
    )


def _trend_chart(
    rows: Sequence[tuple[TrendPoint, float, float, float]], window: tuple[str, str] | None
) -> Any:
    import altair as alt

    data = alt.InlineData(
        [{"day": day.start, "share": share, "low": low, "high": high} for day, share, low, high in rows]
    )
    base = alt.Chart(data)
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%-d %b", tickCount=6, grid=False, labelFlush=True),
    )
    y: dict[str, Any] = {
        "title": None,
        "axis": alt.Axis(
            format=".0%" if max(r[1] for r in rows) >= 0.1 else ".1%",
            tickCount=4,
            grid=True,
            domain=False,
            ticks=False,
        ),
    }
    layers: list[Any] = [
        base.mark_area(color=BAND).encode(x, alt.Y("low:Q", **y), alt.Y2("high:Q")),
        base.mark_line(color=LINE, strokeWidth=2).encode(x, alt.Y("share:Q", **y)),
    ]
    if window:
        frame = alt.Chart(alt.InlineData([{"start": window[0], "end": window[1]}]))
        layers.insert(
            0,
            frame.mark_rect(color=WINDOW).encode(
                alt.X("start:T", scale=alt.Scale(type="utc")), alt.X2("end:T")
            ),
        )
    return alt.layer(*layers)


def _load(point: Point, say: Phrases) -> Figure | None:
    """How long views of a slow page took, by the metric that is worst rated."""
    ratings = point.facts.get("ratings")
    drawable = {
        name: devices["all"]
        for name, devices in (ratings.items() if isinstance(ratings, dict) else ())
        if name != "cls" and devices.get("all", {}).get("bins") and devices["all"].get("limits")
    }
    if not drawable:
        return None
    name = max(drawable, key=lambda each: (drawable[each]["shares"][2], each == "load_ms", each))
    each, speak = drawable[name], say.speak
    total = sum(count for _, count in each["bins"])
    title = speak.text("How long views took: {metric}", metric=say.metric(name))
    says = speak.text(
        "Three views of four took less than {p75}; {poor} took longer than the limit of {limit}.",
        p75=say.measure(name, each["p75"]),
        poor=speak.percent(each["shares"][2]),
        limit=say.measure(name, each["limits"][1]),
    )
    rows = _bars(each["bins"], each["limits"], total)
    svg = _svg(_load_chart(rows, each["limits"], say), title, says, say)
    head = (speak.text("From"), speak.text("Views"), speak.text("Share"))
    table = [
        (say.measure(name, row["from"]), speak.whole(row["views"]), speak.percent(row["share"]))
        for row in rows
    ]
    return Figure(title, says, svg, head, table)


def _bars(bins: Sequence[Sequence[float]], limits: Sequence[float], total: float) -> list[dict[str, Any]]:
    """Bins of at least a thousandth of the views, with their ends and how good they are."""
    return [
        {
            "from": edge,
            "to": edge * WIDER,
            "zero": 0,
            "views": count,
            "share": count / total,
            "colour": (GOOD, MIDDLE, POOR)[(edge * WIDER**0.5 > limits[0]) + (edge * WIDER**0.5 > limits[1])],
        }
        for edge, count in bins
        if count / total >= 0.001
    ]


WIDER = 2.718281828459045**0.2
"""From one bin to the next (`friction.summary.facts`)."""


def _load_chart(rows: Sequence[dict[str, Any]], limits: Sequence[float], say: Phrases) -> Any:
    import altair as alt

    least, most = rows[0]["from"], rows[-1]["to"]
    values = [n * 10**k for k in range(1, 7) for n in (1, 2, 5) if least <= n * 10**k <= most]
    seconds = "format(datum.value / 1000, '~r') + '\u00a0s'"
    words = f"datum.value >= 1000 ? {seconds} : format(datum.value, '~r') + '\u00a0ms'"
    axis = alt.Axis(values=values, labelExpr=words, grid=False)
    x = alt.X("from:Q", title=None, scale=alt.Scale(type="log", domain=[least, most], nice=False), axis=axis)
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3, domain=False, ticks=False))
    bars = alt.Chart(alt.InlineData(list(rows))).mark_rect(stroke=None)
    lines = [{"at": limit, "text": say.measure("load_ms", limit)} for limit in limits if least < limit < most]
    marks = alt.Chart(alt.InlineData(lines))
    at = alt.X("at:Q")
    return alt.layer(
        bars.encode(x, alt.X2("to:Q"), y, alt.Y2("zero:Q"), color=alt.Color("colour:N", scale=None)),
        marks.mark_rule(color=AXIS, strokeDash=[3, 3]).encode(at),
        marks.mark_text(color=TEXT, align="left", dx=4, dy=-4, baseline="top", fontSize=12).encode(
            at, text="text:N", y=alt.value(4)
        ),
    )


def _svg(chart: Any, title: str, says: str, say: Phrases) -> Markup:
    import vl_convert
    from markupsafe import Markup, escape

    text = {"labelFontSize": 12, "labelColor": TEXT}
    themed = chart.properties(
        width=WIDTH, height=HEIGHT, padding={"left": 2, "right": 14, "top": 8, "bottom": 2}
    ).configure(
        view={"stroke": None},
        axis={**text, "gridColor": GRID, "domainColor": AXIS, "tickColor": AXIS},
        background="transparent",
    )
    names, times = LOCALES[say.speak.code]
    drawn: str = vl_convert.vegalite_to_svg(
        themed.to_dict(), format_locale=names, time_format_locale=times, allowed_base_urls=[]
    )
    head = f"<title>{escape(title)}</title><desc>{escape(says)}</desc>"
    return Markup(_classed(drawn).replace(">", f">{head}", 1))


LOCALES: dict[str, tuple[dict[str, Any], Any]] = {
    "en": (
        {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"},
        "en-GB",
    ),
    "fr": (
        {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", ""], "percent": "\u202f%"},
        "fr-FR",
    ),
}
_FACE = re.compile(r' (?:font-family|aria-[a-z]+|role|style|xmlns:xlink|stroke-miterlimit)="[^"]*"')
_COLOUR = re.compile(r' (fill|stroke)="(#0[0-9a-f]0[0-9a-f]0[0-9a-f])"')


def _classed(svg: str) -> str:
    """Without faces, roles and colours of its own; with classes in the place of `CLASSES`."""
    bare = _FACE.sub("", svg)

    def classed(found: re.Match[str]) -> str:
        name = CLASSES.get(found[2])
        return f' class="{found[1][0]}-{name}"' if name else found[0]

    tagged = re.sub(r"<(path|line|text|rect)[^>]*>", lambda tag: _COLOUR.sub(classed, tag[0]), bare)
    return re.sub(
        r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", r'<svg class="chart" role="img" \1>', tagged, count=1
    )
