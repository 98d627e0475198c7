"""The map as JSON Canvas 1.0 (jsoncanvas.org), which Obsidian and others open: text cards, arrows between stages."""

from __future__ import annotations

from typing import Any

from friction.render.journey.grid import Grid, Line
from friction.render.safe import printable

LABEL, COLUMN, GAP, HEAD, LINE = 220, 320, 20, 70, 24


def canvas(grid: Grid) -> bytes:
    """The canvas as JSON."""
    import orjson

    nodes: list[dict[str, Any]] = []
    for number, (code, name) in enumerate(zip(grid.codes, grid.columns, strict=True)):
        x = LABEL + GAP + number * (COLUMN + GAP)
        nodes.append(_card(f"stage-{code}", f"## {_plain(name)}", x, 0, COLUMN, HEAD, "5"))
    y = HEAD + GAP
    for lane in grid.lanes:
        high = max([2, *(_rows(cell) for cell in lane.cells)]) * LINE + 32
        nodes.append(_card(f"lane-{lane.code}", f"**{_plain(lane.name)}**", 0, y, LABEL, high, None))
        for number, cell in enumerate(lane.cells):
            if cell:
                x = LABEL + GAP + number * (COLUMN + GAP)
                colour = "3" if lane.code == "notes" else "2" if lane.code == "friction" else None
                nodes.append(
                    _card(f"{lane.code}-{grid.codes[number]}", _told(cell), x, y, COLUMN, high, colour)
                )
        y += high + GAP
    return orjson.dumps(
        {"nodes": nodes, "edges": _edges(grid)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _card(
    name: str, text: str, x: int, y: int, width: int, height: int, colour: str | None
) -> dict[str, Any]:
    card: dict[str, Any] = {
        "id": name,
        "type": "text",
        "text": text,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
    }
    return card if colour is None else {**card, "color": colour}


def _edges(grid: Grid) -> list[dict[str, Any]]:
    nothing: list[list[Line]] = [[] for _ in grid.codes]
    on = next((lane.cells for lane in grid.lanes if lane.code == "goes_on"), nothing)
    return [
        {
            "id": f"on-{origin}",
            "fromNode": f"stage-{origin}",
            "fromSide": "right",
            "toNode": f"stage-{to}",
            "toSide": "left",
            **({"label": _plain(on[number][0].text)} if on[number] else {}),
        }
        for number, (origin, to) in enumerate(zip(grid.codes, grid.codes[1:], strict=False))
    ]


def _told(cell: list[Line]) -> str:
    marks = {"strong": "**", "hand": "*"}
    return "\n\n".join(
        f"{marks.get(line.role, '')}{_plain(line.text)}{marks.get(line.role, '')}" for line in cell
    )


def _plain(text: str) -> str:
    """Text of the data says nothing in Markdown."""
    return "".join(
        f"\\{char}" if char in "\\`*_[]<>#|" else char for char in printable(text).replace("\n", " ")
    )


def _rows(cell: list[Line]) -> int:
    return sum(1 + max(1, -(-len(line.text) // 34)) for line in cell)
