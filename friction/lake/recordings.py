"""Masked recordings of sessions that were evidence once: kept with the events, for reports that are made anew.

recordings/index.json    session → what is known of its recording (`friction.beside.recordings`)
recordings/FILE          the recording, as it lies beside a report
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

from friction.files import committed, write
from friction.lake.manifest import writing

FOLDER, INDEX = "recordings", "index.json"
Entries = dict[str, dict[str, Any]]


def shared(dataset: Path, asked: Iterable[str], found: Entries, folder: Path) -> Entries:
    """What lies in `folder` of the sessions `asked`, once those that the data set has are there too.

    The data set keeps what was `found` now.
    """
    with writing(dataset):
        return found | _exchanged(dataset, asked, found, folder)


def kept(dataset: Path, folder: Path) -> None:
    """The data set keeps what lies in the folder beside a report; nothing happens when the report is gone."""
    try:
        found: Entries = json.loads((folder / INDEX).read_bytes())
    except FileNotFoundError:
        return
    shared(dataset, (), found, folder)


def _exchanged(dataset: Path, asked: Iterable[str], found: Entries, folder: Path) -> Entries:
    known, place = _read(dataset), dataset / FOLDER
    missing = {name: known[name] for name in asked if name in known and name not in found}
    for entry in missing.values():
        _copy(place / entry["file"], folder / entry["file"])
    fresh = {name: entry for name, entry in found.items() if name not in known}
    if fresh:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for entry in fresh.values():
            _copy(folder / entry["file"], place / entry["file"])
        _write(dataset, known | fresh)
    return missing


def forget(dataset: Path, sessions: Container[str]) -> None:
    """Remove the recordings of these sessions; `s1` are all pieces of it, `s1~2` too."""
    known = _read(dataset)
    gone = {name: entry for name, entry in known.items() if name in sessions or _whole(name) in sessions}
    if gone:
        _write(dataset, {name: entry for name, entry in known.items() if name not in gone})
        for entry in gone.values():
            (dataset / FOLDER / entry["file"]).unlink(missing_ok=True)


def _whole(name: str) -> str:
    """The session that a piece was cut out of."""
    whole, mark, number = name.rpartition("~")
    return whole if mark and number.isdecimal() else name


def _read(dataset: Path) -> Entries:
    try:
        found: Entries = json.loads((dataset / FOLDER / INDEX).read_bytes())
    except FileNotFoundError:
        return {}
    return found


def _write(dataset: Path, entries: Entries) -> None:
    write(dataset / FOLDER / INDEX, json.dumps(entries, sort_keys=True).encode())


def _copy(source: Path, target: Path) -> None:
    with committed(target) as part:
        shutil.copyfile(source, part)
