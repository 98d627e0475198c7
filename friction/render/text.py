"""The report in a terminal: one sentence, the facts, the ranked list, and what could not be said."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from friction.render.words import (
    CONFIDENCE,
    UNITS,
    clean,
    cost,
    counted,
    members,
    percent,
    printable,
    stars,
    whole,
)
from friction.report import Point, Report

WIDTH = 80
ALONE = "Costs are for one point at a time. Do not add them up."


def show(what: RenderableType, file: TextIO) -> None:
    """To a terminal in its width and colours, anywhere else as plain lines of 80 columns (or `COLUMNS`)."""
    if file.isatty():
        Console(file=file, highlight=False, markup=False, emoji=False).print(_Harmless(what))
    else:
        file.write(plain(what, int(os.environ.get("COLUMNS") or WIDTH)))


@dataclass(frozen=True)
class _Harmless:
    """The last gate: whatever text a page forgot to clean, it cannot steer the terminal (a report may be anybody's)."""

    what: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.what, options):
            yield Segment(printable(segment.text), segment.style, segment.control)


def plain(what: RenderableType, width: int = WIDTH) -> str:
    """The same as text without colours or trailing blanks."""
    page = io.StringIO()
    console = Console(file=page, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    console.print(_Harmless(what))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def report(found: Report, *, top: int = 10, dots: bool = True) -> RenderableType:
    """The first `top` points and everything a reader needs to judge them."""
    parts: list[RenderableType] = [Text(headline(found), "bold"), Text("\n".join(_facts(found)))]
    if found.points:
        parts += ["", _list(found, top, dots=dots), *(Text(line) for line in _below(found, top))]
    notes = [
        line for lines in (_candidates, _unknown, _set_aside, _rejected, _remarks) for line in lines(found)
    ]
    return Group(*parts, *([""] if notes else []), *(_note(line) for line in notes))


def headline(found: Report) -> str:
    """What is the case, made by rule: the same report gives the same sentence."""
    verbs = (
        ("costs conversions", "cost conversions")
        if found.goal
        else ("makes visitors leave", "make visitors leave")
    )
    clear = [point for point in found.points if point.impact.confidence == "high"]
    likely = sum(point.impact.confidence == "medium" for point in found.points)
    if clear:
        many = (
            f"{len(clear)} points clearly {verbs[1]}" if len(clear) > 1 else f"One point clearly {verbs[0]}"
        )
        return f"{many}. Start with: {clean(clear[0].title)}."
    if found.points:
        return f"No point clearly {verbs[0]}; {whole(likely)} may."
    ran = sum(run.status == "ran" for run in found.detectors)
    if not ran:
        return "Nothing can be said: no detector could work with this input."
    return f"Nothing found: {counted(ran, 'detector')} ran over {counted(found.input.sessions, 'session')}."


def _facts(found: Report) -> Iterator[str]:
    read = found.input
    period = f", {read.start[:10]} to {read.end[:10]}" if read.start and read.end else ""
    counts = f"{counted(read.events, 'event')}, {counted(read.sessions, 'session')}{period}"
    yield f"{counted(len(read.files), 'file')}, {counts}."
    for goal in found.goals or ([found.goal] if found.goal else []):
        rate = f" ({percent(goal.conversion_rate)} of sessions)" if goal.conversion_rate is not None else ""
        yield f"Goal {clean(goal.definition)}: {counted(goal.conversions, 'conversion')}{rate}."


def _list(found: Report, top: int, *, dots: bool) -> Table:
    unit = UNITS[found.points[0].impact.metric]
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("#", justify="right", width=len(str(top)))
    table.add_column("Friction point", ratio=1, overflow="fold")
    table.add_column("Sessions hit", justify="right", no_wrap=True)
    table.add_column(unit.capitalize(), width=20)
    for point in found.points[:top]:
        share = f"{whole(point.sessions_affected)} of {whole(point.sessions_exposed)}"
        table.add_row(
            str(point.rank or ""),
            _what(point),
            Text(f"{share}\n{percent(point.affected_share)}"),
            _cost(point, dots=dots),
        )
    return table


def _what(point: Point) -> Text:
    where = f"\n{point.detector} since {point.first_seen[:10]} · {clean(point.page)}"
    return Text.assemble(clean(point.title), (where, "dim"))


def _cost(point: Point, *, dots: bool) -> Text:
    sure = point.impact.confidence
    style = {"high": "bold", "medium": "", "low": "dim"}[sure]
    words = (
        f"{stars(sure, plain=not dots)} {CONFIDENCE[sure][1]}" if point.impact.estimate is not None else ""
    )
    return Text(f"{cost(point.impact)}\n{words}", style)


def _below(found: Report, top: int) -> Iterator[str]:
    yield ""
    if len(found.points) > top:
        yield f"{top} of {whole(len(found.points))} shown, sorted by cost; -o report.json holds all."
    if found.rare.points:
        yield f"Besides these, {counted(found.rare.points, 'point')} too rare to judge."
    yield ALONE


def _note(line: str) -> RenderableType:
    """A line that hangs: what wraps is indented."""
    head, _, rest = line.partition(": ")
    grid = Table.grid(padding=(0, 1, 0, 0), expand=True)
    grid.add_column(width=18)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(Text(head, "dim"), Text(rest))
    return Padding(grid, 0)


def _candidates(found: Report) -> Iterator[str]:
    if found.goal is None:
        yield "No goal: nothing in the input counts as a conversion, so points are ranked by extra exits."
    for candidate in found.candidates:
        reached = counted(candidate.sessions, "session")
        yield f"Perhaps: --goal '{clean(candidate.definition)}' (reached in {reached})"


def _unknown(found: Report) -> Iterator[str]:
    for run in found.detectors:
        if run.status == "skipped":
            yield f"Not assessable: {run.name}, with this input ({_lack(run.reason)})"
        elif run.status == "failed":
            yield f"Failed: {run.name} ({clean(run.reason or 'no reason given')}); the others went on"


def _lack(reason: str | None) -> str:
    """`needs has_errors|has_requests` as people say it."""
    words = clean(reason or "no reason given").replace("has_", "").replace("|", " or ")
    return words.replace("_", " ")


def _set_aside(found: Report) -> Iterator[str]:
    reasons: Counter[str] = Counter()
    for each in found.suppressed:
        reasons[each.reason] += each.findings
    if reasons:
        listed = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        said = ", ".join(
            f"{clean(reason).replace('_', ' ')} {whole(findings)}" for reason, findings in listed
        )
        yield f"Harmless: {counted(sum(reasons.values()), 'finding')} not counted ({said})"
    if found.aside:
        yield f"To check by hand: {counted(len(found.aside), 'marker')} of outcomes, which have no cost"


def _rejected(found: Report) -> Iterator[str]:
    read = found.input
    if read.rows_rejected:
        said = ", ".join(f"{clean(each.reason)} {whole(each.rows)}" for each in read.rejected_by_reason)
        share = percent(read.rows_rejected / read.rows_total)
        yield f"Rows set aside: {whole(read.rows_rejected)} of {whole(read.rows_total)}, {share} ({said})"
    for each in read.passed_over:
        why = each.reason.removeprefix("input.").replace("_", " ")
        head = "Missing" if each.is_loss else "Passed over"
        yield f"{head}: {counted(each.members, 'member')} of {clean(each.file)}, {why}: {clean(each.example)}"


def _remarks(found: Report) -> Iterator[str]:
    for check in found.quality:
        if check.verdict != "good":
            word = "Held back" if check.verdict == "held_back" else "Remark"
            yield f"{word}: {clean(check.check).replace('_', ' ')} ({members(check.detail)})"
