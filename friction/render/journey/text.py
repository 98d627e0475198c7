"""The journey in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table

from friction.i18n import ENGLISH, Language
from friction.render.journey import words
from friction.render.journey.document import BOOKKEEPING
from friction.render.journey.grid import Grid
from friction.render.lines import line
from friction.report import Report

LINES = 4
"""Of a cell; files hold them all."""
_LANES = ("sessions", "goes_on", "touchpoints", "channels", "emotion", "satisfaction", "friction")
_MODELS = ("first", "last_non_direct", "markov")


def journey(report: Report, grid: Grid, speak: Language = ENGLISH) -> RenderableType:
    """Headline, the map, channels and personas; files hold everything."""
    found = report.journey
    assert found is not None
    parts: list[RenderableType] = [line(grid.title, style="bold"), line(grid.lead), "", _map(grid)]
    parts += [
        "",
        _table(
            [
                speak.text("Channel"),
                speak.text("Sessions"),
                speak.text("Sessions that convert"),
                *(speak.word("model", model) for model in _MODELS),
            ],
            [
                [
                    speak.word("way", each.channel),
                    speak.whole(each.sessions),
                    words.share(each.conversion, speak),
                    *(speak.decimal(each.credits.get(model, 0.0), 3) for model in _MODELS),
                ]
                for each in found.channels
            ],
        ),
    ]
    parts.append(line(speak.text(BOOKKEEPING), style="dim"))
    if found.personas:
        head = [speak.text("Persona"), speak.text("Visitors"), speak.text("Visitors who convert")]
        rows = [
            [
                words.persona(each, speak),
                f"{speak.whole(each.visitors)} ({speak.percent(each.share, 0)})",
                words.share(each.conversion, speak),
            ]
            for each in found.personas
        ]
        parts += ["", _table(head, rows)]
    return Group(*parts)


def _map(grid: Grid) -> Table:
    table = Table(box=None, padding=(0, 2, 1, 0), header_style="bold")
    table.add_column("", min_width=10)
    for name in grid.columns:
        table.add_column(name, ratio=1, overflow="fold")
    for lane in grid.lanes:
        if lane.code in _LANES and any(lane.cells):
            cells = [
                Group(*(line(each.text, style=_STYLES[each.role]) for each in cell[:LINES]))
                for cell in lane.cells
            ]
            table.add_row(line(lane.name, style="dim"), *cells)
    return table


_STYLES = {"strong": "bold", "plain": "", "quiet": "dim", "hand": "italic"}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, name in enumerate(head):
        table.add_column(name, justify="left" if not number else "right")
    for row in rows:
        table.add_row(*map(line, row))
    return table
