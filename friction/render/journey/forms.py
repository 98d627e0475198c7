"""The forms a journey map is taken away in, by the name of the form and the suffix of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from friction.i18n import ENGLISH, Language
from friction.render.journey.grid import Grid, Notes, View, grid
from friction.render.journey.sheet import Kept
from friction.report import Report

Form = Literal["json", "csv", "figures", "plan", "md", "svg", "drawio", "mermaid", "canvas", "text"]
BY_SUFFIX: Mapping[str, Form] = {
    ".json": "json",
    ".csv": "csv",
    ".md": "md",
    ".svg": "svg",
    ".drawio": "drawio",
    ".mmd": "mermaid",
    ".canvas": "canvas",
    ".txt": "text",
}
MEDIA: Mapping[Form, str] = {
    "json": "application/json",
    **dict.fromkeys(("csv", "figures", "plan"), "text/csv; charset=utf-8"),
    "md": "text/markdown; charset=utf-8",
    "svg": "image/svg+xml",
    "drawio": "application/vnd.jgraph.mxfile",
    "mermaid": "text/vnd.mermaid; charset=utf-8",
    "canvas": "application/json",
    "text": "text/plain; charset=utf-8",
}


def rendered(
    report: Report,
    form: Form,
    speak: Language = ENGLISH,
    *,
    view: View = "customer",
    notes: Notes | None = None,
    kept: Mapping[str, Kept] | None = None,
) -> bytes:
    """The journey of a report that holds one, in this form."""
    from friction.render.journey import sheet

    assert report.journey is not None
    if form in _WHOLE:
        return _WHOLE[form](report, speak)
    if form == "plan":
        return sheet.plan(report, kept, speak).encode()
    drawn = grid(report, view, notes, speak, bare=form in {"drawio", "canvas"})
    if form in _DRAWN:
        return _DRAWN[form](drawn)
    if form == "md":
        from friction.render.journey.document import document

        return document(report, drawn, kept, speak).encode()
    from friction.render.journey.text import journey as text
    from friction.render.text import plain

    return plain(text(report, drawn, speak)).encode()


def journey_json(report: Report) -> bytes:
    """The journey alone, with keys sorted and numbers rounded as in the report."""
    import orjson

    from friction.report import rounded

    options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(rounded(orjson.loads(orjson.dumps(report.journey))), option=options)


def _mermaid(report: Report, speak: Language) -> bytes:
    from friction.render.journey.mermaid import mermaid

    return mermaid(report, speak).encode()


def _figures(report: Report, _: Language) -> bytes:
    from friction.render.journey.sheet import figures

    assert report.journey is not None
    return figures(report.journey).encode()


def _svg(drawn: Grid) -> bytes:
    from friction.render.journey.svg import svg

    return svg(drawn).encode()


def _drawio(drawn: Grid) -> bytes:
    from friction.render.journey.drawio import drawio

    return drawio(drawn).encode()


def _canvas(drawn: Grid) -> bytes:
    from friction.render.journey.canvas import canvas

    return canvas(drawn)


def _sheet(drawn: Grid) -> bytes:
    from friction.render.journey.sheet import map_sheet

    return map_sheet(drawn).encode()


_WHOLE: Mapping[Form, Callable[[Report, Language], bytes]] = {
    "json": lambda report, _: journey_json(report),
    "mermaid": _mermaid,
    "figures": _figures,
}
_DRAWN: Mapping[Form, Callable[[Grid], bytes]] = {
    "svg": _svg,
    "drawio": _drawio,
    "canvas": _canvas,
    "csv": _sheet,
}
