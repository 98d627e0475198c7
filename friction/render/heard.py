"""What customers said, in words: rows of texts that every form of the report shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from friction.heard import Answered, Contrast, Heard, HeardPoint, HeardTable, Identity, Score, Share
from friction.i18n import Language, title_of
from friction.render.counted import tool
from friction.render.lines import line
from friction.render.safe import clean
from friction.report import Point, Report
from friction.values import dataclass

PAGES_SHOWN = 20
POINTS_SHOWN = 20


@dataclass(frozen=True)
class PointRow:
    """One friction point with what stands beside it."""

    title: str
    calls: str
    scores: str
    comments: list[str]


def heading(speak: Language) -> str:
    """Of the section."""
    return speak.text("What customers said")


def explained(speak: Language) -> str:
    """How it is to be read."""
    return speak.text(
        "Joined by session, visitor, account or the keyed hash of an e-mail address. Who asks for help is often who "
        "has most to do: a difference is a sign, no proof."
    )


def tables(heard: Heard, speak: Language) -> list[str]:
    """`Zendesk: 30 calls for help, 16 of them beside a session, 10 beside nobody.`"""
    return [_table(each, speak) for each in heard.tables]


def _table(each: HeardTable, speak: Language) -> str:
    n = each.records
    what = {
        "feedback": speak.plural("{n} answer", "{n} answers", n),
        "tickets": speak.plural("{n} call for help", "{n} calls for help", n),
        "deals": speak.plural("{n} deal", "{n} deals", n),
    }.get(each.table) or speak.plural("{n} customer", "{n} customers", n)
    known = sum(count for key, count in each.joined.items() if key != "page")
    said = [
        speak.plural("{n} of a person known here", "{n} of people known here", known),
        *([speak.plural("{n} in a session", "{n} in sessions", each.placed)] if each.placed else []),
        *([_by_page(each.joined["page"], speak)] if "page" in each.joined else []),
        *([speak.plural("{n} of a stranger", "{n} of strangers", each.alone)] if each.alone else []),
    ]
    return speak.text(
        "{tool}: {what}, {said}.", tool=tool(each.source, speak), what=what, said=", ".join(said)
    )


def _by_page(n: int, speak: Language) -> str:
    return speak.plural("{n} by its page and day alone", "{n} by their page and day alone", n)


def score_heads(speak: Language) -> tuple[str, ...]:
    """Of the columns of scores."""
    return (
        speak.text("Scale"),
        speak.text("Where"),
        speak.text("Answers"),
        speak.text("Mean"),
        speak.text("Elsewhere"),
    )


def scores(heard: Heard, speak: Language) -> list[tuple[str, ...]]:
    """The whole site, then the pages with most answers."""
    whole = [one for one in heard.scores if one.page is None]
    pages = [one for one in heard.scores if one.page is not None][:PAGES_SHOWN]
    return [_score(one, speak) for one in (*whole, *pages)]


def _score(one: Score, speak: Language) -> tuple[str, ...]:
    mean = _ranged(one.mean, one.low, one.high, speak)
    if one.nps is not None and one.nps_low is not None and one.nps_high is not None:
        nps = _signed(one.nps, speak)
        mean += ", " + speak.text(
            "NPS {nps} ({low} to {high})",
            nps=nps,
            low=_signed(one.nps_low, speak),
            high=_signed(one.nps_high, speak),
        )
    where = speak.text("the whole site") if one.page is None else clean(one.page, 120)
    elsewhere = "–" if one.elsewhere is None else speak.decimal(round(one.elsewhere, 2))
    return (speak.word("scale", clean(one.scale)), where, speak.whole(one.n), mean, elsewhere)


def _ranged(value: float, low: float | None, high: float | None, speak: Language) -> str:
    middle = speak.decimal(round(value, 2))
    if low is None or high is None:
        return middle
    return speak.text(
        "{middle} ({low} to {high})",
        middle=middle,
        low=speak.decimal(round(low, 2)),
        high=speak.decimal(round(high, 2)),
    )


def _signed(value: float, speak: Language) -> str:
    """A number that may be below zero, with a sign."""
    digits = speak.whole(abs(round(value)))
    return f"+{digits}" if round(value) > 0 else f"−{digits}" if round(value) < 0 else digits


def contacts(heard: Heard, speak: Language) -> str:
    """`After friction 14 % of sessions were followed by …`; empty where there is nothing to compare."""
    found = heard.contacts
    if found is None or not found.after.n or not found.without.n:
        return ""
    return speak.text(
        "A call for help within {hours} hours followed {after} of sessions with friction and {without} of those "
        "without ({difference}).",
        hours=heard.contact_hours,
        after=_share(found.after, speak),
        without=_share(found.without, speak),
        difference=difference(found, speak),
    )


def _share(share: Share, speak: Language) -> str:
    if share.share is None or share.low is None or share.high is None:
        return speak.text("unknown")
    between = speak.between(speak.percent(share.low), speak.percent(share.high))
    return f"{speak.percent(share.share)} ({between})"


def difference(found: Contrast, speak: Language) -> str:
    """`9 points more (2 to 15)`, of a hundred."""
    if found.difference is None or found.low is None or found.high is None:
        return speak.text("unknown")
    value, low, high = (round(100 * each, 1) for each in (found.difference, found.low, found.high))
    return speak.text(
        "{value} percentage points, {low} to {high}",
        value=_decimal_signed(value, speak),
        low=_decimal_signed(low, speak),
        high=_decimal_signed(high, speak),
    )


def _decimal_signed(value: float, speak: Language) -> str:
    digits = speak.decimal(abs(value))
    return f"+{digits}" if value > 0 else f"−{digits}" if value < 0 else digits


def point_heads(speak: Language) -> tuple[str, ...]:
    """Of the columns of points."""
    return (
        speak.text("Friction point"),
        speak.text("Calls for help: met it, others"),
        speak.text("Scores: met it, others"),
        speak.text("In their words"),
    )


def points(report: Report, speak: Language) -> list[PointRow]:
    """Ranked points that have something beside them, in their order."""
    if report.heard is None:
        return []
    beside = {one.id: one for one in report.heard.points}
    return [_point(point, beside[point.id], speak) for point in report.points if point.id in beside][
        :POINTS_SHOWN
    ]


def beside(report: Report, point: Point, speak: Language) -> PointRow | None:
    """What stands beside one point; null where nothing does."""
    found = next((one for one in (report.heard.points if report.heard else ()) if one.id == point.id), None)
    return _point(point, found, speak) if found else None


def _point(point: Point, one: HeardPoint, speak: Language) -> PointRow:
    calls = "–"
    if one.contacts and one.contacts.after.n:
        calls = f"{_of(one.contacts.after, speak)} · {_of(one.contacts.without, speak)}"
    return PointRow(
        clean(title_of(point, speak), 160),
        calls,
        " · ".join(_answered(each, speak) for each in one.scores) or "–",
        [clean(text, 300) for text in one.comments],
    )


def _of(share: Share, speak: Language) -> str:
    whole = speak.text("{hit} of {exposed}", hit=speak.whole(share.k), exposed=speak.whole(share.n))
    return f"{whole} ({speak.percent(share.share)})" if share.share is not None else whole


def _answered(each: Answered, speak: Language) -> str:
    scale = speak.word("scale", clean(each.scale))
    means = f"{speak.decimal(round(each.mean_after, 2))}, {speak.decimal(round(each.mean_without, 2))}"
    by = f" ({speak.text('by page and day')})" if each.by == "page_day" else ""
    return f"{scale} {means}{by}"


def sales(heard: Heard, speak: Language) -> list[str]:
    """What became of deals, and whether friction stands beside it."""
    found = heard.sales
    if found is None:
        return []
    said = [
        speak.text(
            "Deals: {won} won, {lost} lost, {open} open.",
            won=speak.whole(found.won),
            lost=speak.whole(found.lost),
            open=speak.whole(found.open),
        )
    ]
    if found.people and found.people.after.n and found.people.without.n:
        said.append(
            speak.text(
                "Of deals that ended, {after} were won with people who met friction, {without} with others "
                "({difference}).",
                after=_share(found.people.after, speak),
                without=_share(found.people.without, speak),
                difference=difference(found.people, speak),
            )
        )
    return said


def people(identity: Identity | None, speak: Language) -> str:
    """`164 ids of devices, accounts and addresses are 42 people.`; empty where nothing was put together."""
    if identity is None or not identity.people:
        return ""
    ids = speak.plural(
        "{n} id of devices, accounts and addresses",
        "{n} ids of devices, accounts and addresses",
        identity.ids,
    )
    said = speak.plural(
        "{ids} stand for {n} person.", "{ids} stand for {n} people.", identity.people, ids=ids
    )
    left = sum(identity.left_out.values())
    if not left:
        return said
    apart = speak.plural(
        "{n} link does not count, since a device or mailbox is shared or the settings say so.",
        "{n} links do not count, since a device or mailbox is shared or the settings say so.",
        left,
    )
    return f"{said} {apart}"


def sentences(report: Report, speak: Language) -> list[str]:
    """All that is said in sentences, in order."""
    if report.heard is None:
        return [told] if (told := people(report.identity, speak)) else []
    found = [*tables(report.heard, speak), contacts(report.heard, speak), *sales(report.heard, speak)]
    return [text for text in (*found, people(report.identity, speak)) if text]


def headline(report: Report, speak: Language) -> str:
    """Of files without any event: what they hold."""
    return _table(report.heard.tables[0], speak) if report.heard and report.heard.tables else ""


def blocks(report: Report, speak: Language, top: int) -> Iterator[RenderableType]:
    """For a terminal."""
    heard = report.heard
    said = sentences(report, speak)
    if heard is None and not said:
        return
    yield ""
    yield line(heading(speak) if heard else speak.text("Who is who"), style="bold")
    yield from (line(text) for text in said)
    if heard is None:
        return
    if rows := scores(heard, speak)[:top]:
        yield _grid(score_heads(speak), rows)
    if beside_ := points(report, speak)[:top]:
        table = [(row.title, row.calls, row.scores) for row in beside_]
        yield _grid(point_heads(speak)[:3], table)
    yield line(explained(speak), style="dim")


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Columns as wide as they need, the widest broken first, and no word of a heading."""
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    for head in heads:
        table.add_column(head, min_width=max(map(len, head.split())), overflow="fold")
    for row in rows:
        table.add_row(*(line(cell) for cell in row))
    return table
