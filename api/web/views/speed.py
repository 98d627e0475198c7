"""Speed: Web Vitals and loading times by page and device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ...service import ServiceDep
from .shown import View

router = APIRouter(include_in_schema=False)

METRICS = ("lcp_ms", "inp_ms", "cls", "fcp_ms", "ttfb_ms", "load_ms")
"""The order in which they are offered."""
FEW = 50
"""Views from which a page is rated."""


@dataclass(frozen=True)
class Paced:
    """A page by one measure: what three views of four stay below, with its interval, and how many were what."""

    page: str
    device: str
    views: int
    p75: float
    low: float
    high: float
    rating: str | None
    shares: list[float]
    point: str | None
    """Id of its point, where being slow is one."""


@router.get("/reports/{report_id}/speed")
def show(
    report_id: str,
    request: Request,
    service: ServiceDep,
    metric: Annotated[str | None, Query(max_length=20)] = None,
    device: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """The pages by one measure, the poorest first; `device` null is all of them."""
    view = View.of(request, service, report_id)
    known: list[dict[str, Any]] = view.beside.get("speed", [])
    metrics = [name for name in METRICS if any(name in each["metrics"] for each in known)]
    chosen = metric if metric and metric in metrics else metrics[0] if metrics else ""
    devices = sorted({name for each in known for name in each["metrics"].get(chosen, {})} - {"all"})
    on = device if device and device in devices else "all"
    return view.shown(
        "speed.jinja",
        "speed",
        metrics=metrics,
        metric=chosen,
        devices=devices,
        device=on,
        pages=pages(view, known, chosen, on),
        beside_is_empty=not view.beside,
        limits=next(
            (each["metrics"][chosen]["all"]["limits"] for each in known if chosen in each["metrics"]), None
        ),
    )


def pages(view: View, known: list[dict[str, Any]], metric: str, device: str) -> list[Paced]:
    """Rated pages first, those with the largest share of poor views before others; then those seen too rarely."""
    slow = {point.page: point.id for point in view.report.points if point.detector == "slow_page"}
    found = [
        Paced(
            each["page"],
            device,
            at["views"],
            at["p75"],
            at["low"],
            at["high"],
            at["rating"],
            at["shares"],
            slow.get(each["page"]),
        )
        for each in known
        if (at := each["metrics"].get(metric, {}).get(device))
    ]
    return sorted(found, key=lambda each: (each.views < FEW, -each.shares[2], -each.p75, each.page))
