"""The ranked list, the landing page of a report: sorted, filtered and searched by what stands in its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from friction.render.html import sections
from friction.render.html.phrases import phrases
from friction.render.html.scale import scale
from friction.render.text import headline
from friction.report import Report

from ..errors import Refused
from ..service import Service, ServiceDep
from ..store import points as lives
from ..store.points import PointLife
from . import start
from .frame import page
from .reading import report_of
from .rows import Row, Wish, choices, chosen, rows, wished
from .take import FORMS
from .taste import speaking

router = APIRouter(include_in_schema=False)

A_PAGE = 100
PARTS = {"rows": "part-rows.jinja", "list": "part-list.jinja"}
"""What htmx puts in → the template that draws no more than that."""


@router.get("/reports/{report_id}")
def show(
    report_id: str, request: Request, service: ServiceDep, wish: Annotated[Wish, Depends(wished)]
) -> Response:
    """The list; with `from`, further rows of it, and for htmx only what changes."""
    row, report = report_of(service, report_id)
    speak = speaking(request)
    say = phrases(report, speak)
    every = rows(report, lives_of(service, report), say)
    fitting = chosen(every, wish)
    shown = fitting[wish.start : wish.start + A_PAGE] if wish.start else fitting[:A_PAGE]
    part = request.headers.get("hx-target", "").rpartition("#")[2]
    return page(
        request,
        PARTS.get(part, "list.jinja"),
        at="reports",
        tab="points",
        report_id=report_id,
        report=report,
        row=row,
        name=start.name_of(row.summary["input"], speak),
        say=say,
        headline=headline(report, speak),
        forms=FORMS,
        wish=wish,
        rows=shown,
        fitting=len(fitting),
        total=len(every),
        after=wish.start + A_PAGE if len(fitting) > wish.start + A_PAGE else None,
        scale=scale([each.card.point.impact for each in every]),
        choices=choices(every),
        **about(report, every),
    )


def about(report: Report, every: Sequence[Row]) -> dict[str, Any]:
    """What the shared templates ask for beyond the rows."""
    from friction.render import counted
    from friction.render.notes import is_counted_only

    return {
        "cards": [each.card for each in every],
        "more": 0,
        "unranked": sections.unranked(report),
        "sections": sections,
        "counted": counted,
        "counted_only": is_counted_only(report),
    }


def lives_of(service: Service, report: Report) -> dict[str, PointLife]:
    """What is known of each point over all reports."""
    with service.store.read(service.project) as scope:
        return lives.several(scope, [point.id for point in report.points])


def card_of(every: Sequence[Row], point_id: str) -> Row:
    """The row of this point; raises `Refused` when the report has no such point."""
    for each in every:
        if each.card.point.id == point_id:
            return each
    raise Refused(
        404, "request.not_found", "there is no such point", remedy="GET /v1/points lists what there is"
    )
