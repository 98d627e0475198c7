"""The kinds of values in the configuration: each reads what a person writes, or says how to write it."""

from __future__ import annotations

import datetime as dt
import json
import re
from ipaddress import ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from friction import goals
from friction.errors import nearest

_UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
    "t": 10**12,
    "ki": 2**10,
    "mi": 2**20,
    "gi": 2**30,
    "ti": 2**40,
}


def _size(value: object) -> object:
    """Bytes from text like `2GB`, `512 MiB` or `1.5g`."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([\d.]+)\s*([kmgt]?i?)b?", value.strip().lower())
    if found is None or found[1].count(".") > 1 or found[1] == "." or found[2] not in _UNITS:
        raise ValueError("a size is written like 512MB or 2GB")
    return int(float(found[1]) * _UNITS[found[2]])


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone, {_zone_hint(value)}") from None
    return value


def _zone_hint(value: str) -> str:
    hint = nearest(value, available_timezones())
    return hint if hint.startswith("did") else "write it like Europe/Paris or UTC"


def moment(value: str) -> str:
    """A date or time as it stands; a `ValueError` that says how one is written."""
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            f"{value!r} is no date or time, write it like 2026-10-31 or 2026-10-31T18:00"
        ) from None
    return value


def _expression(value: str) -> str:
    return str(goals.parse(value))


def _network(value: str) -> str:
    try:
        return str(ip_network(value.strip(), strict=False))
    except ValueError:
        raise ValueError(f"{value!r} is no network, write it like 203.0.113.0/24 or 203.0.113.7") from None


def _pattern(value: str) -> str:
    if not value.strip("*? "):
        raise ValueError(f"{value!r} fits everything, write it like *@example.com")
    return value


def json_or_text(text: str) -> Any:
    """What a person typed as the value of a setting: numbers, truths and lists as in JSON, all else as it stands."""
    try:
        return json.loads(text)
    except ValueError:
        return text


Size = Annotated[int, BeforeValidator(_size), Field(ge=1)]
Count = Annotated[int, Field(ge=1)]
Zone = Annotated[str, AfterValidator(_zone)]
Moment = Annotated[str, AfterValidator(moment)]
Expression = Annotated[str, AfterValidator(_expression)]
Network = Annotated[str, AfterValidator(_network)]
Pattern = Annotated[str, AfterValidator(_pattern)]
