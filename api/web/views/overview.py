"""The overview: what was measured, day by day, and where the costly points lie."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from friction.render import watched
from friction.render.html.scale import scale
from friction.render.text import headline
from friction.report import Point

from ...service import ServiceDep
from . import drawn
from .shown import View

router = APIRouter(include_in_schema=False)

FIRST, PAGES = 5, 12


@router.get("/reports/{report_id}/overview")
def show(report_id: str, request: Request, service: ServiceDep) -> Response:
    """Facts, days, first points, pages."""
    view = View.of(request, service, report_id)
    points = list(view.points())
    return view.shown(
        "overview.jinja",
        "overview",
        headline=headline(view.report, view.speak),
        rate=drawn.rate(view.report.days) if view.report.goal else None,
        columns=drawn.columns(view.report.days),
        first=points[:FIRST],
        scale=scale([point.impact for point in points[:FIRST]]) if points else None,
        pages=pages(view),
        changed=watched.told(view.report, view.speak),
        blind=watched.blind(view.report, view.speak),
    )


def pages(view: View) -> list[tuple[str, int, list[Point]]]:
    """The pages that most sessions saw: sessions, and the points on them, the costliest first."""
    on: dict[str, list[Point]] = {}
    for point in view.report.points:
        on.setdefault(point.page, []).append(point)
    return [(each.page, each.sessions, on.get(each.page, [])) for each in view.report.pages[:PAGES]]
