"""Bytes → recordings: what may be wrapped around the events, and which records are none.

Seen around events: a list; an object with `events`, `rrweb_data` or `snapshots`, alone or in a list;
`{data: {…}}`; lines of `{window_id, data: […]}`; lists in lists (segments); a line or object each event;
JavaScript that assigns the list to a name; single events packed as compressed strings; and parts of an
event compressed (`cv`).

Ids are taken from the wrapper or the event. Events without any belong to one recording, except that each of
several wrappers with a payload of its own opens another one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from friction.limits import DEFAULT
from friction.tables.values import is_deeper, loaded

SESSION = ("session_id", "sessionId", "session_guid", "recording_id", "recordingId", "replay_id", "replayId")
VISITOR = ("distinct_id", "visitor_id", "visitorId", "anonymous_id", "anonymousId", "user_id", "userId")
WINDOW = ("window_id", "windowId", "tab_id", "tabId")
OPENING = ("rrweb_data", "events", "snapshots")
PASSING = ("data", "recordings", "results", "segments", "recording", "replay", "event")
DEEPEST = 6
TELLING = frozenset({*SESSION, *WINDOW, *OPENING, "cv"})
"""What makes an event more than its type, data and time."""
LOOKED = 1_000
"""Bytes after the first line in which another one is looked for."""
MOST_INFLATED = 64 * 1024 * 1024

_PREFIX = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*"
    rb"(?:(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*(?::[^=\n]+)?=\s*|export\s+default\s+|[\w.$]{1,80}\s*=\s*)?(?=[\[{])",
    re.DOTALL,
)
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A string, also one that never ends: looking for its end from each of its quotes anew would take for ever."""
_CLOSING = {b"[": b"]", b"{": b"}"}


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


class Torn(NamedTuple):
    """A value that could not be read to its end: its line, what of it could be saved, and why."""

    line: int
    value: Any = None
    reason: str = "torn_json"


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
        for part in parts:
            if depth <= DEEPEST and _is_plain(part):
                self._keep(part, scope.session, scope.window, scope)
            else:
                self.take(part, scope, depth)

    def _event(self, value: Any, scope: Scope) -> None:
        if isinstance(value, dict) and "cv" in value:
            value = _inflated(value)
        if fault := _fault(value):
            self._reject(fault)
            return
        session, window = scope.session, scope.window
        if len(value) > 3:
            session, window = _text(value, SESSION) or session, _text(value, WINDOW) or window
        self._keep(value, session, window, scope)

    def _keep(self, value: dict[str, Any], session: str | None, window: str | None, scope: Scope) -> None:
        self.records += 1
        key = session or scope.key
        if self.only is not None and key not in self.only:
            return
        recording = self._recordings.get(key)
        if recording is None:
            recording = self._recordings[key] = Recording(session, first=self.records)
        recording.visitor_id = recording.visitor_id or scope.visitor
        recording.events.append(Event(float(value["timestamp"]), self.records, window, value))

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


def values(data: bytes, depth: int = DEFAULT.depth) -> Iterator[Any]:
    """The JSON values of a file, one after the other; what is torn or nested deeper than `depth` comes as `Torn`."""
    if are_lines(data, depth):
        yield from lines(data, depth)
        return
    start = _PREFIX.match(data)
    body = data[start.end() :] if start else data
    whole = loaded(body, depth)
    if whole is not None:
        yield whole
    elif (first := _first(body, depth)) is not None:
        yield first
    elif any(loaded(line, depth) for line in body.lstrip().split(b"\n", 5)[:5] if line[:1] in {b"{", b"["}):
        yield from lines(data, depth)
    else:
        yield _saved(body, data.count(b"\n") + 1, depth)


@lru_cache(maxsize=2)
def first_values(head: bytes) -> tuple[Any, ...]:
    """The JSON values at the beginning of a file, for whoever asks what it is: they look at them and change nothing."""
    return tuple(values(head))


def completed(head: bytes) -> bytes:
    """JSON cut off somewhere, closed again after its last whole member; empty when there is none."""
    cut = max((end for end, _ in _commas(head)), default=0)
    # What is open goes on changing beyond the cut, so it is found anew; copying it at every comma takes for ever.
    open_then = next((stack for end, stack in _commas(head) if end == cut), [])
    return head[:cut] + b"".join(reversed(open_then)) if cut else b""


def _commas(head: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Where members end, each with the brackets that are open there; ends at a bracket that fits none."""
    stack: list[bytes] = []
    for found in _TOKEN.finditer(head):
        token = found.group()
        if token in _CLOSING:
            stack.append(_CLOSING[token])
        elif token in {b"]", b"}"}:
            if not stack or stack.pop() != token:
                return
        elif token == b"," and stack:
            yield found.start(), stack


def are_lines(data: bytes, depth: int) -> bool:
    """The first line is a whole value and another one follows, so that all together is none."""
    start = _PREFIX.match(data)
    first = start.end() if start else 0
    end = data.find(b"\n", first)
    is_first = (
        end > first and data[first : first + 1] in {b"{", b"["} and data[end : end + LOOKED].strip() != b""
    )
    return is_first and loaded(data[first:end], depth) is not None


def shows_first_line(head: bytes) -> bool:
    """Whether this much of a file is enough for `are_lines`."""
    start = _PREFIX.match(head)
    end = head.find(b"\n", start.end()) if start else -1
    return end >= 0 and len(head) >= end + LOOKED


def lines(data: bytes, depth: int, first: int = 1) -> Iterator[Any]:
    """The value of each line; `first`: the number of the first one in the file."""
    for number, line in enumerate(data.split(b"\n"), start=first):
        if line.strip():
            value = loaded(line, depth)
            yield _saved(line, number, depth) if value is None else value


def _saved(data: bytes, line: int, depth: int) -> Torn:
    if is_deeper(data, depth):
        return Torn(line, None, "too_deep")
    whole = completed(data)
    return Torn(line, loaded(whole, depth) if whole else None)


def _first(body: bytes, depth: int) -> Any:
    """The first value where a script goes on after it, or null."""
    end = body.rstrip().rstrip(b";").rstrip()
    if end != body and (value := loaded(end, depth)) is not None:
        return value
    at = max(body.rfind(b"];"), body.rfind(b"};"))
    return loaded(body[: at + 1], depth) if at > 0 else None


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


def unpacked(text: str) -> Any:
    """A packed event: zlib bytes held in a string, one character a byte; null when it is something else."""
    found = _inflate(text, zlib.MAX_WBITS)
    return found if isinstance(found, dict) else None


def _inflated(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its compressed parts (`data`, or the lists of a mutation) opened."""
    data = event.get("data")
    if isinstance(data, str):
        return {**event, "data": _inflate(data, 16 + zlib.MAX_WBITS)}
    if isinstance(data, dict):
        opened = {key: _inflate(part, 16 + zlib.MAX_WBITS) for key, part in data.items() if _is_packed(part)}
        return {**event, "data": {**data, **opened}}
    return event


def _is_packed(part: Any) -> bool:
    return isinstance(part, str) and part.startswith("\x1f\x8b")


def _inflate(text: str, window: int) -> Any:
    try:
        opener = zlib.decompressobj(window)
        data = opener.decompress(text.encode("latin-1"), MOST_INFLATED)
        return orjson.loads(data) if opener.eof and not is_deeper(data, DEFAULT.depth) else None
    except (zlib.error, UnicodeEncodeError, orjson.JSONDecodeError):
        return None
