"""The journey as Markdown: the map as a table, then channels, personas, measures and the action plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from friction.i18n import ENGLISH, Language
from friction.render.journey import tables
from friction.render.journey.grid import Grid, texts
from friction.render.journey.sheet import Kept
from friction.render.safe import clean
from friction.report import Report


def document(
    report: Report, grid: Grid, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH
) -> str:
    """The whole journey."""
    journey = report.journey
    assert journey is not None
    parts = [f"# {_safe(grid.title)}", _safe(grid.lead), _written(["", *grid.columns], _map(grid))]
    parts += [*map(_safe, grid.foot), f"## {speak.text('Channels')}", table(tables.channels(journey, speak))]
    parts.append(speak.text(tables.BOOKKEEPING))
    if journey.personas:
        parts += [f"## {speak.text('Personas')}", table(tables.personas(report, speak))]
    parts += [f"## {speak.text('Measures')}", table(tables.measures(journey, speak))]
    if journey.actions:
        parts += [f"## {speak.text('Action plan')}", plan(report, kept, speak)]
    return "\n\n".join(parts) + "\n"


def plan(report: Report, kept: Mapping[str, Kept] | None = None, speak: Language = ENGLISH) -> str:
    """The action plan by priority, as a table."""
    return table(tables.plan(report, kept, speak))


def table(told: tables.Told) -> str:
    """A Markdown table."""
    head, rows = told
    return _written([_safe(each) for each in head], ([_safe(each) for each in row] for row in rows))


def _written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _map(grid: Grid) -> Iterable[Sequence[str]]:
    for lane in grid.lanes:
        yield [
            f"**{_safe(lane.name)}**",
            *("<br>".join(map(_safe, texts(each).splitlines())) for each in lane.cells),
        ]


def _safe(text: str) -> str:
    """Texts of the data say nothing in Markdown or HTML."""
    escaped = "".join(f"\\{char}" if char in "\\`*_[]#|" else char for char in clean(text, 600))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
