"""Masked recordings of the sessions that show a report's points, one compressed file a session.

Only files of recorders are read again, and of those only what belongs to these sessions; at most `SESSIONS_KEPT`, those
of the points that cost most first. `friction.recordings.kept_events` says what of a recording is kept.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from friction.beside.folder import RECORDERS, RECORDINGS, packed, recording_file
from friction.errors import FrictionError
from friction.files import write
from friction.limits import Limits
from friction.recordings.containers import Contents, Event, Recording
from friction.recordings.kept_events import kept
from friction.recordings.values import values
from friction.report import Point, Report
from friction.sources.rrweb import unhurried
from friction.tables.files import look, open_bytes, read_some
from friction.tables.inputs import PlainFile, plain_files
from friction.values import dataclass

SESSIONS_KEPT = 200
MOST_BYTES = 64 * 1000 * 1000
"""Of one masked recording, unpacked; a larger one is left out."""
TAIL_MS = 5_000
"""How much is kept beyond the last event of a session: what answered it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """One session whose recording is wanted: a row of it, and its span in epoch milliseconds."""

    session: str
    visitor: str | None
    file: str
    row: int
    start: float
    end: float


@dataclass(frozen=True)
class Inputs:
    """The files of the analysis as they were given, with the names they are called in the report."""

    paths: Sequence[Path]
    names: Sequence[str]
    limits: Limits


def moments(points: Sequence[Point]) -> Iterator[tuple[str, str, int]]:
    """`(session, file, row)` of the evidence: the best moment of every point, then the second best of every one …"""
    for number in range(max((len(point.evidence) for point in points), default=0)):
        for point in points:
            if number < len(point.evidence) and (found := point.evidence[number]).rows:
                yield found.session_id, found.file, found.rows[0]


def keep(
    asked: Sequence[Asked], report: Report, inputs: Inputs, folder: Path
) -> dict[str, dict[str, object]]:
    """Write the recordings into `folder`; session → what its file is called, and its span. Raises `LimitError`."""
    recorders = {file.name for file in report.input.files if file.source in RECORDERS}
    if not recorders or not inputs.paths:
        return {}
    files = [
        file
        for file in plain_files(inputs.paths, inputs.names, inputs.limits).files
        if file.name in recorders
    ]
    there = {file.name for file in files}
    wanted = [one for one in asked if one.file in there]
    found: dict[str, dict[str, object]] = {}
    for group, sessions in _groups(wanted, files, inputs.limits).items():
        with unhurried():
            recordings = [one for file in group for one in _recordings(file, inputs.limits)]
            for one in sessions:
                found |= _written(one, recordings, folder)
    return found


def _groups(
    asked: Sequence[Asked], files: Sequence[PlainFile], limits: Limits
) -> dict[tuple[PlainFile, ...], list[Asked]]:
    """Files that have to be read together, and the sessions that lie in them: a tool may spread one over several."""
    by_name = {file.name: file for file in files}
    names: dict[str, str | None] = {}
    for name in dict.fromkeys(one.file for one in asked):
        rows = {one.row: one.session for one in asked if one.file == name}
        for recording in _recordings(by_name[name], limits):
            for event in recording.events:
                if event.row_no in rows:
                    names[rows[event.row_no]] = recording.session_id
    lying = _lying(files, {name for name in names.values() if name}, limits) if len(files) > 1 else {}
    groups: dict[tuple[PlainFile, ...], list[Asked]] = defaultdict(list)
    for one in asked:
        others = lying.get(names.get(one.session) or "", ())
        group = dict.fromkeys((by_name[one.file], *others))
        groups[tuple(sorted(group, key=files.index))].append(one)
    return groups


def _lying(files: Iterable[PlainFile], names: set[str], limits: Limits) -> dict[str, list[PlainFile]]:
    """In which files the ids of these recordings are written."""
    found: dict[str, list[PlainFile]] = defaultdict(list)
    for file in files:
        data = _content(file, limits)
        for name in names:
            if name.encode() in data:
                found[name].append(file)
    return found


def _content(file: PlainFile, limits: Limits) -> bytes:
    opened = look(file.path, file.name, limits)
    with open_bytes(opened) as stream:
        return read_some(opened, stream, -1)


def _recordings(file: PlainFile, limits: Limits) -> list[Recording]:
    contents = Contents()
    try:
        data = _content(file, limits)
    except FrictionError:  # a member that the analysis has passed over as well
        return []
    for value in values(data, limits.depth):
        contents.take(value)
    return [Recording(one.session_id, file.name, one.events) for one in contents.recordings]


def _written(asked: Asked, recordings: Sequence[Recording], folder: Path) -> dict[str, dict[str, object]]:
    """The file of one session, and its entry; nothing where no picture of the page was recorded."""
    shows = next((one for one in recordings if _shows(one, asked)), None)
    if shows is None:
        return {}
    parts = [
        one for one in recordings if one is shows or (shows.session_id and one.session_id == shows.session_id)
    ]
    events = sorted((event for part in parts for event in part.events), key=lambda event: event.ts)
    tabs = [tab for tab in map(kept, _tabs(events, asked)) if tab]
    try:
        content = json.dumps(
            {"session_id": asked.session, "tabs": tabs}, sort_keys=True, separators=(",", ":")
        )
    except RecursionError:  # a page nested deeper than can be written
        log.warning("a recording is nested too deep to be kept")
        return {}
    if not tabs or len(content) > MOST_BYTES:
        return {}
    name = recording_file(asked.session)
    write(folder / RECORDINGS / name, packed(content.encode()))
    span = {
        "start": min(tab[0]["timestamp"] for tab in tabs),
        "end": max(tab[-1]["timestamp"] for tab in tabs),
    }
    return {asked.session: {"file": name, "tabs": len(tabs), "visitor": asked.visitor, **span}}


def _shows(recording: Recording, asked: Asked) -> bool:
    """Whether the row that was asked for is one of this recording; `visitor_id` is its file here."""
    return recording.visitor_id == asked.file and any(event.row_no == asked.row for event in recording.events)


def _tabs(events: Sequence[Event], asked: Asked) -> list[list[Event]]:
    """The events of each tab within the session, from the last whole picture before it on."""
    tabs: dict[str | None, list[Event]] = {}
    for event in events:
        if event.ts <= asked.end + TAIL_MS:
            tabs.setdefault(event.window, []).append(event)
    return [tab[_opening(tab, asked.start) :] for tab in tabs.values() if tab[-1].ts >= asked.start]


def _opening(tab: Sequence[Event], start: float) -> int:
    """Where the last picture at or before `start` begins, with the meta event that goes before it."""
    pictures = [at for at, event in enumerate(tab) if event.data["type"] == 2 and event.ts <= start]
    at = pictures[-1] if pictures else 0
    return at - 1 if at and tab[at - 1].data["type"] == 4 else at
