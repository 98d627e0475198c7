"""Funnels: how many get from step to step, and which points lie on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from friction.i18n import N_
from friction.render.html.marks import wilson
from friction.report import Point

from ...service import ServiceDep
from .shown import View

router = APIRouter(include_in_schema=False)

POINTS = 3
KINDS = {
    "home": N_("Home page"),
    "list": N_("Lists"),
    "product": N_("Product pages"),
    "cart": N_("Cart"),
    "checkout": N_("Checkout"),
    "goal": N_("Goal"),
}
"""What steps over types of pages are called."""


@dataclass(frozen=True)
class Step:
    """A step: sessions that reached it and all before it; of those at the step before, the share with its interval."""

    name: str
    """A page, a key of `KINDS`, the goal; empty: all sessions."""
    sessions: int
    share: float
    """Of all."""
    lost: int
    passed: tuple[float, float, float] | None
    points: list[Point]


@dataclass(frozen=True)
class Funnel:
    """`kind`: `proposed`, `configured`, or `types` for one over types of pages."""

    name: str
    kind: str
    steps: list[Step]

    @property
    def worst(self) -> Step | None:
        """The step before which most are lost, as a share of those who were there."""
        later = [step for step in self.steps[1:] if step.passed is not None]
        return min(later, key=lambda step: step.passed[0] if step.passed else 1.0, default=None)


@router.get("/reports/{report_id}/funnels")
def show(report_id: str, request: Request, service: ServiceDep) -> Response:
    """All funnels of the report, and the one over types of pages."""
    view = View.of(request, service, report_id)
    return view.shown("funnels.jinja", "funnels", funnels=funnels(view), kinds=KINDS)


def funnels(view: View) -> list[Funnel]:
    """Those of the report, then the one over types of pages where a purchase has any."""
    points = view.points()
    found = [
        Funnel(each.goal, each.origin, steps([(step.name, step.sessions) for step in each.steps], points))
        for each in view.report.funnels
    ]
    kinds = view.beside.get("kinds", {}).get("funnel", [])
    if len(kinds) > 2:
        found.append(Funnel("", "types", steps([(name, number) for name, number in kinds], [])))
    return found


def steps(rows: Sequence[tuple[str, int]], points: Sequence[Point]) -> list[Step]:
    """Steps of `(name, sessions)`; points lie on the page that a step is called after."""
    everyone = max(rows[0][1], 1) if rows else 1
    found = []
    for number, (name, sessions) in enumerate(rows):
        before = rows[number - 1][1] if number else 0
        passed = (sessions / before, *wilson(sessions, before)) if number and before else None
        here = [point for point in points if point.page == name][:POINTS]
        found.append(Step(name, sessions, sessions / everyone, max(before - sessions, 0), passed, here))
    return found
