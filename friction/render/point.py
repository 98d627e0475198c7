"""One friction point in a terminal: why it has its rank, what shows it, what was not counted beside it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from friction.render.words import CONFIDENCE, UNITS, clean, cost, members, money, percent, whole
from friction.report import Evidence, Point, Report


def point(found: Point, report: Report) -> RenderableType:
    """Sections with a heading each; a section that has nothing to say is left out."""
    place = f"{found.detector} on {clean(found.page)}" + (f", {clean(found.target)}" if found.target else "")
    rank = f"Rank {found.rank} of {len(report.points)}" if found.rank else "Not ranked"
    sections = {
        "What it costs": _costs(found, report),
        "How the cost was found": _method(found),
        "Who meets it": _who(found),
        "When": _when(found),
        "Fields": _fields(found),
        "Facts": iter([members(found.facts)] if found.facts else []),
        "Moments that show it": _moments(found),
        "What to do": _advice(found),
        "Not counted": _suppressed(found, report),
    }
    parts: list[RenderableType] = [Text(clean(found.title), "bold"), Text(f"{rank}: {place} ({found.id})")]
    for heading, lines in sections.items():
        if said := list(lines):
            parts += ["", Text(heading, "bold"), Padding(Text("\n".join(said)), (0, 0, 0, 2))]
    return Group(*parts)


def _costs(found: Point, report: Report) -> Iterator[str]:
    impact = found.impact
    if impact.estimate is None:
        yield f"{cost(impact)}: {clean(impact.reason or found.reason or 'too few sessions')}"
        return
    yield f"{cost(impact)} {UNITS[impact.metric]}; confidence: {CONFIDENCE[impact.confidence][1]}"
    if impact.per_1000_sessions is not None:
        yield f"{impact.per_1000_sessions:.2g} per 1,000 sessions"
    if impact.revenue:
        yield f"in money: {money(impact.revenue, report.goal.currency if report.goal else None)}"
    if impact.reason:
        yield clean(impact.reason)


def _method(found: Point) -> Iterator[str]:
    impact = found.impact
    yield f"method: {clean(impact.method)}"
    if found.score is not None:
        yield f"score {found.score:.0f} of 100" + (
            f" from {members(found.score_parts)}" if found.score_parts else ""
        )
    if impact.q_value is not None:
        yield f"share of false alarms among points at least this clear: {impact.q_value:.2g}"
    if impact.e_value is not None:
        yield f"an unknown cause would have to make both about {impact.e_value:.2g} times likelier"


def _who(found: Point) -> Iterator[str]:
    share = f" ({percent(found.affected_share)})" if found.affected_share is not None else ""
    yield f"hits {whole(found.sessions_affected)} of {whole(found.sessions_exposed)} sessions{share}"
    yield f"{whole(found.visitors_affected)} visitors, {whole(found.findings)} times"
    for segment in found.segments:
        counts = f"{whole(segment.sessions_affected)} of {whole(segment.sessions_exposed)}"
        yield f"{segment.dimension} {clean(segment.value)}: ×{segment.lift:.2g} ({counts} sessions)"


def _when(found: Point) -> Iterator[str]:
    yield f"first {found.first_seen}, last {found.last_seen}"
    if window := found.window:
        end = window.end or "still going on"
        yield f"{window.start} to {end}: {percent(window.observed)} instead of {percent(window.baseline)}"
    for day in found.trend[-14:]:
        yield f"{day.start[:10]}  {whole(day.affected)} of {whole(day.exposed)} sessions"


def _fields(found: Point) -> Iterator[str]:
    for field in found.fields:
        pause = (
            ""
            if field.hesitation_p50_ms is None
            else f", pause before it {field.hesitation_p50_ms / 1000:.1f} s"
        )
        left = f"{whole(field.abandoned_here)} of {whole(field.sessions)} sessions stop here"
        yield f"{clean(field.field)}: {left}, {whole(field.corrections)} corrections{pause}"


def _moments(found: Point) -> Iterator[str]:
    for moment in found.evidence:
        yield f"{moment.start} to {moment.end[11:]}  session {clean(moment.session_id)}: {_rows(moment)}"
        if moment.detail:
            yield f"  {members(moment.detail)}"


def _rows(moment: Evidence) -> str:
    places = [(moment.file, moment.rows), *((more.file, more.rows) for more in moment.more)]
    return "; ".join(f"{clean(file)} rows {', '.join(map(str, rows))}" for file, rows in places)


def _advice(found: Point) -> Iterator[str]:
    advice = found.recommendation
    yield f"{clean(advice.text, 2000)} (effort: {advice.effort})"
    yield f"How to check it: {clean(advice.check, 2000)}"
    if found.overlaps:
        yield f"Overlaps with {', '.join(found.overlaps)}"


def _suppressed(found: Point, report: Report) -> Iterator[str]:
    """What has the same shape on the same page and was held to be harmless."""
    for each in report.suppressed:
        if (each.detector, each.page) == (found.detector, found.page):
            where = clean(each.target) if each.target else "the page"
            yield f"{where}: {whole(each.findings)} findings ({clean(each.reason).replace('_', ' ')})"
