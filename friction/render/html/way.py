"""The customer journey as a section of the page: the map as a picture, and the tables beside it."""

from __future__ import annotations

from markupsafe import Markup

from friction.i18n import ENGLISH, Language
from friction.render.journey import tables
from friction.render.journey.grid import Grid, grid
from friction.render.journey.svg import svg
from friction.report import Report
from friction.values import dataclass


@dataclass(frozen=True)
class Way:
    """What the template shows."""

    grid: Grid
    picture: Markup
    channels: tables.Told
    personas: tables.Told
    measures: tables.Told
    plan: tables.Told
    bookkeeping: str


def way(report: Report, speak: Language = ENGLISH) -> Way | None:
    """The section of a report that holds a journey."""
    if report.journey is None:
        return None
    drawn = grid(report, speak=speak)
    return Way(
        grid=drawn,
        picture=Markup(svg(drawn, alone=False)),  # our own picture, in which all texts are escaped
        channels=tables.channels(report.journey, speak),
        personas=tables.personas(report, speak),
        measures=tables.measures(report.journey, speak),
        plan=tables.plan(report, speak=speak),
        bookkeeping=speak.text(tables.BOOKKEEPING),
    )
