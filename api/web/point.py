"""A point's page: what happens, where, who meets it, what it costs and how that was found, since when, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from friction.render.html import sections
from friction.render.html.phrases import Phrases, phrases
from friction.render.html.scale import scale
from friction.render.reasons import reasons
from friction.render.words import also
from friction.report import Point, Report, Suppressed, parts_of

from .. import beside
from ..clock import now
from ..errors import missing
from ..routes import points as point_routes
from ..service import Service, ServiceDep
from ..store import nights
from ..store import points as lives
from . import start, trend
from .frame import page
from .reading import report_of
from .rows import state_of
from .saying import change_of
from .taste import local, speaking
from .wireframe import wireframe

router = APIRouter(include_in_schema=False)

MOMENTS = 3
LOOK_ALIKES = 6
PARTS = ("lost_by_leaving", "lost_progress", "lost_later")
"""Of `score_parts`: how the cost falls into leaving at once, getting less far, and later harm."""


@dataclass(frozen=True)
class Beside:
    """What stands around the point in the report."""

    rank: int | None
    total: int
    before: str | None
    after: str | None
    overlaps: list[Point]
    alike: list[Suppressed]


@router.get("/reports/{report_id}/points/{point_id}")
def show(
    report_id: str,
    point_id: str,
    request: Request,
    service: ServiceDep,
    moment: Annotated[int, Query(ge=1, le=20)] = 1,
) -> Response:
    """The point; `moment` is the one of its evidence that is shown."""
    return shown(request, service, report_id, point_id, moment, f"/reports/{report_id}")


def shown(
    request: Request,
    service: Service,
    report_id: str,
    point_id: str,
    moment: int,
    base: str,
    until: dt.datetime | None = None,
) -> Response:
    """The page under the address `base`; with `until` it is only to be read, by whoever has a link until then."""
    row, report = report_of(service, report_id)
    speak = speaking(request)
    say = phrases(report, speak)
    point = point_of(report, point_id)
    with service.store.read(service.project) as scope:
        life = lives.get(scope, point_id)
    return page(
        request,
        "point-page.jinja",
        at="reports",
        tab="points",
        inside=True,
        report_id=report_id,
        base=base,
        acting=until is None,
        shared_until=until,
        completing=None if row.is_complete else row.job_id,
        life=life,
        state=state_of(life, now()),
        name=start.name_of(row.summary["input"], speak),
        chart=trend.drawing(point, say, releases(service)),
        **told(service, report_id, report, point, say, moment),
    )


def told(
    service: Service, report_id: str, report: Report, point: Point, say: Phrases, moment: int
) -> dict[str, Any]:
    """What the template needs of the point."""
    around = beside_of(report, point)
    card = sections.card(point, point.rank or 0, report, say, in_full=True)
    shown = [sections.moment(each, point.page, say) for each in point.evidence[:MOMENTS]]
    at = min(moment, len(shown)) - 1
    recorded = beside.recordings(service, report_id)
    others = parts_of(point, report.all_points)
    return {
        "report": report,
        "say": say,
        "p": point,
        "card": card,
        "costed": sections.is_costed(point),
        "scale": scale([point.impact]) if sections.is_costed(point) else None,
        "parts": parts(point),
        "around": around,
        "shown": shown,
        "at_moment": at,
        "moment": shown[at] if shown else None,
        "wire": wireframe(beside.views(service, report_id), point, report),
        "replayed": bool(shown) and shown[at].evidence.session_id in recorded,
        "reasons": reasons(point, report, say.speak),
        "also_told": also(others, say.speak) if others else "",
        "figures": {},
        "sections": sections,
    }


def point_of(report: Report, point_id: str) -> Point:
    """The point; raises `Refused` when the report has no such one."""
    found = next((each for each in report.all_points if each.id == point_id), None)
    if found is None:
        raise missing("point")
    return found


def beside_of(report: Report, point: Point) -> Beside:
    """Its place among the ranked points, and what is like it."""
    ranked = sections.costed(report)
    ids = [each.id for each in ranked]
    at = ids.index(point.id) if point.id in ids else None
    known = {each.id: each for each in report.all_points}
    return Beside(
        rank=None if at is None else at + 1,
        total=len(ranked),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at is not None and at + 1 < len(ids) else None,
        overlaps=[known[each] for each in point.overlaps if each in known],
        alike=_alike(report.suppressed, point),
    )


def _alike(found: Sequence[Suppressed], point: Point) -> list[Suppressed]:
    """Look-alikes on the same page, those of the same element first."""
    same = [each for each in found if each.page == point.page]
    return sorted(same, key=lambda each: (each.target != point.target, -each.findings))[:LOOK_ALIKES]


def parts(point: Point) -> list[tuple[str, float, float]]:
    """Name, amount and share of each part of the cost; only those that are a tenth of one at least."""
    found = [(name, point.score_parts.get(name, 0.0)) for name in PARTS]
    whole = sum(amount for _, amount in found if amount > 0)
    return [(name, amount, amount / whole) for name, amount in found if amount >= 0.1] if whole else []


def releases(service: Service) -> list[trend.Release]:
    """Release marks of the project, the earliest first."""
    with service.store.read(service.project) as scope:
        return [trend.Release(each.at.date().isoformat(), each.text) for each in nights.marks(scope)]


Until = Literal["", "day", "week", "month", "worse", "ever"]


@router.post("/reports/{report_id}/points/{point_id}/life")
def say(
    report_id: str,
    point_id: str,
    service: ServiceDep,
    response: Response,
    muted: Annotated[Literal["", "yes", "no"], Form()] = "",
    until: Annotated[Until, Form()] = "",
    worse: Annotated[int | None, Form(ge=1, le=10_000)] = None,
    reason: Annotated[str | None, Form(max_length=2000)] = None,
    owner: Annotated[str | None, Form(max_length=200)] = None,
    note: Annotated[str | None, Form(max_length=2000)] = None,
    link: Annotated[str | None, Form(max_length=2000)] = None,
    to: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """Mute it, give it an owner, a note, a link to a tracker: the same change as `PATCH /v1/points`."""
    asked = change_of(muted=muted, until=until, reason=reason, owner=owner, note=note, link=link, worse=worse)
    point_routes.change(point_id, asked, response, service)
    return RedirectResponse(local(to) if to else f"/reports/{report_id}/points/{point_id}", 303)
