"""What changed between two reports, in a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table

from friction.compare import Change, Difference, State, per_1000
from friction.i18n import ENGLISH, Language, title_of
from friction.render.lines import line
from friction.render.safe import clean
from friction.render.words import TOO_RARE
from friction.report import Point, Report

STATES: tuple[State, ...] = ("new", "worse", "better", "gone", "unknown", "same")


def changes(found: Difference, old: Report, new: Report, speak: Language = ENGLISH) -> RenderableType:
    """The states that occur, then every point that changed, with both costs per 1,000 sessions."""
    parts: list[RenderableType] = [line(headline(found, speak), style="bold")]
    for remark in found.remarks:
        said = speak.word("remark", clean(remark))
        if remark == "versions_differ":
            said += f" ({clean(old.friction_version)}, {clean(new.friction_version)})"
        parts.append(line(speak.text("Mind: {remark}.", remark=said)))
    if listed := [change for change in found.changes if change.state != "same"]:
        parts += ["", _table(listed, old, new, speak)]
    return Group(*parts)


def headline(found: Difference, speak: Language = ENGLISH) -> str:
    """`1 new, 1 worse, 2 not told apart from noise`; states that do not occur are left out."""
    numbers = Counter(change.state for change in found.changes)
    counts = [_counted(state, numbers[state], speak) for state in STATES if numbers[state]]
    return ", ".join(counts) + "." if counts else speak.text("Neither report has a friction point.")


def _counted(state: State, n: int, speak: Language) -> str:
    """Each with its own plural, for the words agree in number in some languages."""
    if state == "new":
        return speak.plural("{n} new", "{n} new", n)
    if state == "worse":
        return speak.plural("{n} worse", "{n} worse", n)
    if state == "better":
        return speak.plural("{n} better", "{n} better", n)
    if state == "gone":
        return speak.plural("{n} gone", "{n} gone", n)
    if state == "unknown":
        return speak.plural("{n} cannot be compared", "{n} cannot be compared", n)
    return speak.plural("{n} not told apart from noise", "{n} not told apart from noise", n)


def _table(listed: list[Change], old: Report, new: Report, speak: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column(speak.text("State"))
    table.add_column(speak.text("Friction point"), ratio=1, overflow="fold")
    table.add_column(speak.text("Before, per 1,000"), justify="right")
    table.add_column(speak.text("Now, per 1,000"), justify="right")
    for change in listed:
        point = change.point
        name = speak.word("detector", clean(point.detector))
        place = f"\n{name} · {clean(point.page)} · {point.id}"
        what = line(clean(title_of(point, speak)), (place, "dim"))
        state = speak.word("change", change.state)
        rates = (_rate(change.old, old, speak), _rate(change.new, new, speak))
        table.add_row(state, what, *map(line, rates))
    return table


def _rate(point: Point | None, report: Report, speak: Language) -> str:
    if point is None:
        return ""
    rates = per_1000(point, report)
    if rates is None:
        return speak.text(TOO_RARE)
    about, low, high = (speak.decimal(rate, 2) for rate in rates)
    return speak.text("{about} ({low} to {high})", about=about, low=low, high=high)
