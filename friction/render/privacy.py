"""What `friction inspect --privacy` answers: records before and after, in lines for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from friction.i18n import Language
from friction.render.safe import clean


def privacy(content: Mapping[str, Any], speak: Language) -> RenderableType:
    """What is done by column, then what changes record by record."""
    return Group(*(line for file in content["files"] for line in _file(file, content, speak)))


def _file(file: Mapping[str, Any], content: Mapping[str, Any], speak: Language) -> Iterator[Text]:
    yield Text(clean(file["name"]), style="bold")
    yield Text(_policy(content, speak))
    if dropped := [clean(theirs) for theirs, ours in file["columns"].items() if ours is None]:
        yield Text(speak.text("Not kept: {columns}", columns=", ".join(dropped)))
    if not file["rows"]:
        yield Text(speak.text("This is no table: recordings are masked while they are read."))
    for row in file["rows"]:
        changed = [cell for cell in row["cells"] if cell["ours"] is not None]
        head = speak.text("Record {n}", n=speak.whole(row["row"]))
        yield Text(head if changed else f"{head}: {speak.text('stays as it is')}", style="bold")
        for cell in changed:
            after = speak.text("dropped") if cell["after"] is None else clean(cell["after"])
            yield Text(f"  {clean(cell['column'])}: {clean(cell['before'])} → {after}")


def _policy(content: Mapping[str, Any], speak: Language) -> str:
    if content["keyed"]:
        return speak.text(
            "Policy {n}; ids of visitors are hashed with a key of the project.", n=content["policy"]
        )
    return speak.text(
        "Policy {n}; ids of visitors are hashed without a key: friction init makes one.", n=content["policy"]
    )
