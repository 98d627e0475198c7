"""One recording, played: all its windows in the order of time, and the rows they give."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from friction.recordings.containers import Recording
from friction.recordings.windows import Window
from friction.values import dataclass


@dataclass(frozen=True)
class Played:
    """The rows of one recording in the order of time, and what was seen on the way."""

    rows: list[dict[str, Any]]
    facts: Counter[str]
    """`windows clicks unresolved moves routes snapshots`, and `submits` where they can be seen."""


def play(recording: Recording, kinds: frozenset[str], *, is_deep: bool = True) -> Played:
    """Play a recording; `kinds`: high-volume rows wanted; `is_deep`: with attributes and ancestors.

    Events of one millisecond keep the order of the recording. The last row is `recording_end`.
    """
    events = sorted(recording.events, key=itemgetter(0))
    rows: list[dict[str, Any]] = []
    windows: dict[str | None, Window] = {}
    for ts, row_no, name, data in events:
        window = windows.get(name)
        if window is None:
            window = windows[name] = Window(name, rows, kinds, is_deep=is_deep)
            for other in windows.values():
                other.opened(ts)
        window.see(ts, row_no, data)
    rows = [row for row in rows if row["kind"] is not None]
    if events:
        last = windows[events[-1].window]
        rows.append(last.end(events[-1].ts, events[-1].row_no))
    return Played(_finished(rows, recording, events), _facts(windows))


def _finished(rows: list[dict[str, Any]], recording: Recording, events: list[Any]) -> list[dict[str, Any]]:
    session, visitor = recording.session_id or _fingerprint(events), recording.visitor_id
    rows.sort(key=itemgetter("ts"))
    for seq, row in enumerate(rows):
        row["session_id"], row["visitor_id"], row["seq"] = session, visitor, seq
    return rows


def _fingerprint(events: list[Any]) -> str:
    """A name made of the content: the same recording has the same one, whatever its file is called."""
    digest = blake2b(digest_size=12)
    for event in events:
        data = event.data.get("data")
        source = data.get("source") if isinstance(data, dict) else None
        digest.update(f"{event.ts!r} {event.data['type']} {source} {event.window}\n".encode())
    return digest.hexdigest()


def _facts(windows: dict[str | None, Window]) -> Counter[str]:
    return sum((window.facts for window in windows.values()), Counter())
