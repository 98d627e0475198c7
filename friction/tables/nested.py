"""Lines that each hold a whole session, with its events as a list: made into one line an event.

    {"session": 7, "events": [{"ts": 1, "type": "view"}, {"ts": 2, "type": "click"}]}

Every event keeps its own members and gets the plain ones of its session. A line that is no such object stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from friction.sources.base import InputFile
from friction.tables.files import HEAD_BYTES, temporary
from friction.tables.jsonl import JsonLines, open_json
from friction.tables.text import as_utf8
from friction.tables.values import dumped, loaded

LISTS = ("events", "hits", "actions")
"""Names under which a session keeps its events; a list of items or rows may belong to a single event."""
SEEN = 20


def inner_list(head: bytes) -> str | None:
    """The name of the list of events, where most of the first lines are sessions that hold one; null for none."""
    whole, _, _ = head.rpartition(b"\n")
    lines = [line for line in whole.split(b"\n") if line.strip()][:SEEN]
    for name in LISTS:
        if lines and sum(_is_session(loaded(line), name) for line in lines) * 2 > len(lines):
            return name
    return None


def open_nested(file: InputFile, name: str) -> JsonLines:
    """The events under `name` as a table; records are counted by event."""
    depth, text = file.limits.depth, as_utf8(file)

    def events() -> Iterator[bytes]:
        with text.source.open("rb") as stream:
            for line in stream:
                value = loaded(line, depth)
                if _is_session(value, name):
                    yield from (_line(value, event) for event in value[name])
                else:
                    yield line if line.endswith(b"\n") else line + b"\n"

    path = temporary(events())
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    table = open_json(replace(file, path=path, head=head, compression=None))
    return replace(table, has_lines=False)


def _is_session(value: Any, name: str) -> bool:
    """An object with something plain of its own and a list of objects."""
    if not isinstance(value, dict) or not isinstance(value.get(name), list):
        return False
    return bool(_plain(value)) and all(isinstance(event, dict) for event in value[name])


def _plain(session: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in session.items() if not isinstance(value, (dict, list))}


def _line(session: dict[str, Any], event: dict[str, Any]) -> bytes:
    return (dumped(_plain(session) | event) or b"[]") + b"\n"
