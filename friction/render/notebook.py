"""A report as a notebook shows it: one calm table without script.

Notebooks take away style sheets of what they do not trust and are light or dark as the reader likes. So every style
stands at its element, colours are those of the text around, and what a bar shows is also said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from friction.i18n import ENGLISH, Language, place, title_of
from friction.render import counted
from friction.render.notes import is_counted_only
from friction.render.safe import clean
from friction.render.words import cost, stars
from friction.report import Impact, Point, Report
from friction.values import dataclass

if TYPE_CHECKING:
    from jinja2 import Template

PAGE = """\
<div lang="{{ lang }}" style="max-width: 60em">
{%- if headline %}
<p style="margin: 0.4em 0; font-weight: 600">{{ headline }}</p>
{%- endif %}
{%- if rows %}
<table style="border-collapse: collapse; margin: 0.4em 0; background: transparent">
<thead><tr style="background: transparent">
<td style="{{ cell }}"></td>
{%- for word in head %}
<th scope="col" style="{{ cell }}; font-weight: 400; opacity: 0.75">{{ word }}</th>
{%- endfor %}
<td style="{{ cell }}"></td>
</tr></thead>
<tbody>
{%- for row in rows %}
<tr style="background: transparent; border-top: 1px solid rgba(128, 128, 128, 0.4)">
<td style="{{ cell }}; font-variant-numeric: tabular-nums">{{ row.rank }}</td>
<td style="{{ cell }}; overflow-wrap: anywhere">{{ row.title }}<br>
<span style="opacity: 0.75">{{ row.where }}</span></td>
<td style="{{ cell }}; white-space: nowrap">{{ row.sessions }}<br>
<span style="opacity: 0.75">{{ row.share }}</span></td>
<td style="{{ cell }}">{{ row.cost }}
{%- if row.bar %}<br><svg width="160" height="10" aria-hidden="true" focusable="false">
<line x1="{{ row.bar.zero }}%" x2="{{ row.bar.zero }}%" y1="0" y2="10" stroke="currentColor" stroke-opacity="0.5"/>
<line x1="{{ row.bar.low }}%" x2="{{ row.bar.high }}%" y1="5" y2="5" stroke="currentColor" stroke-width="2"/>
<circle cx="{{ row.bar.middle }}%" cy="5" r="3" fill="currentColor"/></svg>{% endif %}</td>
<td style="{{ cell }}; white-space: nowrap">{{ row.sure }}</td>
</tr>
{%- endfor %}
</tbody></table>
{%- endif %}
{%- for line in below %}
<p style="margin: 0.4em 0; opacity: 0.75">{{ line }}</p>
{%- endfor %}
</div>
"""
CELL = "text-align: left; vertical-align: top; padding: 0.4em 1.2em 0.4em 0"


@dataclass(frozen=True)
class Bar:
    """Where things are on the scale that all rows share, in percent of its width."""

    zero: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Row:
    """One friction point in words."""

    rank: str
    title: str
    where: str
    sessions: str
    share: str
    cost: str
    sure: str
    bar: Bar | None


def report(found: Report, top: int, speak: Language = ENGLISH) -> str:
    """The verdict, what was read in a line, the first points, and how to read them."""
    from friction.render.text import ALONE, headline

    shown, every = found.points[:top], len(found.points)
    below = [_read(found, speak), *([speak.text(ALONE)] if shown else []), *_counted(found, top, speak)]
    part = speak.text("{hit} of {exposed}", hit=len(shown), exposed=speak.whole(every))
    return _page(headline(found, speak), shown, below, speak, part if every > len(shown) else "")


def _counted(found: Report, top: int, speak: Language) -> Iterator[str]:
    """What tools counted, a line a place."""
    for tally in found.counted:
        yield f"{counted.heading(tally, speak)}. {counted.about(tally, speak)}."
        for row in counted.rows(tally.counts[:top], speak):
            said = f"{row.measure}, {row.where}: {row.hit}, {row.share} ({row.range})"
            yield f"{row.count.rank}. {said}"


def points(listed: Sequence[Point], speak: Language = ENGLISH) -> str:
    """These points alone."""
    return _page("", listed, [], speak)


def _read(found: Report, speak: Language) -> str:
    """`4,106 sessions, 1 Oct 2026 to 31 Oct 2026. Goal event=purchase: 1,398 conversions.`"""
    if is_counted_only(found):
        return counted.no_events(found, speak)
    read, goal = found.input, found.goal
    parts = [speak.plural("{n} session", "{n} sessions", found.people)]
    if read.start and read.end:
        parts.append(speak.text("{first} to {last}", first=speak.day(read.start), last=speak.day(read.end)))
    said = f"{', '.join(parts)}."
    if goal is None:
        return said
    reached = speak.plural("{n} conversion", "{n} conversions", goal.conversions)
    return f"{said} {speak.text('Goal {goal}: {conversions}.', goal=clean(goal.definition), conversions=reached)}"


def _page(
    headline: str, listed: Sequence[Point], below: Sequence[str], speak: Language, part: str = ""
) -> str:
    """`part`: how many of how many points are shown; empty when all are."""
    unit = speak.word("unit", listed[0].impact.metric) if listed else ""
    what, hit = speak.text("Friction point"), speak.text("Sessions hit")
    ends = _scale(listed)
    return _template().render(
        cell=CELL,
        lang=speak.code,
        headline=headline,
        head=(f"{what} · {part}" if part else what, hit, unit[:1].upper() + unit[1:]),
        rows=[_row(point, ends, speak) for point in listed],
        below=below,
    )


def _row(point: Point, ends: tuple[float, float], speak: Language) -> Row:
    impact = point.impact
    hit, exposed = speak.whole(point.sessions_affected), speak.whole(point.sessions_exposed)
    sure = f"{stars(impact.confidence)} {speak.word('confidence', impact.confidence)}"
    return Row(
        rank="" if point.rank is None else str(point.rank),
        title=clean(title_of(point, speak)),
        where=f"{speak.word('detector', clean(point.detector))} · {clean(place(point.page, speak))}",
        sessions=speak.text("{hit} of {exposed}", hit=hit, exposed=exposed),
        share=speak.percent(point.affected_share),
        cost=cost(impact, speak),
        sure="" if impact.estimate is None else sure,
        bar=_bar(impact, ends),
    )


def _scale(listed: Sequence[Point]) -> tuple[float, float]:
    """From the smallest low end to the largest high one, and always over zero."""
    ends = [end for point in listed for end in (point.impact.low, point.impact.high) if end is not None]
    return min([*ends, 0.0]), max([*ends, 0.0])


def _bar(impact: Impact, ends: tuple[float, float]) -> Bar | None:
    if impact.estimate is None or impact.low is None or impact.high is None or ends[0] == ends[1]:
        return None

    def place(value: float) -> float:
        return round(3 + 94 * (value - ends[0]) / (ends[1] - ends[0]), 1)

    return Bar(place(0), place(impact.low), place(impact.estimate), place(impact.high))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE)
