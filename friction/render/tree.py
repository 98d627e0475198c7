"""Any small answer as lines: names at the left, values beside them, lists of like things as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from friction.i18n import ENGLISH, Language
from friction.render.lines import line
from friction.render.safe import clean
from friction.render.words import members, number


def tree(value: Mapping[str, Any], speak: Language = ENGLISH) -> RenderableType:
    """Plain members first as they come, then each table under its heading."""
    parts: list[RenderableType] = []
    plain = {key: each for key, each in value.items() if not _is_table(each) and not _is_deep(each)}
    if plain:
        parts.append(entries([(clean(key), _text(each, speak)) for key, each in plain.items()]))
    for key, each in value.items():
        if key not in plain:
            parts += ["", Text(clean(key), "bold"), *_below(each, speak)]
    return Group(*(parts[1:] if parts and parts[0] == "" else parts))


def entries(pairs: Sequence[tuple[str, str]]) -> RenderableType:
    """Two columns, the second one wrapping inside itself."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for name, text in pairs:
        grid.add_row(line(clean(name)), line(text))
    return grid


def _below(value: Any, speak: Language) -> list[RenderableType]:
    if isinstance(value, Mapping):
        return [Padding(tree(value, speak), (0, 0, 0, 2))]
    if any(_is_table(cell) or _is_deep(cell) for row in value for cell in row.values()):
        parts: list[RenderableType] = []
        for row in value:
            parts += [Padding(tree(row, speak), (0, 0, 0, 2)), ""]
        return parts[:-1]
    return [Padding(_table(value, speak), (0, 0, 0, 2))]


def _table(rows: Sequence[Mapping[str, Any]], speak: Language) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in names:
        table.add_column(Text(clean(name)), overflow="fold")
    for row in rows:
        table.add_row(*(line(_text(row.get(name), speak)) for name in names))
    return table


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _is_deep(value: Any) -> bool:
    return isinstance(value, Mapping) and any(isinstance(each, (Mapping, str)) for each in value.values())


def _text(value: Any, speak: Language) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return speak.text("yes") if value else speak.text("no")
    if isinstance(value, (int, float)):
        return number(value, speak)
    if isinstance(value, Mapping):
        return members(value, speak) or speak.text("none")
    if isinstance(value, list):
        return ", ".join(_text(each, speak) for each in value) or speak.text("none")
    return clean(str(value), 2000)
