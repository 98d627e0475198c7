"""Paths: the ways from the start of a session, and around one page, as a Sankey with its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from ...service import ServiceDep
from . import drawn
from .shown import View

router = APIRouter(include_in_schema=False)

Who = Literal["all", "converted", "others"]
Links = list[tuple[int, str | None, str | None, int]]


@router.get("/reports/{report_id}/paths")
def show(
    report_id: str,
    request: Request,
    service: ServiceDep,
    who: Who = "all",
    page: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Ways from the start; with `page`, where people came from and went to."""
    view = View.of(request, service, report_id)
    ways: dict[str, Any] = view.beside.get("paths", {})
    around = {each["page"]: each for each in ways.get("around", ())}
    here = around.get(page or "")
    starts = ways.get("from_start", {})
    links = centred(here) if here else [tuple(link) for link in starts.get(who) or starts.get("all", ())]
    return view.shown(
        "paths.jinja",
        "paths",
        group=who if who in starts else "all",
        groups=list(starts),
        pages=list(around),
        page=here["page"] if here else None,
        around=here,
        sankey=drawn.sankey(links),
        links=links,
        first=first(links),
    )


def centred(here: dict[str, Any]) -> Links:
    """The ways before and after one page, in three columns."""
    before: Links = [(0, name, here["page"], number) for name, number in here["before"]]
    after: Links = [(1, here["page"], name, number) for name, number in here["after"]]
    return before + after


def first(links: Sequence[Any]) -> tuple[str, str, int] | None:
    """The way that most sessions take at the start: from, to, how many; null where none is known."""
    known = [each for each in links if each[0] == 0 and each[1] and each[2]]
    best = max(known, key=lambda each: each[3], default=None)
    return None if best is None else (best[1], best[2], best[3])
