"""Live sessions: the events of each so far, what friction it has met, which segments fit. Nothing is written down.

A session is forgotten after half an hour of silence, like everywhere; of very many the oldest go first.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from friction.isolate.warm import Warm

SILENCE_S = 30 * 60
SESSIONS, EVENTS, REPORTS = 5_000, 500, 100
"""Sessions that are known at a time, the latest events of each, and reports whose pages are remembered."""

Key = tuple[str, str]


@dataclass
class Session:
    """One live session of a project."""

    seen: float
    events: list[dict[str, Any]] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    """Ids of the frictions that it had met before."""
    segments: set[str] = field(default_factory=set)
    """Names of the segments that its visitor is in, by whatever events of it."""


@dataclass(frozen=True)
class Judged:
    """How many `events` of the session count, its frictions, each with `is_new`: first seen with this batch, and the
    segments of its visitor.
    """

    events: int
    met: list[dict[str, Any]]
    segments: list[str]


class Live:
    """All live sessions, and the child that judges them."""

    def __init__(self, warm: Warm | None = None) -> None:
        self._warm = warm or Warm()
        self._sessions: OrderedDict[Key, Session] = OrderedDict()
        self._lock = threading.Lock()
        self._pages: dict[str, tuple[str, ...]] = {}

    def templates(self, report_id: str, read: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The page templates of a report, read once."""
        if report_id not in self._pages:
            if len(self._pages) >= REPORTS:
                self._pages.clear()
            self._pages[report_id] = read()
        return self._pages[report_id]

    def judged(
        self,
        key: Key,
        events: Sequence[Mapping[str, Any]],
        templates: Sequence[str],
        segments: Mapping[str, str] | None = None,
    ) -> Judged:
        """The session with these events besides; `segments` are expressions by name."""
        with self._lock:
            session = self._session(key)
            session.events = [*session.events, *map(dict, events)][-EVENTS:]
            asked = list(session.events)
        found = self._warm.ask(
            {"events": asked, "templates": list(templates), "segments": dict(segments or {})}
        )
        with self._lock:
            fresh = {each["point_id"] for each in found["met"]} - session.met
            session.met |= fresh
            session.segments |= set(found["segments"])
            fits = [name for name in segments or () if name in session.segments]
        met = [{**each, "is_new": each["point_id"] in fresh} for each in found["met"]]
        return Judged(len(asked), met, fits)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._sessions.clear()
        self._warm.close()

    def _session(self, key: Key) -> Session:
        now = time.monotonic()
        while self._sessions:
            oldest = next(iter(self._sessions))
            if len(self._sessions) < SESSIONS and now - self._sessions[oldest].seen < SILENCE_S:
                break
            del self._sessions[oldest]
        session = self._sessions.pop(key, None) or Session(now)
        session.seen = now
        self._sessions[key] = session
        return session
