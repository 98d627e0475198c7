"""The report in a terminal: one sentence, the facts, the ranked list, and what could not be said."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table

from friction.i18n import ENGLISH, N_, Language, place, title_of, title_within
from friction.render import counted, heard
from friction.render.lines import line, loose
from friction.render.notes import is_counted_only, notes
from friction.render.safe import clean, printable
from friction.render.words import also, cost, stars
from friction.report import Point, Report, leading, parts_of
from friction.values import dataclass

WIDTH = 80
ALONE = N_("Costs are for one point at a time. Do not add them up.")


def show(what: RenderableType, file: TextIO) -> None:
    """To a terminal in its width and colours, anywhere else as plain lines of 80 columns (or `COLUMNS`)."""
    if file.isatty():
        Console(file=file, highlight=False, markup=False, emoji=False).print(_Harmless(what))
    else:
        file.write(plain(what, _columns()))


def _columns() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) else WIDTH


@dataclass(frozen=True)
class _Harmless:
    """The last gate: whatever text a page forgot to clean, it cannot steer the terminal (a report may be anybody's)."""

    what: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.what, options):
            yield Segment(printable(loose(segment.text)), segment.style, segment.control)


def plain(what: RenderableType, width: int = WIDTH) -> str:
    """The same as text without colours or trailing blanks."""
    page = io.StringIO()
    console = Console(file=page, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    console.print(_Harmless(what))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def report(found: Report, speak: Language = ENGLISH, *, top: int = 10, dots: bool = True) -> RenderableType:
    """The first `top` points and everything a reader needs to judge them."""
    parts: list[RenderableType] = [
        line(headline(found, speak), style="bold"),
        line("\n".join(_facts(found, speak))),
    ]
    if found.points:
        parts += [
            "",
            _list(found, speak, top, dots=dots),
            *(line(each) for each in _below(found, speak, top)),
        ]
    return Group(
        *parts, *counted.blocks(found, speak, top), *heard.blocks(found, speak, top), *notes(found, speak)
    )


def headline(found: Report, speak: Language = ENGLISH) -> str:
    """What is the case, made by rule: the same report gives the same sentence."""
    clear = [point for point in found.points if point.impact.confidence == "high"]
    if clear:
        first = clean(title_within(clear[0], speak))
        return speak.text(
            "{verdict} Start with: {title}.", verdict=_clear(found, speak, len(clear)), title=first
        )
    if found.points:
        return _perhaps(found, speak)
    return _without_points(found, speak)


def _without_points(found: Report, speak: Language) -> str:
    ran = sum(run.status == "ran" for run in found.detectors)
    if found.heard and not found.counted and not found.input.events:
        return heard.headline(found, speak)
    if found.counted and not found.input.events:
        leading = next((tally for tally in found.counted if tally.counts), found.counted[0])
        return counted.sentence(leading, speak)
    if not ran:
        return speak.text("Nothing can be said: no detector could work with this input.")
    if found.aside:
        return speak.plural(
            "No cost can be told, but after {n} place nearly everyone leaves: check it by hand.",
            "No cost can be told, but after {n} places nearly everyone leaves: check them by hand.",
            len(found.aside),
        )
    sessions = speak.plural("{n} session", "{n} sessions", found.people)
    return speak.plural(
        "Nothing found: {n} detector ran over {sessions}.",
        "Nothing found: {n} detectors ran over {sessions}.",
        ran,
        sessions=sessions,
    )


def _clear(found: Report, speak: Language, n: int) -> str:
    if found.goal:
        return speak.plural("One point clearly costs conversions.", "{n} points clearly cost conversions.", n)
    return speak.plural(
        "One point clearly makes visitors leave.", "{n} points clearly make visitors leave.", n
    )


def _perhaps(found: Report, speak: Language) -> str:
    n = sum(point.impact.confidence == "medium" for point in found.points)
    none = (
        speak.text("No point clearly costs conversions")
        if found.goal
        else speak.text("No point clearly makes visitors leave")
    )
    return speak.plural("{none}; {n} may.", "{none}; {n} may.", n, none=none) if n else f"{none}."


def _facts(found: Report, speak: Language) -> Iterator[str]:
    read = found.input
    if is_counted_only(found):
        yield counted.no_events(found, speak)
        return
    counts = [
        speak.plural("{n} file", "{n} files", len(read.files)),
        speak.plural("{n} event", "{n} events", read.events),
        speak.plural("{n} session", "{n} sessions", found.people),
    ]
    if read.start and read.end:
        first, last = speak.day(read.start), speak.day(read.end)
        counts.append(speak.text("{first} to {last}", first=first, last=last) if first != last else first)
    yield f"{', '.join(counts)}."
    for goal in found.goals or ([found.goal] if found.goal else []):
        reached = speak.plural("{n} conversion", "{n} conversions", goal.conversions)
        if goal.conversion_rate is not None:
            share = speak.percent(goal.conversion_rate)
            reached = speak.text("{conversions} ({share} of sessions)", conversions=reached, share=share)
        yield speak.text("Goal {goal}: {conversions}.", goal=clean(goal.definition), conversions=reached)


def _list(found: Report, speak: Language, top: int, *, dots: bool) -> Table:
    unit = speak.word("unit", found.points[0].impact.metric)
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("#", justify="right", width=len(str(top)))
    table.add_column(speak.text("Friction point"), ratio=1, overflow="fold")
    table.add_column(speak.text("Sessions hit"), justify="right", no_wrap=True)
    table.add_column(unit[:1].upper() + unit[1:], width=20 if speak is ENGLISH else 23)
    for point in leading(found.points)[:top]:
        hit, exposed = speak.whole(point.sessions_affected), speak.whole(point.sessions_exposed)
        share = speak.text("{hit} of {exposed}", hit=hit, exposed=exposed)
        sessions = line(f"{share}\n{speak.percent(point.affected_share)}")
        table.add_row(
            str(point.rank or ""),
            _what(point, parts_of(point, found.points), speak),
            sessions,
            _cost(point, speak, dots=dots),
        )
    return table


def _what(point: Point, parts: Sequence[Point], speak: Language) -> RenderableType:
    name = speak.word("detector", clean(point.detector))
    since = speak.text("{detector} since {day}", detector=name, day=speak.day(point.first_seen))
    more = f" · {also(parts, speak)}" if parts else ""
    return line(
        clean(title_of(point, speak)), (f"\n{since} · {clean(place(point.page, speak))}{more}", "dim")
    )


def _cost(point: Point, speak: Language, *, dots: bool) -> RenderableType:
    sure = point.impact.confidence
    style = {"high": "bold", "medium": "", "low": "dim"}[sure]
    known = point.impact.estimate is not None
    words = f"{stars(sure, plain=not dots)} {speak.word('confidence', sure)}" if known else ""
    return line(f"{cost(point.impact, speak)}\n{words}", style=style)


def _below(found: Report, speak: Language, top: int) -> Iterator[str]:
    yield ""
    if len(found.points) > top:
        every = speak.whole(len(found.points))
        yield speak.text(
            "{shown} of {all} shown, sorted by cost; -o report.json holds all.", shown=top, all=every
        )
    left_out = found.rare.points - found.rare.listed
    if left_out:
        yield speak.plural(
            "Besides these, {n} point too rare to judge.",
            "Besides these, {n} points too rare to judge.",
            left_out,
        )
    yield speak.text(ALONE)
