"""The wizard: which of their columns is which of ours. Guesses are filled in, doubtful ones are marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from friction.i18n import N_, Language
from friction.i18n.problems import say
from friction.render.safe import clean

from ..store.mappings import SavedMapping

SURE = 0.85
NEEDED = (
    ("ts", N_("Time"), N_("when it happened")),
    ("session_id", N_("Session"), N_("or a visitor")),
    ("visitor_id", N_("Visitor"), N_("or a session")),
    ("url", N_("Page"), N_("address or name of the page; or an event")),
    ("kind", N_("Event"), N_("what happened; or a page")),
    ("target", N_("Element"), N_("what was clicked")),
)
MORE = (
    ("field", N_("Field"), N_("of a form")),
    ("form", N_("Form"), N_("of the field")),
    ("device", N_("Device"), N_("for segments")),
    ("country", N_("Country"), N_("for segments")),
    ("channel", N_("Channel"), N_("for segments")),
    ("release", N_("Release"), N_("version of the site")),
    ("value", N_("Value"), N_("of a conversion")),
    ("currency", N_("Currency"), N_("of the value")),
    ("load_ms", N_("Loading time"), N_("milliseconds")),
    ("http_status", N_("Status of the server"), N_("404, 500 …")),
    ("error_message", N_("Error"), N_("its message")),
    ("x", N_("Click, from the left"), N_("pixels")),
    ("y", N_("Click, from the top"), N_("pixels")),
)
ALSO = {"url": ("item", "page"), "kind": ("order", "name")}
"""Other words of ours that fill the same line."""
SHOWN = {
    "ts": N_("Time (UTC)"),
    "session_id": N_("Session"),
    "visitor_id": N_("Visitor"),
    "user_id": N_("User"),
    "kind": N_("Event"),
    "name": N_("Event, as recorded"),
    "url": N_("Page"),
    "page": N_("Page"),
    "target": N_("Element"),
    "form": N_("Form"),
    "field": N_("Field"),
}
NONE = "-"
"""Of a choice: not in this file."""


@dataclass(frozen=True)
class Line:
    """One of ours with what it was taken for."""

    ours: str
    word: str
    hint: str
    theirs: str
    is_sure: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class Dates:
    """A date that can be read in two ways."""

    example: str
    readings: list[tuple[str, str]]
    """Order and the day it gives."""
    chosen: str
    deciding: str | None


@dataclass(frozen=True)
class Asked:
    """What the wizard shows of the first table that needs it."""

    file: str
    columns: list[str]
    needed: list[Line]
    more: list[Line]
    dates: Dates | None
    problem: str | None
    head: list[str]
    rows: list[list[str]]
    saved: list[str]
    tz: str
    others: int


def asked(
    found: Mapping[str, Any], answers: Mapping[str, Any], saved: Sequence[SavedMapping], speak: Language
) -> Asked | None:
    """The wizard of the first table that cannot be read, else of the first one; null when there is no table."""
    tables = [file for file in found["files"] if file["columns"] is not None]
    if not tables:
        return None
    file = next((each for each in tables if each["problem"]), tables[0])
    mapping = answers.get("mapping") or {}
    names = [each["theirs"] for each in file["columns"]]
    problem = file["problem"] and say(str(file["problem"]["detail"]), speak)
    head = [name for name in SHOWN if any(row.get(name) for row in file["rows"])]
    return Asked(
        file=clean(file["name"], 120),
        columns=names,
        needed=[_line(ours, word, hint, file, mapping, speak) for ours, word, hint in NEEDED],
        more=[_line(ours, word, hint, file, mapping, speak) for ours, word, hint in MORE],
        dates=_dates(file["dates"], mapping, speak),
        problem=clean(problem, 300) if problem else None,
        head=[speak.text(SHOWN[name]) for name in head],
        rows=[[_shown(name, row.get(name), speak) for name in head] for row in file["rows"]],
        saved=[each.name for each in saved if set(filter(None, _columns_of(each))) <= set(names)],
        tz=str(answers.get("tz") or ""),
        others=len(tables) - 1,
    )


def _columns_of(saved: SavedMapping) -> list[str]:
    return [theirs for ours, theirs in saved.columns.items() if ours != "ts_format"]


def _line(
    ours: str, word: str, hint: str, file: Mapping[str, Any], mapping: Mapping[str, str], speak: Language
) -> Line:
    at = next((each for each in file["columns"] if each["ours"] in (ours, *ALSO.get(ours, ()))), None)
    refused = mapping.get(ours) == ""
    return Line(
        ours=ours,
        word=speak.text(word),
        hint=speak.text(hint),
        theirs=NONE if refused else at["theirs"] if at else "",
        is_sure=at is not None and (ours in mapping or (at["confidence"] or 0) >= SURE),
        values=tuple(clean(value, 60) for value in at["values"]) if at else (),
    )


def _dates(found: Mapping[str, Any] | None, mapping: Mapping[str, str], speak: Language) -> Dates | None:
    if found is None:
        return None
    readings = [(order, speak.date(day)) for order, day in found["readings"].items() if day]
    fits = found["fits"]
    chosen = mapping.get("ts_format") or (fits[0] if len(fits) == 1 else "")
    deciding = clean(found["deciding"], 40) if found["deciding"] and len(fits) == 1 else None
    return Dates(clean(found["example"], 40), readings, chosen, deciding)


def _shown(name: str, value: str | None, speak: Language) -> str:
    if value is None:
        return ""
    return speak.moment(value, "UTC") if name == "ts" else clean(value, 60)


def mapping_of(said: Mapping[str, str], first: Mapping[str, Any]) -> dict[str, str]:
    """The mapping that the form says; `first` is what was guessed without any. What is as guessed is said as well."""
    guess = {
        each["ours"]: each["theirs"]
        for file in first["files"]
        for each in file["columns"] or ()
        if each["ours"]
    }
    mapping: dict[str, str] = {}
    for ours in (name for name, *_ in (*NEEDED, *MORE)):
        theirs = said.get(f"m.{ours}", "")
        key = next(
            (word for word in (ours, *ALSO.get(ours, ())) if guess.get(word) == theirs and theirs), ours
        )
        if theirs == NONE:
            mapping |= {word: "" for word in (ours, *ALSO.get(ours, ())) if word in guess}
        elif theirs:
            mapping[key] = theirs
    if said.get("ts_format"):
        mapping["ts_format"] = said["ts_format"]
    return mapping


def plain(name: str) -> str:
    """A name as saved mappings have it: letters, digits, dots, dashes."""
    found = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:100]
    return found or "mapping"


@cache
def zones() -> tuple[str, ...]:
    """Zones that people know by their city."""
    found = {
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV"))
    }
    return ("UTC", *sorted(found))
