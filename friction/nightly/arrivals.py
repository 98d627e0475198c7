"""What lies at the sources now, and what of it has not been read yet.

A file or object is known by a mark that changes with its content: of a file its size and time of change. What has the
mark it had is not opened; what is opened and turns out to hold the same bytes, or events that are known already, adds
nothing to the lake. Rows of a query are asked for beyond the watermark of the last time.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from friction.errors import InputError, UsageError
from friction.nightly.state import State

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.config.sources import SourceSettings
    from friction.places import Place


@dataclass(frozen=True)
class Arrival:
    """Something at a source that is not known yet, or no longer as it was."""

    name: str
    mark: str
    bytes: int | None
    path: str | None
    """Where it lies on this machine; null while it must be fetched."""


@dataclass(frozen=True)
class Found:
    """One source: everything there, what of it is new, and what was refused before and has not changed."""

    source: str
    objects: int
    fresh: tuple[Arrival, ...]
    refused: tuple[str, ...] = ()
    place: Place | None = None
    """Set where it is not on this machine."""
    watermark: str | None = None

    @property
    def bytes(self) -> int:
        """Of what is new, as far as it is known."""
        return sum(each.bytes or 0 for each in self.fresh)


def looked(settings: Settings, state: State, folder: Path) -> list[Found]:
    """Every source of the configuration, paths seen from `folder`. Must be called inside `isolate.workspace()`.

    Raises `UsageError` where there is no source, and what looking at a place raises.
    """
    if not settings.sources:
        raise UsageError(
            "scan.no_source",
            "the configuration names no source",
            remedy='add [sources.NAME] with at = "exports/*.csv" to friction.toml',
        )
    return [
        _found(name, source, settings, state, folder) for name, source in sorted(settings.sources.items())
    ]


def _found(name: str, source: SourceSettings, settings: Settings, state: State, folder: Path) -> Found:
    from friction.places import is_address

    if is_address(source.at):
        return _outside(name, settings, state)
    there = {str(path): path for path in _files(source.at, folder)}
    seen, refused = state.seen.get(name, {}), state.refused.get(name, {})
    marks = {key: _mark(path) for key, path in there.items()}
    bad = tuple(key for key, mark in marks.items() if key in refused and refused[key].mark == mark)
    fresh = tuple(
        Arrival(key, mark, there[key].stat().st_size, str(there[key]))
        for key, mark in marks.items()
        if seen.get(key) != mark and key not in bad
    )
    return Found(name, len(there), fresh, bad)


def _files(pattern: str, folder: Path) -> Iterator[Path]:
    """Files that a path, folder or glob names, in the order of their names. What is still being written (a name that
    begins with a dot or ends with `.part` or `.tmp`) is left for the next time.
    """
    base = str(folder / pattern)
    found = [base] if Path(base).is_file() else sorted(glob.glob(base, recursive=True))  # noqa: PTH207
    if not found and not glob.has_magic(base):
        raise InputError(
            "input.missing",
            f"there is no file {pattern}",
            remedy="check the name and the folder",
            file=pattern,
        )
    for name in found:
        if Path(name).is_dir():
            inside = sorted(Path(place, file) for place, _, files in os.walk(name) for file in files)
            yield from (path for path in inside if _is_whole(path))
        elif _is_whole(Path(name)):
            yield Path(name)


def _is_whole(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() not in {".part", ".tmp"} and path.is_file()


def _mark(path: Path) -> str:
    told = path.stat()
    return f"{told.st_size}:{told.st_mtime_ns}"


def _outside(name: str, settings: Settings, state: State) -> Found:
    from friction.places import listed, parse

    place = parse(f"source:{name}", settings.sources)
    items = listed(place, settings)
    seen, refused = state.seen.get(name, {}), state.refused.get(name, {})
    bad = tuple(
        item.name for item in items if item.name in refused and refused[item.name].mark == (item.mark or "")
    )
    fresh = tuple(
        Arrival(item.name, item.mark or "", item.size, None)
        for item in items
        if item.name not in bad and (item.mark is None or seen.get(item.name) != item.mark)
    )
    return Found(name, len(items), fresh, bad, place, state.watermarks.get(name))
