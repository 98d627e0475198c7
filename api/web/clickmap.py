"""Where clicks fell on a page, as a drawing: a grid of them over boxes at the places of the elements they fell on.

Widths and places are in units of the drawing, which is `WIDTHS` wide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

WIDTHS = {"wide": 680.0, "narrow": 300.0}
HEATS = 4
LEAST = {"button": (72.0, 24.0), "field": (120.0, 22.0), "link": (56.0, 18.0), "part": (44.0, 18.0)}
"""Width and height of an element of this kind at least: clicks say how large it is only in part."""
EDGE = 6.0
"""Around the clicks on an element, up to its edge; and below the lowest of all."""
LEAST_MARK = 5.0


@dataclass(frozen=True)
class Element:
    """What is known of an element besides its place; `number` is that of the list below the drawing."""

    number: int
    kind: str
    is_point: bool
    is_aside: bool


@dataclass(frozen=True)
class Drawn:
    """The box of an element: its left upper corner and size, and where its number stands."""

    element: Element
    x: float
    y: float
    w: float
    h: float
    label_x: float


@dataclass(frozen=True)
class Cell:
    """Clicks that fell close together; `mark` is the side of the square for those with trouble, of `size`."""

    x: float
    y: float
    heat: int
    mark: float


@dataclass(frozen=True)
class Row:
    """One element in figures: how many clicks, per cent across the window and CSS pixels down."""

    number: int
    target: str
    clicks: int
    across: float
    down: int


@dataclass(frozen=True)
class ClickMap:
    """One layout of a page, as wide windows or as telephones have it."""

    is_narrow: bool
    is_scrolled: bool
    """Whether `down` begins at the top of the page; else at the top of the window."""
    window: int
    """Width of the window in CSS pixels, as most have it."""
    clicks: int
    troubled: int
    deeper: int
    w: float
    h: float
    size: float
    cells: list[Cell]
    boxes: list[Drawn]
    rows: list[Row]


def click_map(layout: Mapping[str, Any], known: Mapping[str, Element]) -> ClickMap:
    """The drawing of a layout as `friction.beside.spots` tells it."""
    w = WIDTHS[layout["window"]]
    size = w / layout["columns"]
    placed = [each for each in layout["elements"] if each["target"] in known]
    boxes = [_box(each, known[each["target"]], w) for each in placed]
    most = max((n for _, _, n, _ in layout["cells"]), default=1)
    cells = [_cell(each, size, most) for each in layout["cells"]]
    lowest = [*(cell.y + size for cell in cells), *(box.y + box.h for box in boxes), w / 3]
    rows = [
        Row(
            known[each["target"]].number,
            each["target"],
            each["clicks"],
            each["x"],
            round(each["y"] * layout["width"]),
        )
        for each in placed
    ]
    return ClickMap(
        is_narrow=layout["window"] == "narrow",
        is_scrolled=layout["below"] == "page",
        window=layout["width"],
        clicks=layout["clicks"],
        troubled=sum(bad for _, _, _, bad in layout["cells"]),
        deeper=layout["deeper"],
        w=w,
        h=_neat(max(lowest) + 2 * EDGE),
        size=_neat(size),
        cells=cells,
        boxes=sorted(boxes, key=lambda box: box.element.is_point),
        rows=sorted(rows, key=lambda row: row.number),
    )


def _cell(told: tuple[int, int, int, int], size: float, most: int) -> Cell:
    column, row, clicks, troubled = told
    mark = max(LEAST_MARK, (size - 4) * sqrt(troubled / clicks)) if troubled else 0.0
    return Cell(_neat(column * size), _neat(row * size), max(1, -(-HEATS * clicks // most)), _neat(mark))


def _box(told: Mapping[str, Any], element: Element, w: float) -> Drawn:
    least = LEAST[element.kind]
    wide, high = max(least[0], told["w"] * w + 2 * EDGE), max(least[1], told["h"] * w + 2 * EDGE)
    wide = min(wide, w)
    x = min(max(told["x"] * w - wide / 2, 0), w - wide)
    y = max(told["y"] * w - high / 2, 0)
    label = x - 11 if x >= 22 else min(x + wide + 11, w - 11)
    return Drawn(element, *(_neat(value) for value in (x, y, wide, high, label)))


def _neat(value: float) -> float:
    return round(value, 1)
