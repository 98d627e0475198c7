"""Sharing a report: a read-only link that expires, and the pages behind it."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from ..routes import shares as share_routes
from ..routes.reports import found
from ..service import Service, ServiceDep
from ..store import shares
from ..store.shares import Share
from . import listing, point, start
from .frame import page
from .rows import Wish, wished
from .taste import speaking

router = APIRouter(include_in_schema=False)

DAYS = (1, 7, 30, 90)


@router.get("/reports/{report_id}/share")
def ask(report_id: str, request: Request, service: ServiceDep) -> Response:
    """For how long, what the reader will see, and the links that are open."""
    return _asked(report_id, request, service)


@router.post("/reports/{report_id}/share")
def make(
    report_id: str,
    request: Request,
    service: ServiceDep,
    days: Annotated[int, Form(ge=1, le=share_routes.LONGEST_DAYS)] = 7,
) -> Response:
    """Make a link; its address is shown this once."""
    made = share_routes.make(report_id, share_routes.ShareOrder(days=days), service)
    root = service.public_url or str(request.base_url)
    return _asked(report_id, request, service, link=root.rstrip("/") + made.path)


@router.post("/reports/{report_id}/share/{share_id}/revoke")
def revoke(report_id: str, share_id: str, service: ServiceDep) -> RedirectResponse:
    """Close a link at once."""
    share_routes.close(service, report_id, share_id)
    return RedirectResponse(f"/reports/{report_id}/share", 303)


def _asked(report_id: str, request: Request, service: Service, link: str = "") -> Response:
    row = found(service, report_id)
    name = start.name_of(row.summary["input"], speaking(request))
    kept = share_routes.several(report_id, service).shares
    about: dict[str, Any] = {
        "report_id": report_id,
        "base": f"/reports/{report_id}",
        "name": name,
        "link": link,
        "shares": kept,
    }
    return page(request, "share.jinja", at="reports", tab="points", inside=True, days=DAYS, **about)


def behind(token: str, request: Request) -> tuple[Service, Share] | None:
    """The service as the project of this link sees it, and the link; null for one that shows nothing."""
    service = cast(Service, request.app.state.service)
    with service.store.read() as scope:
        share = shares.behind(scope, token)
    return (service.of(share.project_id), share) if share is not None and share.is_open else None


@router.get("/s/{token}")
def show(token: str, request: Request, wish: Annotated[Wish, Depends(wished)]) -> Response:
    """The ranked list, to be read and no more."""
    known = behind(token, request)
    if known is None:
        return _closed(request)
    service, share = known
    return _private(listing.listed(request, service, share.report_id, wish, f"/s/{token}", share.expires))


@router.get("/s/{token}/points/{point_id}")
def one(
    token: str, point_id: str, request: Request, moment: Annotated[int, Query(ge=1, le=20)] = 1
) -> Response:
    """A point's page, to be read and no more."""
    known = behind(token, request)
    if known is None:
        return _closed(request)
    service, share = known
    about = (share.report_id, point_id, moment)
    return _private(point.shown(request, service, *about, f"/s/{token}", share.expires))


def _closed(request: Request) -> Response:
    return _private(page(request, "closed.jinja", status=404, acting=False))


def _private(answer: Response) -> Response:
    """The address is the key: it is told to no other page, and no machine lists it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
