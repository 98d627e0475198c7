"""`[schedule]`, `[notify.NAME]` and `[budgets]`: when a project is scanned, who hears of it, and what is too much.

[schedule]
at = "04:00"
name = "Atelier Nove"

[notify.team]
to = ["ux@example.com"]
from = "friction@example.com"
smtp = "smtp://mail.example.com:587"
lang = "fr"
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Said = Literal["new", "worse", "better", "fixed", "regressed", "data"]
WAYS = ("to", "url", "webhook", "file")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _hour(value: str) -> str:
    if not _HOUR.fullmatch(value):
        raise ValueError(f"{value!r} is no time of day, write it like 04:00")
    return value


def _hours(value: str) -> str:
    start, dash, end = value.partition("-")
    if not dash or not _HOUR.fullmatch(start.strip()) or not _HOUR.fullmatch(end.strip()):
        raise ValueError(f"{value!r} are no hours, write them like 20:00-07:00")
    return f"{start.strip()}-{end.strip()}"


Hour = Annotated[str, AfterValidator(_hour)]
Hours = Annotated[str, AfterValidator(_hours)]


class ScheduleSettings(BaseModel):
    """`[schedule]`: nightly scans. Days and hours are those of `[time] zone`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Hour | None = None
    """When the service scans; null: only when it is told to. `friction scan` is started by cron or a timer."""
    name: str | None = None
    """What the project is called in messages; null: the name of the folder."""
    late_hours: Annotated[float, Field(ge=0, le=72)] = 3.0
    """How long after midnight data of the day before may still arrive; until then the day is not complete."""
    window_days: Annotated[int, Field(ge=7, le=92)] = 28
    """Days that each report looks back on."""
    folder: str = ".friction"
    """Where `friction scan` keeps what it knows, seen from the configuration file."""
    keep_days: Annotated[int, Field(ge=14)] = 90
    """How long events are kept."""
    address: str | None = None
    """Where reports can be seen, like `https://friction.example.com`; messages then have links."""
    heartbeat: str | None = None
    """An address that is asked after every scan that went well; `/fail` is added to it after one that did not."""


class NotifySettings(BaseModel):
    """`[notify.NAME]`: one recipient. Exactly one of `to`, `url`, `webhook` and `file` says how."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    to: tuple[str, ...] = ()
    """Mail addresses."""
    sender: Annotated[str | None, Field(alias="from")] = None
    """From whom a mail is; null: the first of `to`."""
    smtp: str = "smtp://localhost:25"
    """The mail server, like `smtp://user@mail.example.com:587` (STARTTLS where it is offered) or `smtps://…`."""
    password: Annotated[str | None, Field(exclude=True, repr=False)] = None
    """Of the mail server; best given by FRICTION_NOTIFY__NAME__PASSWORD."""
    url: str | None = None
    """Of a chat or another service, as Apprise writes it: `slack://…`, `msteams://…`; needs the extra `notify`."""
    webhook: str | None = None
    """An address that gets the message as JSON."""
    secret: Annotated[str | None, Field(exclude=True, repr=False)] = None
    """With which webhooks are signed (Standard Webhooks); best given by FRICTION_NOTIFY__NAME__SECRET."""
    file: str | None = None
    """A Markdown file that holds the latest message."""
    lang: Literal["en", "fr"] = "en"
    """The language of the message."""
    quiet: Hours | None = None
    """Hours without messages, like `20:00-07:00`; they are sent afterwards."""
    weekly: Weekday | None = "monday"
    """The day on which one line says that a week was quiet; null: never."""
    only: tuple[Said, ...] = ()
    """What is worth a message; empty: everything."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(bool(getattr(self, way)) for way in WAYS) != 1:
            raise ValueError("exactly one of to, url, webhook and file must be given")
        return self


class BudgetSettings(BaseModel):
    """`[budgets]`: more than this trips `--fail-on budget`. Null: no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: Annotated[int, Field(ge=0)] | None = None
    """Friction points that surely cost something (at least likely)."""
    score: Annotated[float, Field(ge=0, le=100)] | None = None
    """The score of any one point."""
    lost_per_1000: Annotated[float, Field(ge=0)] | None = None
    """What any one point costs of 1,000 sessions, in the unit of its metric."""
    affected_share: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of the sessions on a page that meet any one point."""
