"""The map as a diagram to go on with: draw.io (diagrams.net), which Lucidchart and Miro import too.

Format: `mxfile` with one `diagram`, whose `mxGraphModel` is not compressed. Cell 0 is the root and cell 1 the layer;
each box is a vertex of the layer, each arrow between stages an edge. Texts are HTML inside an attribute, so they are
escaped twice. Neither a date nor a random id: the same map gives the same bytes.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from friction.render.journey.grid import Grid, Line
from friction.render.safe import printable

LABEL, COLUMN, HEAD, LINE, PAD = 160, 240, 50, 15, 20
_BOX = "whiteSpace=wrap;html=1;align=left;verticalAlign=top;spacing=8;"
_HEAD_STYLE = (
    "shape=step;perimeter=stepPerimeter;fixedSize=1;size=16;whiteSpace=wrap;html=1;fillColor=#E0EEEF;strokeColor=none;"
    "fontStyle=1;fontSize=14;"
)
_LABEL_STYLE = f"rounded=0;{_BOX}fillColor=#F4F6F5;strokeColor=#D6DDDB;fontStyle=1;"
_CELL_STYLE = f"rounded=0;{_BOX}fillColor=#FFFFFF;strokeColor=#D6DDDB;fontSize=11;overflow=hidden;"
_NOTE_STYLE = f"shape=note;size=12;{_BOX}fillColor=#FFF8E1;strokeColor=#E3BF55;fontSize=11;fontStyle=2;"
_TEXT = "text;html=1;align=left;verticalAlign=middle;strokeColor=none;fillColor=none;whiteSpace=wrap;"
_TITLE_STYLE, _FOOT_STYLE = f"{_TEXT}fontSize=20;fontStyle=1;", f"{_TEXT}fontSize=11;"
_EDGE_STYLE = (
    "endArrow=block;endSize=4;endFill=1;html=1;rounded=1;strokeColor=#0A5A64;fontColor=#0A5A64;fontSize=11;"
    "labelBackgroundColor=#FFFFFF;exitX=0.6;exitY=0;exitPerimeter=0;entryX=0.4;entryY=0;entryPerimeter=0;"
)
HEADS, OVER = 90, 68
"""Where the heads of stages stand, and how high arrows run above them: every viewer routes edges differently, so the
way of each is given.
"""


def drawio(grid: Grid) -> str:
    """The diagram as XML."""
    width = LABEL + COLUMN * len(grid.columns)
    cells = [_box("title", grid.title, _TITLE_STYLE, 0, 0, width, 40)]
    y = HEADS
    for number, (code, name) in enumerate(zip(grid.codes, grid.columns, strict=True)):
        cells.append(_box(f"stage-{code}", name, _HEAD_STYLE, LABEL + number * COLUMN, y, COLUMN, HEAD))
    cells += _arrows(grid)
    y += HEAD + 10
    for lane in grid.lanes:
        high = max([1, *(_rows(cell) for cell in lane.cells)]) * LINE + PAD
        cells.append(_box(f"lane-{lane.code}", lane.name, _LABEL_STYLE, 0, y, LABEL, high))
        style = _NOTE_STYLE if lane.code == "notes" else _CELL_STYLE
        for number, cell in enumerate(lane.cells):
            where = (LABEL + number * COLUMN, y, COLUMN, high)
            cells.append(_box(f"{lane.code}-{grid.codes[number]}", _html(cell), style, *where, is_html=True))
        y += high
    cells.append(_box("foot", " ".join(grid.foot), _FOOT_STYLE, 0, y + 10, width, 40))
    body = "".join(cells)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mxfile host="friction" type="device">'
        f'<diagram id="journey" name={quoteattr(printable(grid.title))}>'
        '<mxGraphModel dx="1200" dy="800" grid="1" gridSize="10" guides="1" tooltips="1" connect="1" arrows="1" '
        f'fold="1" page="1" pageScale="1" pageWidth="{width + 80}" pageHeight="{y + 120}" math="0" shadow="0">'
        f'<root><mxCell id="0"/><mxCell id="1" parent="0"/>{body}</root></mxGraphModel></diagram></mxfile>\n'
    )


def _arrows(grid: Grid) -> list[str]:
    """From each stage to the next, with the share that goes on."""
    on = next((lane for lane in grid.lanes if lane.code == "goes_on"), None)
    if on is None:
        return []
    found = []
    for number, (code, following) in enumerate(pairwise(grid.codes)):
        if on.cells[number]:
            value = quoteattr(escape(printable(on.cells[number][0].text)))
            left = LABEL + number * COLUMN
            way = (round(left + 0.6 * COLUMN), round(left + 1.4 * COLUMN))
            found.append(
                f'<mxCell id="on-{code}" value={value} style="{_EDGE_STYLE}" edge="1" parent="1" '
                f'source="stage-{code}" target="stage-{following}"><mxGeometry relative="1" as="geometry">'
                f'<Array as="points">{"".join(_point(x) for x in way)}</Array></mxGeometry></mxCell>'
            )
    return found


def _point(x: int) -> str:
    return f'<mxPoint x="{x}" y="{OVER}"/>'


def _box(
    name: str, text: str, style: str, x: int, y: int, width: int, height: int, *, is_html: bool = False
) -> str:
    value = quoteattr(text if is_html else escape(printable(text)))
    return (
        f'<mxCell id="{name}" value={value} style="{style}" vertex="1" parent="1">'
        f'<mxGeometry x="{x}" y="{y}" width="{width}" height="{height}" as="geometry"/></mxCell>'
    )


def _html(cell: list[Line]) -> str:
    tags = {
        "strong": ("<b>", "</b>"),
        "quiet": ('<font color="#566562">', "</font>"),
        "hand": ("<i>", "</i>"),
    }
    said = []
    for line in cell:
        before, after = tags.get(line.role, ("", ""))
        said.append(f"{before}{escape(printable(line.text))}{after}")
    return "<br>".join(said)


def _rows(cell: list[Line]) -> int:
    """Lines as they are likely to break in a box, 38 letters each."""
    return sum(max(1, -(-len(line.text) // 38)) for line in cell)
