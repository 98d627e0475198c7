"""Everything that a project's scans remember, as one value: its file's rename is the commit of a scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field, replace
from functools import cache
from typing import Any

from friction.errors import InputError
from friction.nightly.book import Book
from friction.values import dataclass

VERSION = 1
KEPT_LETTERS = 200


@dataclass(frozen=True)
class Letter:
    """A message to one recipient, in all its forms; it waits here until it has been taken.

    `id` is the same however often the scan is carried out, so whoever gets it twice can tell.
    """

    id: str
    channel: str
    lang: str
    night: str
    subject: str
    text: str
    html: str
    markdown: str
    members: dict[str, Any]
    """The same as JSON, for programs."""
    due: str
    """Not before (ISO time, UTC)."""
    tries: int = 0
    sent: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Refused:
    """An object that could not be read, with the mark it had; it is not tried again while it has that."""

    mark: str
    code: str


@dataclass(frozen=True)
class Health:
    """Of the scans themselves: when one went well the last time, how long it took, what it read."""

    last_success: str | None = None
    last_attempt: str | None = None
    seconds: float = 0.0
    objects: int = 0
    rows: int = 0
    late_events: int = 0
    """Events of days that had been complete before, which had come when the last night was scanned."""
    failures: int = 0
    """Scans in a row that failed."""
    problem: str | None = None


@dataclass(frozen=True)
class State:
    """`seen`: source → object → its mark; `watermarks`: source → where a query goes on."""

    book: Book = field(default_factory=Book)
    seen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, Mapping[str, Refused]] = field(default_factory=dict)
    watermarks: Mapping[str, str] = field(default_factory=dict)
    letters: tuple[Letter, ...] = ()
    quiet_line: Mapping[str, str] = field(default_factory=dict)
    """Channel → night of its last all-quiet line."""
    health: Health = Health()

    def waiting(self, now: dt.datetime) -> list[Letter]:
        """Letters to be sent now, the oldest first."""
        return [letter for letter in self.letters if letter.sent is None and letter.due <= stamp(now)]

    def with_letter(self, letter: Letter) -> State:
        """With this letter in the place of the one of the same id, or as a new one."""
        others = [each for each in self.letters if each.id != letter.id]
        if len(others) == len(self.letters):
            return replace(self, letters=_kept((*self.letters, letter)))
        letters = tuple(letter if each.id == letter.id else each for each in self.letters)
        return replace(self, letters=_kept(letters))


def _kept(letters: tuple[Letter, ...]) -> tuple[Letter, ...]:
    """All that wait, and the latest of those that were sent."""
    sent = [letter.id for letter in letters if letter.sent is not None]
    gone = set(sent[: max(0, len(sent) - KEPT_LETTERS)])
    return tuple(letter for letter in letters if letter.id not in gone)


def stamp(moment: dt.datetime) -> str:
    """ISO time in UTC, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_json(state: State) -> bytes:
    """Canonical bytes."""
    import orjson

    return orjson.dumps({"version": VERSION, "state": state}, option=orjson.OPT_SORT_KEYS)


def from_json(content: bytes) -> State:
    """Read it back; raises `InputError` when it is none, or one of a later version."""
    import orjson

    later = False
    try:
        members = orjson.loads(content)
        later = members["version"] > VERSION
        if not later:
            state: State = _reader().validate_python(members["state"])
            return state
    except (ValueError, KeyError, TypeError):
        pass
    remedy = (
        "it was written by a later version of friction: install that one"
        if later
        else "restore it from a copy; without it, the next scan begins anew"
    )
    raise InputError("scan.state_unreadable", "what is known of earlier nights cannot be read", remedy=remedy)


@cache
def _reader() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(State)
