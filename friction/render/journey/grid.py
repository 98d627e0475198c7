"""The map as a grid: stages by lanes, each cell a few lines of words. All forms and pictures are made from it.

Four views of one journey: the *customer* journey (the whole relation), the *user* journey (the product alone), the same
read as *aida* (attention, interest, desire, action), and the service *blueprint*, for data with tickets, calls or
store visits. Lines of people's own (`notes`) stand in a lane of their own and are never computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from friction.i18n import ENGLISH, Language
from friction.journey_map import STAGES, Figure
from friction.report import Report
from friction.values import dataclass

View = Literal["customer", "user", "aida", "blueprint"]
VIEWS: tuple[View, ...] = ("customer", "user", "aida", "blueprint")
Role = Literal["strong", "plain", "quiet", "hand"]
Notes = Mapping[tuple[str, str], str]
"""What people wrote, by stage (or step of AIDA) and lane."""


@dataclass(frozen=True)
class Line:
    """A line of a cell; `point` is the id of the friction point it is about."""

    text: str
    role: Role = "plain"
    point: str | None = None


@dataclass(frozen=True)
class Curve:
    """A value with its interval, -1 to +1; null where nothing is known."""

    value: Figure | None


@dataclass(frozen=True)
class Lane:
    """A row of the map."""

    code: str
    name: str
    cells: list[list[Line]]
    note: str = ""
    """What the lane holds, in small."""
    curve: list[Curve] = field(default_factory=list)
    """Drawn as a curve where the form can."""


@dataclass(frozen=True)
class Grid:
    """The map in one language."""

    view: View
    title: str
    lead: str
    columns: list[str]
    codes: list[str]
    """Of the columns."""
    lanes: list[Lane]
    foot: list[str]
    lang: str = "en"


def grid(
    report: Report,
    view: View = "customer",
    notes: Notes | None = None,
    speak: Language = ENGLISH,
    *,
    bare: bool = False,
) -> Grid:
    """The map of a report that holds a journey; `bare` keeps the lane of notes when it is empty, to be written in."""
    from friction.render.journey import lanes

    assert report.journey is not None
    told = lanes.Told(report, report.journey, speak)
    codes = lanes.AIDA if view == "aida" else STAGES
    rows = [lane for name in lanes.OF_VIEW[view] if any((lane := lanes.LANES[name](told, codes)).cells)]
    written = lanes.written(told, codes, notes or {})
    return Grid(
        view=view,
        title=lanes.headline(told),
        lead=lanes.lead(told),
        columns=[speak.word("journey_stage", code) for code in codes],
        codes=list(codes),
        lanes=[*rows, written] if bare else [lane for lane in (*rows, written) if any(lane.cells)],
        foot=lanes.foot(told, view),
        lang=speak.code,
    )


def texts(lines: Sequence[Line]) -> str:
    """The lines of a cell as one text."""
    return "\n".join(line.text for line in lines)
