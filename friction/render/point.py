"""One friction point in a terminal: why it has its rank, what shows it, what was not counted beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from rich.console import Group, RenderableType
from rich.padding import Padding

from friction.i18n import ENGLISH, Language, advice_of, place, title_of
from friction.render import heard
from friction.render.lines import line
from friction.render.reasons import reasons
from friction.render.safe import clean
from friction.render.words import cost, members, money, named, number, segment
from friction.report import Evidence, Point, Report

DAYS_SHOWN = 14
MOST = 100


def point(found: Point, report: Report, speak: Language = ENGLISH) -> RenderableType:
    """Sections with a heading each; a section that has nothing to say is left out."""
    sections = {
        speak.text("What it costs"): _costs(found, report, speak),
        speak.text("How the cost was found"): chain(reasons(found, report, speak), _method(found, speak)),
        speak.text("Who meets it"): _who(found, speak),
        speak.text("When"): _when(found, speak),
        speak.text("Fields"): _fields(found, speak),
        speak.text("Facts"): _facts(found, speak),
        speak.text("Moments that show it"): _moments(found, speak),
        heard.heading(speak): _heard(found, report, speak),
        speak.text("What to do"): _advice(found, speak),
        speak.text("Not counted"): _suppressed(found, report, speak),
    }
    parts: list[RenderableType] = [
        line(clean(title_of(found, speak)), style="bold"),
        line(_place(found, report, speak)),
    ]
    for heading, lines in sections.items():
        if said := list(lines):
            parts += ["", line(heading, style="bold"), Padding(line("\n".join(said)), (0, 0, 0, 2))]
    return Group(*parts)


def _place(found: Point, report: Report, speak: Language) -> str:
    rank = (
        speak.text("Rank {rank} of {all}", rank=found.rank, all=len(report.points))
        if found.rank
        else speak.text("Not ranked")
    )
    where = clean(place(found.page, speak)) + (f", {clean(found.target)}" if found.target else "")
    name = speak.word("detector", clean(found.detector))
    return speak.text(
        "{rank}: {detector} on {where} ({id})", rank=rank, detector=name, where=where, id=found.id
    )


def _heard(found: Point, report: Report, speak: Language) -> Iterator[str]:
    row = heard.beside(report, found, speak)
    if row:
        heads = heard.point_heads(speak)
        yield named(heads[1], row.calls, speak)
        yield named(heads[2], row.scores, speak)
        yield from row.comments


def _costs(found: Point, report: Report, speak: Language) -> Iterator[str]:
    impact = found.impact
    if impact.estimate is None:
        why = speak.word("no_cost", clean(impact.reason or found.reason or "too_few_sessions"))
        yield f"{cost(impact, speak)} ({why})"
        return
    yield f"{cost(impact, speak)} {speak.word('unit', impact.metric)}"
    sure, meaning = speak.word("confidence", impact.confidence), speak.word("meaning", impact.confidence)
    yield speak.text("confidence: {sure} ({meaning})", sure=sure, meaning=meaning)
    if impact.per_1000_sessions is not None:
        yield speak.text("{n} per 1,000 sessions", n=speak.decimal(impact.per_1000_sessions, 2))
    if impact.revenue:
        currency = report.goal.currency if report.goal else None
        yield speak.text("in money: {money}", money=money(impact.revenue, currency, speak))
    elif impact.revenues:
        sums = f"{speak.text(';')} ".join(money(each, each.currency, speak) for each in impact.revenues)
        yield speak.text("in money, by currency and not to be added up: {sums}", sums=sums)
    if impact.reason:
        yield speak.word("no_cost", clean(impact.reason))


def _method(found: Point, speak: Language) -> Iterator[str]:
    impact = found.impact
    yield speak.text("method: {method}", method=speak.word("method", clean(impact.method)))
    if found.score is not None:
        yield speak.text("score {score} of 100", score=speak.whole(found.score))
    for code, value in found.score_parts.items():
        yield f"  {named(speak.word('part', clean(code)), number(value, speak), speak)}"
    if impact.q_value is not None:
        q = speak.bounded(impact.q_value)
        yield speak.text("share of false alarms among points at least this clear: {q}", q=q)
    if impact.e_value is not None:
        yield _unknown_cause(impact.e_value, speak)


def _unknown_cause(e_value: float, speak: Language) -> str:
    if e_value > MOST:
        return speak.text(
            "an unknown cause would have to make both more than {e} times likelier", e=speak.whole(MOST)
        )
    e = speak.bounded(e_value)
    return speak.text("an unknown cause would have to make both about {e} times likelier", e=e)


def _of(hit: int, exposed: int, speak: Language) -> str:
    return speak.plural(
        "{n} of {exposed} sessions", "{n} of {exposed} sessions", hit, exposed=speak.whole(exposed)
    )


def _who(found: Point, speak: Language) -> Iterator[str]:
    hits = speak.text("hits {sessions}", sessions=_of(found.sessions_affected, found.sessions_exposed, speak))
    share = f" ({speak.percent(found.affected_share)})" if found.affected_share is not None else ""
    yield hits + share
    visitors = speak.plural("{n} visitor", "{n} visitors", found.visitors_affected)
    yield f"{visitors}, {speak.plural('seen {n} time', 'seen {n} times', found.findings)}"
    for each in found.segments:
        counts = _of(each.sessions_affected, each.sessions_exposed, speak)
        yield named(segment(each, speak, 200), f"×{speak.decimal(each.lift, 2)} ({counts})", speak)


def _when(found: Point, speak: Language) -> Iterator[str]:
    first, last = speak.moment(found.first_seen), speak.moment(found.last_seen)
    yield speak.text("first {first}, last {last}", first=first, last=last)
    if window := found.window:
        shares = {"observed": speak.percent(window.observed), "baseline": speak.percent(window.baseline)}
        start = speak.moment(window.start)
        yield (
            speak.text(
                "{start} to {end}: {observed} instead of {baseline}",
                start=start,
                end=speak.moment(window.end),
                **shares,
            )
            if window.end
            else speak.text(
                "since {start}, still going on: {observed} instead of {baseline}", start=start, **shares
            )
        )
    for day in found.trend[-DAYS_SHOWN:]:
        yield f"{speak.day(day.start)}  {_of(day.affected, day.exposed, speak)}"


def _fields(found: Point, speak: Language) -> Iterator[str]:
    for field in found.fields:
        stopped = speak.plural(
            "{n} of {exposed} sessions stops here",
            "{n} of {exposed} sessions stop here",
            field.abandoned_here,
            exposed=speak.whole(field.sessions),
        )
        parts = [stopped, speak.plural("{n} correction", "{n} corrections", field.corrections)]
        if field.hesitation_p50_ms is not None:
            pause = speak.duration(field.hesitation_p50_ms / 1000)
            parts.append(speak.text("pause before it {pause}", pause=pause))
        yield named(clean(field.field), ", ".join(parts), speak)


def _facts(found: Point, speak: Language) -> Iterator[str]:
    """How fast a page is for whom; other facts by their keys. Changes over time are told where the cost was found."""
    rest = {key: value for key, value in found.facts.items() if key not in {"ratings", "changes"}}
    if rest:
        yield members(rest, speak)
    ratings = found.facts.get("ratings")
    for metric, devices in ratings.items() if isinstance(ratings, dict) else ():
        for device, each in devices.items():
            if not isinstance(each, dict) or not each.get("rating"):
                continue
            below = speak.text(
                "three of four views below {value} ({low} to {high}), {views} views",
                value=number(each["p75"], speak),
                low=number(each["low"], speak),
                high=number(each["high"], speak),
                views=speak.whole(each["views"]),
            )
            name = f"{speak.word('figure', clean(str(metric)))}, {speak.word('figure', clean(str(device)))}"
            yield named(name, below, speak)


def _moments(found: Point, speak: Language) -> Iterator[str]:
    for moment in found.evidence:
        session = speak.text("session {id}", id=clean(moment.session_id))
        yield f"{_time(moment, speak)}  {named(session, _rows(moment, speak), speak)}"
        if moment.detail:
            yield f"  {members(moment.detail, speak)}"


def _time(moment: Evidence, speak: Language) -> str:
    try:
        took = datetime.fromisoformat(moment.end) - datetime.fromisoformat(moment.start)
    except ValueError:  # a report may be anybody's
        return speak.moment(moment.start)
    when = speak.moment(moment.start)
    return (
        speak.text("{when}, for {time}", when=when, time=speak.duration(took.total_seconds()))
        if took
        else when
    )


def _rows(moment: Evidence, speak: Language) -> str:
    places = [(moment.file, moment.rows), *((more.file, more.rows) for more in moment.more)]
    return f"{speak.text(';')} ".join(
        speak.plural(
            "{file} row {rows}", "{file} rows {rows}", len(rows), file=clean(file), rows=_numbers(rows)
        )
        for file, rows in places
    )


def _numbers(rows: list[int]) -> str:
    return ", ".join(map(str, rows))


def _advice(found: Point, speak: Language) -> Iterator[str]:
    advice = advice_of(found, speak)
    effort = speak.text("effort: {effort}", effort=speak.word("effort", advice.effort))
    if advice.text:
        yield f"{clean(advice.text, 2000)} ({effort})"
        yield speak.text("How to check it: {check}", check=clean(advice.check, 2000))
    if found.overlaps:
        yield speak.text("Overlaps with {ids}", ids=", ".join(found.overlaps))
    if found.part_of:
        yield speak.text("Stands for the same cause as {id}, which leads", id=found.part_of)


def _suppressed(found: Point, report: Report, speak: Language) -> Iterator[str]:
    """What has the same shape on the same page and was held to be harmless."""
    for each in report.suppressed:
        if (each.detector, each.page) == (found.detector, found.page):
            where = clean(each.target) if each.target else speak.text("the page")
            findings = speak.plural("{n} finding", "{n} findings", each.findings)
            yield named(where, f"{findings} ({speak.word('reason', clean(each.reason))})", speak)
