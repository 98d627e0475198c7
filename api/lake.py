"""The events of uploads in the lake: each upload is converted once, and whatever is asked of it later is read there.

A data set holds the uploads of one request, read in one way: what decides how files are read (names of columns, zone,
privacy, who is left out) is part of its name, what decides what is looked for is not. So another goal, other detectors
or thresholds find the data set, and another mapping needs the upload once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friction.lake import Lake, is_dataset

from .folder import DataFolder
from .store.uploads import Upload

READING = (
    ("mapping",),
    ("privacy",),
    ("time",),
    ("exclude", "ips"),
    ("exclude", "agents"),
    ("exclude", "visitors"),
)
"""Settings that say how files are read."""


def dataset(folder: DataFolder, sent: Sequence[Upload], settings: Mapping[str, Any]) -> Path:
    """Where the events of these uploads lie once they have been read in this way."""
    read = [_at(settings, place) for place in READING]
    said = json.dumps([[[each.name, each.sha256] for each in sent], read], sort_keys=True)
    name = "upl_" + hashlib.blake2b(said.encode(), digest_size=12).hexdigest()
    return Lake(folder.lake).folder(sent[0].project_id, name)


def _at(settings: Mapping[str, Any], place: Sequence[str]) -> Any:
    """A setting; null where it is not set, or set to nothing."""
    found: Any = settings
    for name in place:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        found = {name: value for name, value in found.items() if value}
    return found or None


def is_usable(folder: DataFolder, sent: Sequence[Upload | None], settings: Mapping[str, Any]) -> bool:
    """Whether a report can be made of these uploads: all are there, or their events are."""
    known = [each for each in sent if each is not None]
    if len(known) < len(sent) or not all(each.is_stored or each.is_kept for each in known):
        return False
    return all(each.is_stored for each in known) or is_dataset(dataset(folder, known, settings))


def holds(folder: DataFolder, upload: Upload) -> bool:
    """Whether any data set has the events of the upload."""
    return bool(_with(folder, upload))


def forget(folder: DataFolder, upload: Upload) -> None:
    """Remove every data set that the upload is part of."""
    for name in _with(folder, upload):
        Lake(folder.lake).remove(upload.project_id, name)


def _with(folder: DataFolder, upload: Upload) -> list[str]:
    found = Lake(folder.lake).datasets(upload.project_id)
    return [name for name, held in found.items() if upload.sha256 is not None and held.has([upload.sha256])]
