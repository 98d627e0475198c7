"""Nightly scans: how a project is scanned, what the scans said, release marks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from friction.nightly import marks
from friction.nightly.book import Book

from .. import paging
from ..access.caller import caller
from ..clock import new_id, now
from ..errors import Refused, missing
from ..nights.allowed import Tree, checked
from ..nights.carrying import Yard, plan
from ..service import Service, ServiceDep
from ..store import nights
from ..store.tables import scans as table
from .moments import Moment

router = APIRouter(prefix="/v1", tags=["scans"])


class ScheduleAnswer(BaseModel):
    """How the project is scanned. `settings` are sections of friction.toml; secrets are never among them."""

    settings: Tree
    last_night: str | None
    next_night: str | None
    """The night that the next scan is about."""
    waiting_messages: int


class ScheduleChange(BaseModel):
    """Sections of friction.toml, as JSON: sources, schedule, notify, goals, time …"""

    model_config = ConfigDict(extra="forbid")

    settings: Tree


class ScanAnswer(BaseModel):
    """One scan: the night it is about, what it told by kind, its report."""

    scan_id: str
    night: str | None
    since: str | None
    until: str | None
    state: str
    report_id: str | None
    said: dict[str, int]
    problem: dict[str, Any] | None
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None

    @classmethod
    def of(cls, row: nights.ScanRow) -> ScanAnswer:
        """Of its row."""
        kept = {name: getattr(row, name) for name in cls.model_fields if name != "scan_id"}
        return cls.model_validate({"scan_id": row.id, **kept})


class ScanPage(BaseModel):
    """Scans, the latest first; `next` is null on the last page."""

    scans: list[ScanAnswer]
    next: str | None


class MarkChange(BaseModel):
    """A release or another moment; without `at` it is now."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=200)]
    at: Moment | None = None


class MarkAnswer(BaseModel):
    """A mark, with the points that are clearly met more or less often since, the clearest first."""

    annotation_id: str
    at: dt.datetime
    text: str
    changes: list[dict[str, Any]]


class Marks(BaseModel):
    """All marks, the latest first."""

    annotations: list[MarkAnswer]


class SourceAnswer(BaseModel):
    """A source of the nightly scans and how many of its objects are known."""

    name: str
    at: str
    objects: int
    refused: dict[str, str]
    """Objects that could not be read, with the code of the reason."""
    watermark: str | None


class Sources(BaseModel):
    """All sources of the project."""

    sources: list[SourceAnswer]


class NightsAsked(BaseModel):
    """Every night of these days that is not known yet, one by one, and rows of databases from the first on once more;
    without them the latest night.
    """

    model_config = ConfigDict(extra="forbid")

    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def days(self) -> tuple[str | None, str | None]:
        """As scans know days."""
        since, until = (None if day is None else day.isoformat() for day in (self.since, self.until))
        return since, until


LATEST = NightsAsked()


class SourcePlan(BaseModel):
    """What lies at a source and what of it is new; those that could not be read before are not tried again."""

    name: str
    objects: int
    new: list[str]
    refused: list[str]
    bytes: int
    watermark: str | None


class PlanAnswer(BaseModel):
    """What a scan would do: what it would read, and the nights it would look at in reports over so many days."""

    sources: list[SourcePlan]
    nights: list[str]
    known_nights: int
    """Nights that were asked for, are known and stay as they were told."""
    zone: str
    window_days: int


@router.get("/schedule")
def schedule(service: ServiceDep) -> ScheduleAnswer:
    """How the project is scanned at night."""
    with service.store.read(service.project) as scope:
        found = nights.schedule(scope)
    if found is None:
        return ScheduleAnswer(settings={}, last_night=None, next_night=None, waiting_messages=0)
    letters = (found.state or {}).get("letters", [])
    waiting = sum(letter["sent"] is None for letter in letters)
    return ScheduleAnswer(
        settings=found.settings,
        last_night=found.last_night,
        next_night=_next(found),
        waiting_messages=waiting,
    )


@router.put("/schedule")
def set_schedule(asked: ScheduleChange, service: ServiceDep, request: Request) -> ScheduleAnswer:
    """Set how the project is scanned. Folders of sources lie in the project's inbox on the server. Buckets, databases
    and chats elsewhere are an operator's to name, and stay when others change the rest.
    """
    with service.store.read(service.project) as scope:
        before = nights.schedule(scope)
    known = before.settings if before else {}
    inbox = Yard(service.store, service.folder).inbox(service.project)
    settings = checked(asked.settings, inbox, known, anywhere=caller(request).may("operator"))
    with service.store.write(service.project) as scope:
        at, zone = settings.schedule.at, settings.time.zone or "UTC"
        nights.set_schedule(scope, asked.settings, at, zone, settings.schedule.late_hours)
    return schedule(service)


def _next(found: nights.Schedule) -> str | None:
    from friction.nightly.calendar import complete
    from friction.nightly.days import moved

    if found.at is None:
        return None
    latest = complete(now(), found.zone, found.late_hours)
    return latest if found.last_night is None or latest > found.last_night else moved(found.last_night, 1)


