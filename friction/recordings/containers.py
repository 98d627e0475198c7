"""JSON values → recordings: what may be wrapped around the events, and which records are none.

Seen around events: a list; an object with `events`, `rrweb_data` or `snapshots`, alone or in a list;
`{data: {…}}`; lines of `{window_id, data: […]}`; lists in lists (segments); a line or object each event;
JavaScript that assigns the list to a name; single events packed as compressed strings; and parts of an
event compressed (`cv`).

Ids are taken from the wrapper or the event. Events without any belong to one recording, except that each of
several wrappers with a payload of its own opens another one.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from friction.recordings.packed import inflated, unpacked
from friction.recordings.values import Torn

SESSION = ("session_id", "sessionId", "session_guid", "recording_id", "recordingId", "replay_id", "replayId")
VISITOR = ("distinct_id", "visitor_id", "visitorId", "anonymous_id", "anonymousId", "user_id", "userId")
WINDOW = ("window_id", "windowId", "tab_id", "tabId")
OPENING = ("rrweb_data", "events", "snapshots")
PASSING = ("data", "recordings", "results", "segments", "recording", "replay", "event")
DEEPEST = 6
TELLING = frozenset({*SESSION, *WINDOW, *OPENING, "cv"})
"""What makes an event more than its type, data and time."""


Key = str | int


class Event(NamedTuple):
    """One well-formed event: its time (epoch ms), number in the file, window, and the record itself."""

    ts: float
    row_no: int
    window: str | None
    data: dict[str, Any]


@dataclass
class Recording:
    """The events of one recording in the order of the file; ids are null where the file gives none."""

    session_id: str | None
    visitor_id: str | None = None
    events: list[Event] = field(default_factory=list)
    first: int = 0
    """The number of the record that opened it."""


class Scope(NamedTuple):
    """What the wrappers around a value say."""

    key: int = 0
    session: str | None = None
    visitor: str | None = None
    window: str | None = None


NOWHERE = Scope()


@dataclass
class Contents:
    """All recordings of a file, and the records that are no events as (number, line or null, reason).

    `only`: the keys of the recordings whose events are wanted; null: all.
    """

    records: int = 0
    rejects: list[tuple[int, int | None, str]] = field(default_factory=list)
    only: Container[Key] | None = None
    _recordings: dict[Key, Recording] = field(default_factory=dict)
    _scopes: int = 0

    @property
    def recordings(self) -> list[Recording]:
        """In the order of their first event."""
        return [one for one in self._recordings.values() if one.events]

    @property
    def keyed(self) -> dict[Key, Recording]:
        """By what tells them apart (their session, or the number of the wrapper, 0 outside of any), in the order of the
        record that opened each; also those that lost all their events at a tear.
        """
        return self._recordings

    def take(self, value: Any, scope: Scope = NOWHERE, depth: int = 0) -> None:
        """Sort one value of the file in, whatever it is."""
        if isinstance(value, Torn):
            self._torn(value)
        elif depth > DEEPEST:
            self._reject("too_deep")
        elif isinstance(value, list):
            self._list(value, scope, depth + 1)
        elif isinstance(value, dict) and (payload := _payload(value)) is not None:
            self.take(payload, self._inside(value, scope), depth + 1)
        elif not (isinstance(value, dict) and value.keys() == {"segment_id"}):
            self._event(unpacked(value) if isinstance(value, str) else value, scope)

    def _inside(self, wrapper: dict[str, Any], scope: Scope) -> Scope:
        session = _text(wrapper, SESSION)
        opens = any(isinstance(wrapper.get(key), list | dict) for key in OPENING)
        if session is None and opens and isinstance(wrapper.get("id"), str):
            session = wrapper["id"]
        if opens and session is None and scope.session is None and _text(wrapper, WINDOW) is None:
            self._scopes += 1
            scope = scope._replace(key=self._scopes)
        person = wrapper.get("person")
        visitor = _text(wrapper, VISITOR)
        if visitor is None and isinstance(person, dict):
            visitor = _text(person, (*VISITOR, "uuid", "id"))
        return scope._replace(
            session=session or scope.session,
            visitor=visitor or scope.visitor,
            window=_text(wrapper, WINDOW) or scope.window,
        )

    def _list(self, parts: list[Any], scope: Scope, depth: int) -> None:
        """Most parts of most lists are plain events, which need no closer look."""
        recording, window, is_near = None, scope.window, depth <= DEEPEST
        for part in parts:
            if not is_near or not _is_plain(part):
                self.take(part, scope, depth)
                continue
            self.records += 1
            recording = recording or self._wanted(scope.session, scope)
            if recording is not None:
                recording.events.append(Event(float(part["timestamp"]), self.records, window, part))

    def _event(self, value: Any, scope: Scope) -> None:
        if isinstance(value, dict) and "cv" in value:
            value = inflated(value)
        if fault := _fault(value):
            self._reject(fault)
            return
        session, window = scope.session, scope.window
        if len(value) > 3:
            session, window = _text(value, SESSION) or session, _text(value, WINDOW) or window
        self._keep(value, session, window, scope)

    def _keep(self, value: dict[str, Any], session: str | None, window: str | None, scope: Scope) -> None:
        self.records += 1
        recording = self._wanted(session, scope)
        if recording is not None:
            recording.events.append(Event(float(value["timestamp"]), self.records, window, value))

    def _wanted(self, session: str | None, scope: Scope) -> Recording | None:
        """The recording of that session, or of this place in the file without one; null where it is not asked for."""
        key = session or scope.key
        if self.only is not None and key not in self.only:
            return None
        recording = self._recordings.get(key)
        if recording is None:
            recording = self._recordings[key] = Recording(session, first=self.records)
        recording.visitor_id = recording.visitor_id or scope.visitor
        return recording

    def _torn(self, torn: Torn) -> None:
        before = len(self.rejects)
        if torn.value is not None:
            self.take(torn.value)
            if len(self.rejects) == before:
                self._drop_last()
        del self.rejects[before:]
        self.rejects.append((self.records + (torn.value is None), torn.line, torn.reason))
        self.records += torn.value is None

    def _drop_last(self) -> None:
        """The event at the tear: what is left of it may look whole and is not."""
        for recording in self._recordings.values():
            if recording.events and recording.events[-1].row_no == self.records:
                recording.events.pop()

    def _reject(self, reason: str) -> None:
        self.records += 1
        self.rejects.append((self.records, None, reason))


def _payload(value: dict[str, Any]) -> Any:
    for key in OPENING:
        if isinstance(value.get(key), list | dict):
            return value[key]
    if type(value.get("type")) is int and not isinstance(value.get("data"), list):
        return None
    return next((value[key] for key in PASSING if isinstance(value.get(key), list | dict)), None)


def _is_plain(value: Any) -> bool:
    """An event without a fault that says nothing of its session or window and is not packed."""
    if type(value) is not dict or type(value.get("data")) is not dict:
        return False
    kind, stamp = value.get("type"), value.get("timestamp")
    if type(kind) is not int or kind < 0 or (type(stamp) is not int and type(stamp) is not float):
        return False
    return 0 < stamp < 1e14 and (len(value) == 3 or value.keys().isdisjoint(TELLING))


def _fault(value: Any) -> str | None:
    """Why a record is no event, or null."""
    if not isinstance(value, dict):
        return "not_an_event"
    kind, stamp = value.get("type"), value.get("timestamp")
    if type(kind) is not int or kind < 0:
        return "bad_type"
    if not isinstance(stamp, int | float) or stamp is True or not 0 < stamp < 1e14:
        return "bad_time"
    return "bad_data" if 2 <= kind <= 6 and not isinstance(value.get("data"), dict) else None


def _text(value: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        found = value.get(key)
        if (isinstance(found, str) and found) or type(found) is int:
            return str(found)
    return None
