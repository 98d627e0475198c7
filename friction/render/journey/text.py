"""The journey in a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table

from friction.i18n import ENGLISH, Language
from friction.render.journey import tables
from friction.render.journey.grid import Grid
from friction.render.lines import line
from friction.report import Report

LINES = 4
"""Of a cell; files hold them all."""
_LANES = ("sessions", "goes_on", "touchpoints", "channels", "emotion", "satisfaction", "friction")
_MODELS = ("first", "last_non_direct", "markov")
_STYLES = {"strong": "bold", "plain": "", "quiet": "dim", "hand": "italic"}


def journey(report: Report, grid: Grid, speak: Language = ENGLISH) -> RenderableType:
    """Headline, the map, channels and personas; files hold everything."""
    assert report.journey is not None
    parts: list[RenderableType] = [line(grid.title, style="bold"), line(grid.lead), "", _map(grid), ""]
    parts += [_table(tables.channels(report.journey, speak, _MODELS))]
    parts.append(line(speak.text(tables.BOOKKEEPING), style="dim"))
    if report.journey.personas:
        head, rows = tables.personas(report, speak)
        parts += ["", _table((head[:3], [row[:3] for row in rows]))]
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


def _table(told: tables.Told) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, name in enumerate(told[0]):
        table.add_column(name, justify="left" if not number else "right")
    for row in told[1]:
        table.add_row(*map(line, row))
    return table