@router.get("/sources")
def sources(service: ServiceDep) -> Sources:
    """Where nightly scans read, and how far they have come."""
    with service.store.read(service.project) as scope:
        found = nights.schedule(scope)
    state = (found.state if found else None) or {}
    inbox = f"{Yard(service.store, service.folder).inbox(service.project)}/"
    listed = [
        SourceAnswer(
            name=name,
            at=source["at"],
            objects=len(state.get("seen", {}).get(name, {})),
            refused={
                key.removeprefix(inbox): each["code"]
                for key, each in state.get("refused", {}).get(name, {}).items()
            },
            watermark=state.get("watermarks", {}).get(name),
        )
        for name, source in sorted((found.settings if found else {}).get("sources", {}).items())
    ]
    return Sources(sources=listed)


@router.post("/scans", status_code=202)
def start(service: ServiceDep, response: Response, asked: NightsAsked = LATEST) -> ScanAnswer:
    """Scan now; a night that is known already is not scanned once more."""
    scan_id = new_id("scan")
    _scheduled(service)
    since, until = asked.days
    with service.store.write(service.project) as scope:
        nights.add_scan(scope, scan_id, None, since=since, until=until)
    response.headers["Location"] = f"/v1/scans/{scan_id}"
    return one(scan_id, service)


@router.post("/schedule/check")
def check(service: ServiceDep, asked: NightsAsked = LATEST) -> PlanAnswer:
    """What a scan would read and look at now; nothing is read but lists of names."""
    yard = Yard(service.store, service.folder)
    inbox = f"{yard.inbox(service.project)}/"
    found = plan(yard, service.project, _scheduled(service), *asked.days)
    sources = [
        SourcePlan(
            name=each.source,
            objects=each.objects,
            new=[arrival.name.removeprefix(inbox) for arrival in each.fresh],
            refused=[name.removeprefix(inbox) for name in each.refused],
            bytes=each.bytes,
            watermark=each.watermark,
        )
        for each in found.sources
    ]
    return PlanAnswer(
        sources=sources,
        nights=found.nights,
        known_nights=found.known,
        zone=found.zone,
        window_days=found.window_days,
    )


def _scheduled(service: Service) -> nights.Schedule:
    with service.store.read(service.project) as scope:
        found = nights.schedule(scope)
    if found is None:
        raise Refused(
            409, "schedule.missing", "the project is not scanned yet", remedy="set /v1/schedule first"
        )
    return found


@router.get("/scans")
def several(
    service: ServiceDep,
    state: Annotated[list[str], Query(description="only in these states")] = [],  # noqa: B006
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> ScanPage:
    """Scans, the latest first."""
    key = paging.decoded(cursor, (str, str))
    with service.store.read(service.project) as scope:
        chosen = scope.all(table).order_by(table.c.created.desc(), table.c.id.desc())
        if state:
            chosen = chosen.where(table.c.state.in_(state))
        if key is not None:
            chosen = chosen.where(paging.after(table.c.created, table.c.id, key))
        rows = [nights.ScanRow(**row) for row in scope.rows(chosen.limit(limit + 1))]
    more = None
    if len(rows) > limit:
        more = paging.encoded(rows[limit - 1].created.isoformat(), rows[limit - 1].id)
    return ScanPage(scans=[ScanAnswer.of(row) for row in rows[:limit]], next=more)


@router.get("/scans/{scan_id}")
def one(scan_id: str, service: ServiceDep) -> ScanAnswer:
    """One scan."""
    with service.store.read(service.project) as scope:
        found = nights.scan(scope, scan_id)
    if found is None:
        raise missing("scan")
    return ScanAnswer.of(found)


@router.get("/annotations")
def noted(service: ServiceDep) -> Marks:
    """Release marks with what changed about each: the week before held against the week since."""
    with service.store.read(service.project) as scope:
        rows, lives = nights.marks(scope), nights.lives(scope)
    book = Book(lives=lives)
    return Marks(
        annotations=[
            MarkAnswer(
                annotation_id=row.id,
                at=row.at,
                text=row.text,
                changes=marks.changes(book, nights.as_marks([row])[0]),
            )
            for row in reversed(rows)
        ]
    )


@router.post("/annotations", status_code=201)
def annotate(asked: MarkChange, service: ServiceDep) -> MarkAnswer:
    """Note a release or another moment; changes that begin shortly after name it."""
    mark_id, at = new_id("mark"), asked.at or now()
    with service.store.write(service.project) as scope:
        nights.add_mark(scope, mark_id, at, asked.text)
    return MarkAnswer(annotation_id=mark_id, at=at, text=asked.text, changes=[])


@router.delete("/annotations/{annotation_id}", status_code=204)
def forget(annotation_id: str, service: ServiceDep) -> None:
    """Take a mark away."""
    with service.store.write(service.project) as scope:
        if not nights.remove_mark(scope, annotation_id):
            raise missing("annotation")
