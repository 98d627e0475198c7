"""The page put together: style sheet with its hash, templates, and the last gate for texts of the data."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from friction.i18n import ENGLISH, Language
from friction.render import counted, heard, watched
from friction.render.html import figures, sections
from friction.render.html.marks import merged
from friction.render.html.phrases import phrases
from friction.render.html.scale import scale
from friction.render.html.way import way
from friction.render.notes import is_counted_only
from friction.render.reasons import reasons
from friction.render.safe import clean, printable
from friction.render.words import attribute, members, segment
from friction.report import Report

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("tokens.css", "report.css")


def html(report: Report, speak: Language = ENGLISH) -> str:
    """The report as one file."""
    from friction.render.text import headline

    say = phrases(report, speak)
    cards = sections.cards(report, say)
    judged = [card.point.impact for card in cards]
    sheet = style() if report.journey is None else style("journey.css")
    return (
        templates()
        .get_template("report.jinja")
        .render(
            report=report,
            say=say,
            speak=speak,
            lang=speak.code,
            style=Markup(sheet),
            style_hash=base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode(),
            headline=headline(report, speak),
            cards=cards,
            more=len(sections.costed(report)) - len(cards),
            unranked=sections.unranked(report),
            scale=scale(judged),
            figures=figures.drawn(cards, say),
            way=way(report, speak),
            sections=sections,
            changed=watched.told(report, speak),
            blind=watched.blind(report, speak),
            reasons=lambda point: reasons(point, report, speak),
            counted=counted,
            heard=heard,
            counted_only=is_counted_only(report),
            settings=list(sections.leaves(report.settings)),
            **speak.functions,
        )
    )


@cache
def style(*more: str) -> str:
    """The style sheet of all pages, and of what this one holds besides."""
    names = (*STYLES, *more)
    return "\n" + "\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names) + "\n"


@cache
def templates() -> Environment:
    """The templates, with the last gate for texts of the data."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_gate,
    )
    environment.filters |= {"clean": clean, "merged": merged, "capitalize_first": _capital}
    environment.globals |= {"members": members, "segment": segment, "attribute": attribute}
    return environment


def _capital(text: str) -> str:
    """With a capital at the beginning; `capitalize` would take away those within."""
    return text[:1].upper() + text[1:]


def _gate(value: Any) -> Any:
    """What steers a reader's screen is written out, whatever text it came with; markup of our own stays markup."""
    return type(value)(printable(value)) if isinstance(value, str) else value
