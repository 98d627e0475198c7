"""Live events: what friction a session has met, answered at once; a hook hears of known friction points."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from ..hooks import tell
from ..live import Judged, Live
from ..service import Service, ServiceDep
from ..store import hooks, points, settings
from ..store.tables import reports as table
from .moments import Moment
from .reports import content

router = APIRouter(prefix="/v1", tags=["live"])
TOLD = "session.friction"

Text = Annotated[str | None, Field(max_length=2000)]
Word = Annotated[str | None, Field(max_length=200)]
Number = Annotated[float | None, Field(strict=True)]


class LiveEvent(BaseModel):
    """One event, in the columns of the event table (`friction schema event`)."""

    model_config = ConfigDict(extra="forbid")

    ts: Moment
    kind: Word = Field(default=None, examples=["click"])
    name: Word = None
    url: Text = None
    target: Text = Field(default=None, examples=["button#pay"])
    el_tag: Word = None
    el_id: Word = None
    el_role: Word = None
    el_type: Word = None
    el_text: Word = None
    el_href: Text = None
    form: Word = None
    field: Word = None
    key_name: Word = None
    x: Number = None
    y: Number = None
    detail: int | None = Field(default=None, ge=0, le=1000, strict=True)
    value_len: int | None = Field(default=None, ge=0, strict=True)
    http_status: int | None = Field(default=None, ge=0, le=999, strict=True)
    req_url: Text = None
    error_message: Text = None
    response_delay_ms: float | None = Field(default=None, ge=0, strict=True)


class Batch(BaseModel):
    """What happened in one session since the last batch."""

    model_config = ConfigDict(extra="forbid")

    session_id: str = Field(min_length=1, max_length=200)
    visitor_id: str | None = Field(default=None, max_length=200)
    events: list[LiveEvent] = Field(min_length=1, max_length=200)


class Met(BaseModel):
    """A friction that the session has met."""

    point_id: str = Field(description="the id that reports give the friction point")
    detector: str
    page: str
    target: str | None
    findings: int
    severity: float
    first: dt.datetime
    last: dt.datetime
    is_new: bool = Field(description="seen with this batch for the first time in the session")
    is_known: bool = Field(description="a friction point of this project's reports")


class FrictionState(BaseModel):
    """The friction of one live session so far."""

    session_id: str
    events: int = Field(description="events of the session that count, this batch among them")
    segments: list[str] = Field(description="named segments of the project that an event of the session fits")
    frictions: list[Met]


@router.post("/events")
def judge(batch: Batch, request: Request, service: ServiceDep) -> FrictionState:
    """Judge a small batch together with the session's events so far; `session.friction` tells hooks of known points."""
    who = {"session_id": batch.session_id, "visitor_id": batch.visitor_id or batch.session_id}
    told = [{**each.model_dump(mode="json", exclude_none=True), **who} for each in batch.events]
    live = cast(Live, request.app.state.live)
    templates, segments = _said(service, live)
    found = live.judged((service.project, batch.session_id), told, templates, segments)
    frictions = _known(service, batch, found)
    return FrictionState(
        session_id=batch.session_id, events=found.events, segments=found.segments, frictions=frictions
    )


def _known(service: Service, batch: Batch, judged: Judged) -> list[Met]:
    """The frictions, told to hooks where they are new in the session and known and not muted in the project."""
    if not judged.met:
        return []
    with service.store.read(service.project) as scope:
        lives = points.several(scope, [each["point_id"] for each in judged.met])
    found = [Met(**each, is_known=each["point_id"] in lives) for each in judged.met]
    fresh = [
        each for each in found if each.is_new and each.is_known and lives[each.point_id].state != "muted"
    ]
    if fresh:
        with service.store.write(service.project) as scope:
            hearing = [each for each in hooks.several(scope) if TOLD in each.events]
            for each in fresh:
                told = each.model_dump(mode="json")
                data = {"session_id": batch.session_id, "segments": judged.segments, "friction": told}
                tell(scope, TOLD, data, to=[one for one in hearing if hears(one.only, told, judged.segments)])
    return found


def hears(only: Mapping[str, Sequence[str]] | None, met: Mapping[str, Any], segments: Sequence[str]) -> bool:
    """Whether a receiver that wants `only` these points, detectors and segments is told; all that it names must fit."""
    wanted = only or {}
    said = {"points": [met["point_id"]], "detectors": [met["detector"]], "segments": segments}
    return all(not wanted.get(name) or set(wanted[name]) & set(those) for name, those in said.items())


def _said(service: Service, live: Live) -> tuple[tuple[str, ...], dict[str, str]]:
    """The pages of the latest report, so that live pages are called as they are there, and the project's segments."""
    latest_first = table.c.created.desc(), table.c.id.desc()
    with service.store.read(service.project) as scope:
        latest = scope.first(scope.all(table).with_only_columns(table.c.id).order_by(*latest_first).limit(1))
        segments = settings.get(scope).get("journey", {}).get("segments", {})
    if latest is None:
        return (), segments
    return live.templates(str(latest["id"]), lambda: _pages(content(service, str(latest["id"])))), segments


def _pages(report: bytes) -> tuple[str, ...]:
    pages = (str(each["page"]) for each in json.loads(report).get("pages", []))
    return tuple(page for page in pages if page.startswith("/"))
