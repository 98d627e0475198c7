"""The folder beside a report: what lies where, and how it is read. Loads without Polars, since the service reads it.

views.json         ways through the site, speed, forms, kinds of pages: whatever the report itself has no place for
sessions.jsonl     sessions that show a point, and others; a line each, the order is that of `sessions.json`
sessions.json      of each: what a list shows and filters by, and where its line stands
recordings/        masked recordings: `index.json`, and one compressed file a session
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from friction.files import write

RECORDERS = frozenset({"rrweb", "posthog_recording", "sentry"})
"""Sources whose files are recordings of rrweb."""
VIEWS, SESSIONS, LIST, RECORDINGS, INDEX = (
    "views.json",
    "sessions.jsonl",
    "sessions.json",
    "recordings",
    "index.json",
)
Json = dict[str, Any]


def recording_file(session: str) -> str:
    """What the recording of a session is called: the name of a session may hold anything."""
    return f"{hashlib.blake2b(session.encode(), digest_size=12).hexdigest()}.json.gz"


def packed(content: bytes) -> bytes:
    """Compressed, the same bytes for the same content."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys; floats at six significant digits, as in reports."""
    import orjson

    from friction.report import rounded

    return orjson.dumps(rounded(orjson.loads(orjson.dumps(value))), option=orjson.OPT_SORT_KEYS)


def views(folder: Path) -> Json:
    """What `views.json` holds; empty where the report was made without."""
    return _read(folder / VIEWS)


def session_list(folder: Path) -> Json:
    """`total`, and `sessions`: those that are listed, in short; empty where there is none."""
    return _read(folder / LIST)


def session(folder: Path, name: str) -> Json | None:
    """Everything that is kept of one session; null when it is not listed."""
    entry = next((each for each in session_list(folder).get("sessions", ()) if each["id"] == name), None)
    if entry is None:
        return None
    with (folder / SESSIONS).open("rb") as file:
        file.seek(entry["at"])
        found: Json = json.loads(file.read(entry["length"]))
    return found


def recordings(folder: Path) -> Json:
    """Session → its recording's `file`, `tabs`, `start` and `end` in epoch milliseconds, `visitor`."""
    return _read(folder / RECORDINGS / INDEX)


def recording(folder: Path, name: str) -> list[list[Json]] | None:
    """The masked events of each tab of a session; null when it has no recording."""
    if name not in recordings(folder):
        return None
    try:
        content = gzip.decompress((folder / RECORDINGS / recording_file(name)).read_bytes())
    except OSError:
        return None
    tabs: list[list[Json]] = json.loads(content)["tabs"]
    return tabs


def forget(folder: Path, visitor: str) -> int:
    """Remove what is kept of this visitor (its keyed name): sessions with all they did, and recordings; how many."""
    index, listed = recordings(folder), session_list(folder)
    gone = {name for name, entry in index.items() if entry["visitor"] == visitor}
    for name in gone:
        (folder / RECORDINGS / recording_file(name)).unlink(missing_ok=True)
    if gone:
        write(folder / RECORDINGS / INDEX, canonical({n: e for n, e in index.items() if n not in gone}))
    kept = [each for each in listed.get("sessions", ()) if each["visitor"] != visitor]
    if len(kept) < len(listed.get("sessions", ())):
        lines = [session(folder, each["id"]) for each in kept]
        gone |= {each["id"] for each in listed["sessions"]} - {each["id"] for each in kept}
        write_sessions(folder, listed["total"], [line for line in lines if line is not None])
    return len(gone)


def write_sessions(folder: Path, total: int, lines: list[Json]) -> None:
    """Both files of sessions; `lines` are whole sessions, of which `around` is left out of the list."""
    at, parts, listed = 0, list[bytes](), list[Json]()
    for line in lines:
        parts.append(canonical(line) + b"\n")
        short = {key: value for key, value in line.items() if key != "around"}
        listed.append({**short, "at": at, "length": len(parts[-1])})
        at += len(parts[-1])
    write(folder / SESSIONS, b"".join(parts))
    write(folder / LIST, canonical({"total": total, "sessions": listed}))


def _read(path: Path) -> Json:
    try:
        found: Json = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    return found
