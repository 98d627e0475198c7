"""How a project is scanned at night, where scans read, and what the next one would do."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from ..access.caller import caller
from ..clock import now
from ..errors import Refused
from ..nights.allowed import Tree, checked
from ..nights.carrying import Yard, plan
from ..service import Service, ServiceDep
from ..store import nights

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


@router.post("/schedule/check")
def check(service: ServiceDep, asked: NightsAsked = LATEST) -> PlanAnswer:
    """What a scan would read and look at now; nothing is read but lists of names."""
    yard = Yard(service.store, service.folder)
    inbox = f"{yard.inbox(service.project)}/"
    found = plan(yard, service.project, scheduled(service), *asked.days)
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


def scheduled(service: Service) -> nights.Schedule:
    """How the project is scanned; refused when it is not."""
    with service.store.read(service.project) as scope:
        found = nights.schedule(scope)
    if found is None:
        raise Refused(
            409, "schedule.missing", "the project is not scanned yet", remedy="set /v1/schedule first"
        )
    return found
