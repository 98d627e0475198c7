"""Times that are sent to us: texts with a zone, nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST, LATEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""Of what can have happened on a page."""


def _text(value: object) -> object:
    """A number, which could be seconds or milliseconds, is no time."""
    if isinstance(value, dt.datetime):  # of a page, which has worked it out itself
        return value
    if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdecimal():
        return value
    raise ValueError("a time is written like 2026-03-21T08:00:00Z")


def _plausible(value: dt.datetime) -> dt.datetime:
    if EARLIEST <= value < LATEST:
        return value
    raise ValueError(f"a time lies between {EARLIEST.year} and {LATEST.year}")


Moment = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_plausible)]
