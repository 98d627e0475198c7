"""Two reports side by side: what changed beyond its noise, and what cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from friction.compare import Change, difference, per_1000
from friction.render.compared import Row, compared
from friction.report import Point, Report

from ...service import Service, ServiceDep
from ...store.reports import ReportRow
from ...store.tables import reports as table
from .. import start
from ..frame import page
from ..reading import report_of
from ..taste import speaking

router = APIRouter(include_in_schema=False)

CHOICES = 200
CLEAR = frozenset({"new", "worse", "better", "fixed"})


@dataclass(frozen=True)
class Side:
    """A change with its words, and where its bar lies: zero, low, estimate, high in percent; null where unknown."""

    change: Change
    row: Row
    at: tuple[str, str, str, str] | None
    old: float | None
    new: float | None


@router.get("/compare")
def show(
    request: Request,
    service: ServiceDep,
    old: Annotated[str | None, Query(max_length=40)] = None,
    new: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Two reports; without them the choice, the two newest filled in."""
    speak = speaking(request)
    known = recent(service)
    choices = [(row.id, start.name_of(row.summary["input"], speak), row.created) for row in known]
    values: dict[str, Any] = {"choices": choices, "old": old, "new": new}
    if not (old and new):
        picked = [row.id for row in known]
        values |= {"old": picked[1] if len(picked) > 1 else None, "new": picked[0] if picked else None}
        return page(request, "views/compare.jinja", at="compare", found=None, **values)
    before, after = report_of(service, old)[1], report_of(service, new)[1]
    found = difference(before, after)
    told = compared(found, before, after, speak)
    rows = sides(list(found.changes), told.rows, before, after)
    return page(
        request,
        "views/compare.jinja",
        at="compare",
        found=found,
        told=told,
        clear=[each for each in rows if each.change.state in CLEAR],
        noise=[each for each in rows if each.change.state in ("unchanged", "too_little_data")],
        gone=[each for each in rows if each.change.state == "gone"],
        **values,
    )


def recent(service: Service) -> list[ReportRow]:
    """The newest reports."""
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).order_by(table.c.created.desc(), table.c.id.desc()).limit(CHOICES)
        return [ReportRow(**row) for row in scope.rows(chosen)]


def sides(changes: list[Change], rows: list[Row], old: Report, new: Report) -> list[Side]:
    """The changes on one scale of cost per 1,000 sessions that holds zero."""
    ends = [end for each in changes if each.cost for end in (each.cost.low, each.cost.high)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    span = (high - low) or 1.0

    def at(value: float) -> str:
        return f"{3 + 94 * (value - low) / span:.2f}"

    return [
        Side(
            change,
            row,
            None
            if change.cost is None
            else (at(0), at(change.cost.low), at(change.cost.estimate), at(change.cost.high)),
            _cost(change.old, old),
            _cost(change.new, new),
        )
        for change, row in zip(changes, rows, strict=True)
    ]


def _cost(point: Point | None, report: Report) -> float | None:
    found = per_1000(point, report) if point is not None else None
    return None if found is None else found[0]
