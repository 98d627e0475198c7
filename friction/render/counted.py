"""What tools counted, and how their marks agree with our findings, in words: rows of texts that every form shows."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from friction.i18n import Language
from friction.render.lines import line
from friction.render.notes import lack
from friction.render.safe import clean
from friction.report import Report
from friction.tallies import Agreement, Average, Count, Marks, Tally
from friction.values import dataclass

NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Row:
    """One count as people read it; `count` for what is drawn."""

    count: Count
    measure: str
    where: str
    hit: str
    share: str
    range: str
    elsewhere: str


@dataclass(frozen=True)
class Beside:
    """One verdict of a tool: how often it marked, how often we found the same, how often both."""

    marks: Marks
    what: str
    of: str
    marked: str
    found: str
    both: str
    agreement: str


def tool(source: str, speak: Language) -> str:
    """The name of the tool behind a source."""
    return speak.word("tool", clean(source, 40))


def heading(tally: Tally, speak: Language) -> str:
    """`Counted by Hotjar`."""
    return speak.text("Counted by {tool}", tool=tool(tally.source, speak))


def about(tally: Tally, speak: Language) -> str:
    """`A list of 300 sessions, 2 Mar 2026 to 4 Mar 2026`."""
    if tally.form == "sessions":
        what = speak.plural("A list of {n} session", "A list of {n} sessions", tally.records)
    else:
        what = speak.plural("{n} figure", "{n} figures", tally.records)
        if tally.sessions is not None:
            of = speak.plural("of {n} session", "of {n} sessions", tally.sessions)
            what = f"{what} {of}"
    if not (tally.start and tally.end):
        return what
    try:
        first, last = speak.day(tally.start), speak.day(tally.end)
    except ValueError:  # a report may be anybody's
        return what
    span = speak.text("{first} to {last}", first=first, last=last) if first != last else first
    return f"{what}, {span}"


def explained(speak: Language) -> str:
    """How such a list is to be read."""
    return speak.text(
        "The tool counted this by its own definition, which may differ from ours, and nothing tells what it costs. "
        "Places are ranked by how many are affected; of leaving, by how many beyond other places."
    )


def compared(speak: Language) -> str:
    """How the marks are to be read."""
    return speak.text(
        "The tool draws its lines elsewhere. What both name is worth most; the agreement is the share of that among "
        "all that either names."
    )


def no_events(report: Report, speak: Language) -> str:
    """What stands in place of events and sessions."""
    files = speak.plural("{n} file", "{n} files", len(report.input.files))
    if not report.counted:
        return speak.text(
            "{files} without single events: what customers said stands alone. Together with events it is joined to "
            "their sessions.",
            files=files,
        )
    return speak.text("{files} without single events: what follows was counted by the tool.", files=files)


def heads(speak: Language) -> tuple[str, ...]:
    """Of the columns of a list of counts, after the rank."""
    return (
        speak.text("What was counted"),
        speak.text("Where"),
        speak.text("Hit"),
        speak.text("Share"),
        speak.text("Elsewhere"),
    )


def mark_heads(speak: Language) -> tuple[str, ...]:
    """Of the columns of a comparison of marks."""
    return (
        speak.text("Mark"),
        speak.text("Judged"),
        speak.text("Marked"),
        speak.text("Found by us"),
        speak.text("Both"),
        speak.text("Agreement"),
    )


def caveats(tally: Tally, speak: Language) -> list[str]:
    """What to know when reading it."""
    return [speak.word("caveat", clean(code)) for code in tally.caveats]


def rows(counts: list[Count], speak: Language) -> list[Row]:
    """Counts in their order."""
    return [_row(one, speak) for one in counts]


def _row(one: Count, speak: Language) -> Row:
    hit = speak.text("{hit} of {exposed}", hit=speak.whole(one.affected), exposed=_of(one, speak))
    between = speak.between(speak.percent(one.low), speak.percent(one.high))
    return Row(
        one,
        speak.word("measure", clean(one.measure)),
        where(one, speak),
        hit,
        speak.percent(one.share),
        between,
        _beside(one, speak),
    )


def _of(one: Count, speak: Language) -> str:
    n = one.exposed
    if one.of == "sessions":
        return speak.plural("{n} session", "{n} sessions", n)
    if one.of == "visits":
        return speak.plural("{n} visit", "{n} visits", n)
    if one.of == "clicks":
        return speak.plural("{n} click", "{n} clicks", n)
    return speak.plural("{n} visitor", "{n} visitors", n)


def where(one: Count | Average, speak: Language) -> str:
    """The place as people say it."""
    page = clean(one.page, 120) if one.page else ""
    if one.basis == "landing_page":
        return speak.text("visits that began on {page}", page=page)
    if one.basis == "element":
        target = clean(one.target or "–", 120)
        return speak.text("{target} on {page}", target=target, page=page) if page else target
    if one.basis == "segment":
        return ", ".join(
            f"{_kind(key, speak)} {clean(value, 60)}".strip() for key, value in one.segment.items()
        )
    return page if one.basis == "page" else speak.text("the whole site")


def _kind(key: str, speak: Language) -> str:
    return "" if key == "name" else speak.word("dimension", clean(key, 40))


def _beside(one: Count, speak: Language) -> str:
    if one.elsewhere is None:
        return "–"
    share = speak.percent(one.elsewhere)
    return f"{share}, {speak.word('standing', one.standing)}" if one.standing else share


def mean(one: Average, speak: Language) -> str:
    """The mean with its unit."""
    if one.unit == "ms":
        return speak.duration(one.mean / 1_000)
    if one.unit == "s":
        return speak.duration(one.mean)
    return speak.percent(one.mean / 100) if one.unit == "pct" else speak.decimal(one.mean)


def sentence(tally: Tally, speak: Language) -> str:
    """What leads a tally: `Hotjar counted rage clicks in 259 of 300 sessions (86 %): visits that began on /cart.`"""
    if not tally.counts:
        return speak.text("{tool} counted nothing that is friction.", tool=tool(tally.source, speak))
    first = _row(tally.counts[0], speak)
    return speak.text(
        "{tool} counted {measure} in {hit} ({share}): {where}.",
        tool=tool(tally.source, speak),
        measure=first.measure[:1].lower() + first.measure[1:],
        where=first.where,
        hit=first.hit,
        share=first.share,
    )


def who_counted(report: Report, measure: str, speak: Language) -> str:
    """Tools that counted what a detector of this name looks for; empty where none did."""
    found = {
        each.source
        for each in report.counted
        for one in (*each.counts, *each.overall)
        if one.measure == measure
    }
    return speak.listed(tool(source, speak) for source in sorted(found))


def beside(report: Report, speak: Language) -> list[Beside]:
    """Verdicts of tools and ours, by click where the tool marks clicks, else by session."""
    return [_beside_row(one, speak) for one in report.marks]


def _beside_row(one: Marks, speak: Language) -> Beside:
    counts: Agreement = one.clicks or one.sessions
    of = (
        speak.plural("{n} click", "{n} clicks", counts.judged)
        if one.clicks
        else speak.plural("{n} session", "{n} sessions", counts.judged)
    )
    what = speak.text(
        "{tool}: {mark}", tool=tool(one.source, speak), mark=speak.word("mark", clean(one.mark))
    )
    if counts.found is None or counts.both is None:
        why = speak.text("not asked") if one.not_assessable == NOT_ASKED else lack(one.not_assessable, speak)
        unknown = speak.text("not assessable ({why})", why=why)
        return Beside(one, what, of, speak.whole(counts.marked), unknown, "", "")
    agreed = "–" if counts.agreement is None else speak.percent(counts.agreement)
    whole = speak.whole
    return Beside(one, what, of, whole(counts.marked), whole(counts.found), whole(counts.both), agreed)


def blocks(report: Report, speak: Language, top: int) -> Iterator[RenderableType]:
    """For a terminal: each tally with its first places, then the marks."""
    for tally in report.counted:
        yield ""
        yield line(f"{heading(tally, speak)}. {about(tally, speak)}.", style="bold")
        if tally.counts:
            yield _places(tally, speak, top)
        else:
            yield line(sentence(tally, speak))
        yield from (line(text, style="dim") for text in caveats(tally, speak))
    if report.marks:
        yield ""
        yield line(speak.text("Marks of the tool beside our findings"), style="bold")
        yield _marks(report, speak)


def _places(tally: Tally, speak: Language, top: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("#", justify="right", width=len(str(top)))
    table.add_column(speak.text("What and where"), ratio=1, overflow="fold")
    table.add_column(speak.text("Hit"), justify="right", no_wrap=True)
    table.add_column(speak.text("Elsewhere"), width=14)
    for row in rows(tally.counts[:top], speak):
        share = f"{row.share} ({speak.percent(row.count.low)} – {speak.percent(row.count.high)})"
        table.add_row(
            str(row.count.rank or ""),
            line(row.measure, (f"\n{row.where}", "dim")),
            line(f"{row.hit}\n{share}"),
            line(row.elsewhere.replace(", ", "\n", 1)),
        )
    return table


def _marks(report: Report, speak: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    mark, judged, marked, found, both, agreement = mark_heads(speak)
    table.add_column(mark, ratio=1, overflow="fold")
    for head in (judged, marked):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(found, justify="right", ratio=1)
    for head in (both, agreement):
        table.add_column(head, justify="right", no_wrap=True)
    for row in beside(report, speak):
        table.add_row(line(row.what), row.of, row.marked, line(row.found), row.both, row.agreement)
    return table
