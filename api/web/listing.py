"""The ranked list, the landing page of a report: sorted, filtered and searched by what stands in its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from friction.i18n import Language
from friction.render.html import sections
from friction.render.html.phrases import phrases
from friction.render.html.scale import scale
from friction.render.text import headline
from friction.report import Report

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

A_PAGE, GOALS = 100, 12
PARTS = {"rows": "part-rows.jinja", "list": "part-list.jinja"}
"""What htmx puts in → the template that draws no more than that."""


@router.get("/reports/{report_id}")
def show(
    report_id: str, request: Request, service: ServiceDep, wish: Annotated[Wish, Depends(wished)]
) -> Response:
    """The list; with `from`, further rows of it, and for htmx only what changes."""
    return listed(request, service, report_id, wish, f"/reports/{report_id}")


def listed(
    request: Request,
    service: Service,
    report_id: str,
    wish: Wish,
    base: str,
    until: dt.datetime | None = None,
) -> Response:
    """The list under the address `base`; with `until` it is only to be read, by whoever has a link until then."""
    row, report = report_of(service, report_id)
    speak = speaking(request)
    say = phrases(report, speak)
    every = rows(report, lives_of(service, report), say)
    fitting = chosen(every, wish)
    held = [each for each in report.quality if each.verdict == "held_back"]
    shown = [] if held and not wish.anyway else fitting[wish.start : wish.start + A_PAGE]
    part = request.headers.get("hx-target", "").rpartition("#")[2]
    return page(
        request,
        PARTS.get(part, "list.jinja"),
        at="reports",
        tab="points",
        acting=until is None,
        shared_until=until,
        completing=None if row.is_complete else row.job_id,
        base=base,
        report_id=report_id,
        report=report,
        name=start.name_of(row.summary["input"], speak),
        say=say,
        headline=headline(report, speak),
        forms=FORMS,
        wish=wish,
        held=held if not wish.anyway else [],
        rows=shown,
        fitting=len(fitting),
        total=len(every),
        after=wish.start + A_PAGE if len(fitting) > wish.start + A_PAGE else None,
        scale=scale([each.card.point.impact for each in every]),
        choices=choices(every),
        quality_said=quality_said(report, speak),
        goals=goals_of(report) if until is None else [],
        **about(report, every),
    )


def quality_said(report: Report, speak: Language) -> str:
    """How good the data are, in a few words."""
    remarks = sum(each.verdict == "remark" for each in report.quality)
    if any(each.verdict == "held_back" for each in report.quality):
        return speak.text("Data quality: findings are held back")
    if remarks:
        return speak.plural(
            "Data quality: good, with {n} remark", "Data quality: good, with {n} remarks", remarks
        )
    return speak.text("Data quality: good")


def goals_of(report: Report) -> list[str]:
    """What could rank: the goals that were counted, then the candidates."""
    counted = [each.definition for each in report.goals]
    found = [each.definition for each in report.candidates if each.definition not in counted]
    return [*counted, *found][:GOALS]


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
