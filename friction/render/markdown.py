"""A report as Markdown, for tickets and wikis: the same sentences as the page, tables for what is counted.

Texts of the data are written so that they stay texts: signs that Markdown or HTML would act on are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from friction.i18n import ENGLISH, Language, place
from friction.render import counted, heard
from friction.render.html import sections
from friction.render.html.phrases import Phrases, phrases
from friction.render.notes import is_counted_only
from friction.render.reasons import reasons
from friction.render.safe import clean, printable
from friction.render.watched import told
from friction.render.words import members, segment, stars
from friction.report import Evidence, Point, Report
from friction.tallies import Tally

IN_FULL = 10
_ACTIVE = re.compile(r"([\\`*_\[\]|~$])")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")


def markdown(report: Report, speak: Language = ENGLISH) -> str:
    """Headline, facts, all ranked points as a table, the first ones in full, and what could not be said."""
    from friction.render.text import headline

    say = phrases(report, speak)
    ranked = sections.costed(report)
    parts = [
        [f"# {plain(headline(report, speak))}"],
        _facts(report, say),
        _ranked(ranked, say),
        *(_point(point, report, say) for point in ranked[:IN_FULL]),
        *(_tally(tally, say) for tally in report.counted),
        _heard(report, say),
        _marks(report, say),
        _changed(report, say),
        _coverage(report, say),
        _look_alikes(report, say),
        _quality(report, say),
        [f"*{speak.text('Costs are for one point at a time. Do not add them up.')}*"] if ranked else [],
    ]
    return printable("\n\n".join("\n".join(lines) for lines in parts if lines) + "\n")


def plain(text: str) -> str:
    """A text that Markdown shows as it is."""
    escaped = _ACTIVE.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _LINK.sub(r"\1\\\2", escaped)


def _facts(report: Report, say: Phrases) -> list[str]:
    speak, read = say.speak, report.input
    if is_counted_only(report):
        return [plain(counted.no_events(report, speak))]
    span = say.span(read.start, read.end)
    lines = [plain(span)] if span else []
    lines.append(speak.plural("{n} session", "{n} sessions", report.people))
    if goal := report.goal:
        made = speak.plural("{n} conversion", "{n} conversions", goal.conversions)
        rate = f" ({speak.percent(goal.conversion_rate)})" if goal.conversion_rate is not None else ""
        lines.append(f"{made}{rate}{speak.text(':')} {plain(clean(goal.definition))}")
    return [" · ".join(lines)]


def _ranked(points: Sequence[Point], say: Phrases) -> list[str]:
    if not points:
        return []
    speak = say.speak
    head = (
        "#",
        speak.text("Friction point"),
        speak.text("Page"),
        speak.text("Sessions hit"),
        _capital(speak.word("unit", points[0].impact.metric)),
        speak.text("How sure"),
    )
    rows = (
        (
            str(point.rank or ""),
            say.title(point),
            clean(place(point.page, speak)),
            f"{speak.whole(point.sessions_affected)} ({say.share(point)})",
            f"{say.amount(point.impact)}, {say.range(point.impact)}",
            f"{stars(point.impact.confidence)} {speak.word('confidence', point.impact.confidence)}",
        )
        for point in points
    )
    return [f"## {speak.text('Friction points by cost')}", "", *_table(head, rows)]


def _point(point: Point, report: Report, say: Phrases) -> list[str]:
    speak, advice = say.speak, say.advice(point)
    cost = f"{say.amount_of(point.impact)}, {say.full_range(point.impact)}"
    said = [
        (speak.text("What it costs"), cost),
        (speak.text("Who meets it"), _who(point, say)),
        (speak.text("Since when"), f"{say.day(point.first_seen)} – {say.day(point.last_seen)}"),
        (speak.text("How the cost was found"), " ".join(reasons(point, report, speak))),
        (speak.text("What to do"), advice.text),
        (speak.text("What would prove this wrong"), advice.check),
        (speak.text("Seen in"), _seen(point.evidence, say)),
    ]
    lines = [f"### {point.rank or ''}. {plain(say.title(point))}".replace("### . ", "### "), ""]
    return [*lines, *(f"- **{plain(name)}**: {plain(text)}" for name, text in said if text)]


def _who(point: Point, say: Phrases) -> str:
    speak = say.speak
    hit = speak.plural("{n} session", "{n} sessions", point.sessions_affected)
    of = speak.text("of {n}", n=speak.whole(point.sessions_exposed))
    groups = [f"{segment(each, speak)} {say.times(each.lift)}" for each in point.segments]
    return f"{hit} {of}" + (f"; {', '.join(groups)}" if groups else "")


def _seen(evidence: Sequence[Evidence], say: Phrases) -> str:
    if not evidence:
        return ""
    first = evidence[0]
    rows = ", ".join(say.speak.whole(row) for row in first.rows[:6])
    where = say.speak.plural(
        "row {rows} of {file}", "rows {rows} of {file}", len(first.rows), rows=rows, file=say.file(first.file)
    )
    return f"{clean(first.session_id, 60)}, {say.when(first.start)}{say.speak.text(':')} {where}"


def _tally(tally: Tally, say: Phrases) -> list[str]:
    """What one tool counted: places by how many they affect."""
    speak = say.speak
    head = ("#", *counted.heads(speak))
    table = (
        (
            str(row.count.rank or ""),
            row.measure,
            row.where,
            row.hit,
            f"{row.share}, {row.range}",
            row.elsewhere,
        )
        for row in counted.rows(tally.counts, speak)
    )
    lines = [f"## {plain(counted.heading(tally, speak))}", "", plain(f"{counted.about(tally, speak)}."), ""]
    lines += [plain(counted.explained(speak)), ""] if tally.counts else []
    lines += _table(head, table) if tally.counts else [plain(counted.sentence(tally, speak))]
    return [
        *lines,
        *("" for _ in tally.caveats[:1]),
        *(f"- {plain(text)}" for text in counted.caveats(tally, speak)),
    ]


def _marks(report: Report, say: Phrases) -> list[str]:
    """Verdicts of tools beside ours."""
    speak = say.speak
    if not report.marks:
        return []
    table = (
        (row.what, row.of, row.marked, row.found, row.both, row.agreement)
        for row in counted.beside(report, speak)
    )
    title = speak.text("Marks of the tool beside our findings")
    return [
        f"## {plain(title)}",
        "",
        plain(counted.compared(speak)),
        "",
        *_table(counted.mark_heads(speak), table),
    ]


def _heard(report: Report, say: Phrases) -> list[str]:
    """What customers said."""
    speak, said = say.speak, heard.sentences(report, say.speak)
    if report.heard is None:
        return [f"## {plain(speak.text('Who is who'))}", "", *map(plain, said)] if said else []
    lines = [f"## {plain(heard.heading(speak))}", "", *(f"- {plain(text)}" for text in said)]
    if rows := heard.scores(report.heard, speak):
        lines += ["", *_table(heard.score_heads(speak), rows)]
    if beside := heard.points(report, speak):
        table = ((row.title, row.calls, row.scores, " · ".join(row.comments)) for row in beside)
        lines += ["", *_table(heard.point_heads(speak), table)]
    return [*lines, "", plain(heard.explained(speak))]


def _changed(report: Report, say: Phrases) -> list[str]:
    found = told(report, say.speak)
    if not found:
        return []
    head = ("What", "Change", "From", "Until", "Before", "Since then", "Times as much")
    rows = [
        (each.what, each.kind, each.since, each.until, each.before, each.then, each.times) for each in found
    ]
    return [
        f"## {say.speak.text('What changed over time')}",
        "",
        *_table(tuple(map(say.speak.text, head)), rows),
    ]


def _coverage(report: Report, say: Phrases) -> list[str]:
    speak = say.speak
    head = (speak.text("Detector"), speak.text("Result"), speak.text("What to export to get it"))
    rows = []
    for run in report.detectors:
        if run.status == "ran":
            result, more = speak.plural("found {n} time", "found {n} times", run.findings), ""
        elif run.status == "failed":
            result, more = speak.text("failed"), ""
        else:
            lack = speak.text("The files lack {what}.", what=say.lack(run.reason))
            result, more = f"{speak.text('not assessable')}. {lack}", say.remedy(run.reason)
            if by := counted.who_counted(report, run.name, speak):
                result = f"{speak.text('counted by {tool}', tool=by)}{speak.text(';')} {result}"
        rows.append((speak.word("detector", clean(run.name)), result, more))
    return [f"## {speak.text('What could be assessed')}", "", *_table(head, rows)] if rows else []


def _look_alikes(report: Report, say: Phrases) -> list[str]:
    found = report.not_counted.most_first
    if not found:
        return []
    words = ", ".join(f"{say.speak.word('reason', clean(why))} ({say.speak.whole(n)})" for why, n in found)
    return [f"## {say.speak.text('Look-alikes that were not counted')}", "", plain(words)]


def _quality(report: Report, say: Phrases) -> list[str]:
    speak = say.speak
    remarks = [
        f"- {plain(_capital(speak.word('check', clean(each.check))))} "
        f"({plain(speak.word('verdict', each.verdict))}{speak.text(':')} {plain(members(each.detail, speak))})"
        for each in report.quality
        if each.verdict != "good"
    ]
    rejected = [
        f"- {plain(_capital(speak.word('rejected', clean(each.reason))))}{speak.text(':')} {speak.whole(each.rows)}"
        for each in report.input.rejected_by_reason
    ]
    lines = [*remarks, *rejected]
    return [f"## {speak.text('Data quality')}", "", *lines] if lines else []


def _table(head: Sequence[str], rows: Sequence[Sequence[str]] | Iterator[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(plain(cell) for cell in cells)} |"

    return [line(head), f"|{' --- |' * len(head)}", *map(line, rows)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
