"""What changed between two reports: in a terminal, as Markdown, as a page."""

from __future__ import annotations

from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table

from friction.compare import Difference
from friction.i18n import ENGLISH, Language
from friction.render.compared import HEAD, Compared, compared
from friction.render.lines import line
from friction.render.safe import printable
from friction.report import Report

QUIET = frozenset({"unchanged", "too_little_data"})
"""States that a terminal only counts."""
Form = Literal["md", "html"]


def changes(
    found: Difference,
    old: Report,
    new: Report,
    speak: Language = ENGLISH,
    sides: tuple[str, str] | None = None,
) -> RenderableType:
    """The states that occur, what to mind, then every point that changed."""
    told = compared(found, old, new, speak, sides)
    parts: list[RenderableType] = [line(told.headline, style="bold"), *map(line, told.notes)]
    if any(row.state not in QUIET for row in told.rows):
        parts += ["", _table(told, speak)]
    return Group(*parts)


def _table(told: Compared, speak: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=True, header_style="dim")
    for at, name in enumerate(HEAD):
        if at == 1:
            table.add_column(speak.text(name), ratio=1, overflow="fold")
        else:
            table.add_column(speak.text(name), max_width=(8, 0, 14, 14, 14)[at], overflow="fold")
    for row in told.rows:
        if row.state not in QUIET:
            what = line(row.title, (f"\n{row.place}", "dim"))
            table.add_row(row.verdict, what, *map(line, (row.share, row.times, row.cost)))
    return table


def written(
    form: Form,
    found: Difference,
    old: Report,
    new: Report,
    speak: Language = ENGLISH,
    sides: tuple[str, str] | None = None,
) -> str:
    """The whole comparison as Markdown or as one page without script."""
    told = compared(found, old, new, speak, sides)
    if form == "html":
        from friction.render.html.comparison import comparison

        return comparison(told, speak)
    return _markdown(told, speak)


def _markdown(told: Compared, speak: Language) -> str:
    from friction.render.markdown import plain

    def row(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(plain(cell) for cell in cells)} |"

    lines = [f"# {plain(told.headline)}", "", *(f"- {plain(note)}" for note in told.notes)]
    if told.rows:
        lines += ["", row(tuple(map(speak.text, HEAD))), f"|{' --- |' * len(HEAD)}"]
        lines += [
            row((each.verdict, f"{each.title} ({each.place})", each.share, each.times, each.cost))
            for each in told.rows
        ]
    return printable("\n".join(lines) + "\n")
