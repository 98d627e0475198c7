"""The map as one static picture: no script, no outside, and every colour a class, so that a page can colour it.

Text is wrapped by the width that its letters are likely to take, since nothing can be measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from friction.render.journey.grid import Grid, Lane, Line
from friction.render.journey.wrap import wrapped
from friction.render.safe import printable
from friction.values import dataclass

LABEL, COLUMN, PAD, GAP = 150, 236, 12, 10
HEAD, CURVE, LINE, MARGIN = 40, 190, 18, 24
SIZES = {"strong": 17, "plain": 13, "quiet": 12, "hand": 14}
STYLE = """
.jm{font-family:-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",system-ui,sans-serif}
.jm-paper{fill:#fff}.jm-even{fill:#f4f6f5}.jm-head{fill:#e0eeef}
.jm-rule{stroke:#d6dddb;stroke-width:1}.jm-mid{stroke:#7b8986;stroke-dasharray:3 4}
.jm text{fill:#15211f}.jm .jm-quiet{fill:#566562}.jm .jm-strong{font-weight:600}.jm .jm-title{font-weight:600}
.jm .jm-hand,.jm .jm-title{font-family:Charter,"Source Serif 4",Cambria,"Noto Serif","Liberation Serif",serif}
.jm .jm-hand{font-style:italic}.jm .jm-cost{fill:#ad400c}
.jm-line{fill:none;stroke:#0a5a64;stroke-width:2}.jm-span{stroke:#0a5a64;stroke-width:6;stroke-opacity:.28}
.jm-dot{fill:#0a5a64}
@media(prefers-color-scheme:dark){.jm-paper{fill:#0f1514}.jm-even{fill:#171f1e}.jm-head{fill:#12302f}
.jm-rule{stroke:#2b3735}.jm text{fill:#e9efed}.jm .jm-quiet{fill:#98a7a4}.jm .jm-cost{fill:#f39a63}
.jm-line,.jm-span{stroke:#82cdd4}.jm-dot{fill:#82cdd4}}
"""


@dataclass(frozen=True)
class _Text:
    y: float
    text: str
    role: str


def svg(grid: Grid, *, alone: bool = True) -> str:
    """The picture; `alone` brings its own colours, else the page it stands in has them."""
    width = 2 * MARGIN + LABEL + COLUMN * len(grid.columns)
    body: list[str] = []
    y = _titled(grid, body, width) if alone else 0
    y = _headed(grid, body, y)
    for number, lane in enumerate(grid.lanes):
        y = _row(lane, number, body, y, width, len(grid.columns))
    y = _footed(grid, body, y, width) if alone else y
    title, told = escape(printable(grid.title)), escape(printable(f"{grid.title}. {grid.lead}"))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="jm" role="img" lang="{grid.lang}" viewBox="0 0 {width} {y:g}" '
        f'width="{width}" height="{y:g}" aria-labelledby="jm-t jm-d">'
        f'<title id="jm-t">{title}</title><desc id="jm-d">{told}</desc>'
    )
    style = f"<style>{STYLE}</style>" if alone else ""
    paper = f'<rect class="jm-paper" width="{width}" height="{y:g}"/>'
    return f"{head}{style}{paper}{''.join(body)}</svg>\n"


def _titled(grid: Grid, body: list[str], width: int) -> float:
    y = MARGIN + 26.0
    body.append(_text(MARGIN, y, grid.title, "title", 26))
    for line in wrapped(grid.lead, width - 2 * MARGIN, 14):
        y += 22
        body.append(_text(MARGIN, y, line, "quiet", 14))
    return y + 20


def _headed(grid: Grid, body: list[str], y: float) -> float:
    for number, name in enumerate(grid.columns):
        x = MARGIN + LABEL + number * COLUMN
        point = min(14, COLUMN)
        shape = (
            f"M{x} {y:g}h{COLUMN - point - 2}l{point} {HEAD / 2:g}l-{point} {HEAD / 2:g}h-{COLUMN - point - 2}"
            f"{f'l{point} -{HEAD / 2:g}' if number else f'v-{HEAD / 2:g}'}z"
        )
        body.append(f'<path class="jm-head" d="{shape}"/>')
        body.append(_text(x + PAD + (10 if number else 0), y + 26, name, "strong", 16))
    return y + HEAD + GAP


def _row(lane: Lane, number: int, body: list[str], y: float, width: int, columns: int) -> float:
    label = _lines([Line(lane.name, "strong"), Line(lane.note, "quiet")], LABEL - 2 * PAD, 14)
    cells = [_lines(cell, COLUMN - 2 * PAD) for cell in lane.cells]
    drawn = bool(lane.curve) and any(each.value and each.value.estimate is not None for each in lane.curve)
    tallest = max(
        [_height(label), *(_height(cell) for cell in cells)] if not drawn else [_height(label), CURVE]
    )
    high = tallest + 2 * PAD
    if number % 2 == 0:
        body.append(
            f'<rect class="jm-even" x="{MARGIN}" y="{y:g}" width="{width - 2 * MARGIN}" height="{high:g}"/>'
        )
    body.append(f'<line class="jm-rule" x1="{MARGIN}" x2="{width - MARGIN}" y1="{y:g}" y2="{y:g}"/>')
    body += [_text(MARGIN + PAD, y + PAD + line.y, line.text, line.role, _size(line, 14)) for line in label]
    if drawn:
        _curve(lane, body, y, high)
        return y + high
    for column in range(columns):
        x = MARGIN + LABEL + column * COLUMN + PAD
        body += [_text(x, y + PAD + line.y, line.text, line.role, SIZES[line.role]) for line in cells[column]]
    return y + high


def _size(line: _Text, strong: int) -> int:
    return strong if line.role == "strong" else SIZES[line.role]


def _lines(cell: Sequence[Line], width: int, size: int | None = None) -> list[_Text]:
    found, y = [], 0.0
    for each in cell:
        for text in wrapped(each.text, width, size or SIZES[each.role]):
            y += LINE + (3 if each.role == "strong" and size is None else 0)
            found.append(_Text(y - 4, text, each.role))
        y += 4
    return found


def _height(lines: Sequence[_Text]) -> float:
    return lines[-1].y + 8 if lines else LINE


def _curve(lane: Lane, body: list[str], y: float, high: float) -> None:
    """Points with their intervals, joined; where nothing is known the line has a gap."""
    top, span = y + 44, high - 88
    middle = top + span / 2
    left, right = MARGIN + LABEL, MARGIN + LABEL + COLUMN * len(lane.curve)
    body.append(f'<line class="jm-mid" x1="{left}" x2="{right}" y1="{middle:g}" y2="{middle:g}"/>')
    path, is_on = [], False
    for number, each in enumerate(lane.curve):
        x, value = left + COLUMN * (number + 0.5), each.value
        if value is None or value.estimate is None:
            is_on = False
            body.append(_text(x, middle - 8, lane.cells[number][0].text, "quiet", 12, middle_of=True))
            continue
        at = middle - value.estimate * span / 2
        path.append(f"{'L' if is_on else 'M'}{x:g} {at:.1f}")
        is_on = True
        low, top_at = (
            middle - (end if end is not None else value.estimate) * span / 2
            for end in (value.low, value.high)
        )
        body.append(f'<line class="jm-span" x1="{x:g}" x2="{x:g}" y1="{low:.1f}" y2="{top_at:.1f}"/>')
        body.append(f'<circle class="jm-dot" cx="{x:g}" cy="{at:.1f}" r="5"/>')
        lines = lane.cells[number]
        below = value.estimate < 0
        first = low + 20 if below else top_at - 10 - 15 * (len(lines) - 1)
        for row, line in enumerate(lines):
            body.append(
                _text(x, first + 15 * row, line.text, line.role, 13 if row == 0 else 12, middle_of=True)
            )
    body.append(f'<path class="jm-line" d="{"".join(path)}"/>')


def _footed(grid: Grid, body: list[str], y: float, width: int) -> float:
    body.append(f'<line class="jm-rule" x1="{MARGIN}" x2="{width - MARGIN}" y1="{y:g}" y2="{y:g}"/>')
    y += 10
    for line in wrapped(" ".join(grid.foot), width - 2 * MARGIN, 12):
        y += 18
        body.append(_text(MARGIN, y, line, "quiet", 12))
    return y + MARGIN


def _text(x: float, y: float, text: str, role: str, size: int, *, middle_of: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle_of else ""
    kind = "" if role == "plain" else f' class="jm-{role}"'
    return f'<text{kind} x="{x:g}" y="{y:.1f}" font-size="{size}"{anchor}>{escape(printable(text))}</text>'
