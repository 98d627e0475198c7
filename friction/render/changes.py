"""What changed between two reports, in a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from friction.compare import Change, Difference, State, per_1000
from friction.render.words import TOO_RARE, clean
from friction.report import Point, Report

WORDS: dict[State, str] = {
    "new": "new",
    "worse": "worse",
    "better": "better",
    "gone": "gone",
    "unknown": "cannot be compared",
    "same": "not told apart from noise",
}


def changes(found: Difference, old: Report, new: Report) -> RenderableType:
    """The states that occur, then every point that changed, with both costs per 1,000 sessions."""
    parts: list[RenderableType] = [Text(headline(found), "bold")]
    parts += [Text(f"Mind: {clean(remark)}.") for remark in found.remarks]
    if listed := [change for change in found.changes if change.state != "same"]:
        parts += ["", _table(listed, old, new)]
    return Group(*parts)


def headline(found: Difference) -> str:
    """`1 new, 1 worse, 2 not told apart from noise`; states that do not occur are left out."""
    numbers = Counter(change.state for change in found.changes)
    counts = [f"{numbers[state]} {word}" for state, word in WORDS.items() if numbers[state]]
    return ", ".join(counts) + "." if counts else "Neither report has a friction point."


def _table(listed: list[Change], old: Report, new: Report) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    table.add_column("State")
    table.add_column("Friction point", ratio=1, overflow="fold")
    table.add_column("Before, per 1,000", justify="right")
    table.add_column("Now, per 1,000", justify="right")
    for change in listed:
        point = change.point
        what = Text.assemble(
            clean(point.title), (f"\n{point.detector} · {clean(point.page)} · {point.id}", "dim")
        )
        table.add_row(WORDS[change.state], what, _rate(change.old, old), _rate(change.new, new))
    return table


def _rate(point: Point | None, report: Report) -> str:
    if point is None:
        return ""
    rates = per_1000(point, report)
    if rates is None:
        return TOO_RARE
    estimate, low, high = (f"{rate:.2g}".replace("-", "\N{MINUS SIGN}") for rate in rates)
    return f"{estimate} ({low} to {high})"
