"""What lies at the sources now, and what of it has not been read yet.

A file or object is known by a mark that changes with its content: of a file its size and time of change. What has the
mark it had is not opened; what is opened and turns out to hold the same bytes, or events that are known already, adds
nothing to the lake. A table of a lake is known by the newest entry of its log. Rows of a query are asked for beyond the
watermark of the last time (`bringing`).
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from friction.errors import InputError, UsageError
from friction.nightly.state import State
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.config.sources import SourceSettings
    from friction.places import Place
    from friction.places.kinds import Lake


@dataclass(frozen=True)
class Arrival:
    """Something at a source that is not known yet, or no longer as it was."""

    name: str
    mark: str
    bytes: int | None
    path: str | None
    """Where it lies on this machine; null while it must be fetched."""
    lake: Lake | None = None
    """The path is the folder of such a table, whose rows are read and not its files."""


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
    from friction.places import is_address, table_of

    if is_address(source.at):
        return _outside(name, settings, state, folder)
    base = folder / source.at
    if lake := table_of(base):
        return _unknown(name, [_table(base, lake)], state)
    files = [
        Arrival(str(path), _mark(path), path.stat().st_size, str(path)) for path in _files(source.at, folder)
    ]
    return _unknown(name, files, state)


def _unknown(name: str, there: list[Arrival], state: State) -> Found:
    """What of all that is there is to be read: what has no mark, or another one than it had."""
    seen, refused = state.seen.get(name, {}), state.refused.get(name, {})
    bad = tuple(
        each.name
        for each in there
        if each.mark and each.name in refused and refused[each.name].mark == each.mark
    )
    fresh = tuple(
        each for each in there if each.name not in bad and (not each.mark or seen.get(each.name) != each.mark)
    )
    return Found(name, len(there), fresh, bad)


def _table(folder: Path, lake: Lake) -> Arrival:
    """A table of a lake on this machine."""
    from friction.places.kinds import LOGS

    log = [path for path in (folder / LOGS[lake]).iterdir() if path.is_file()]
    newest = max(log, key=lambda path: (path.stat().st_mtime_ns, path.name))
    return Arrival(str(folder), f"{newest.name} {_mark(newest)}", None, str(folder), lake)


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


def _outside(name: str, settings: Settings, state: State, folder: Path) -> Found:
    from friction.places import listed, parse

    place = _seen_from(parse(f"source:{name}", settings.sources), folder)
    items = [Arrival(item.name, item.mark or "", item.size, None) for item in listed(place, settings)]
    found = _unknown(name, items, state)
    return replace(found, place=place, watermark=state.watermarks.get(name))


def _seen_from(place: Place, folder: Path) -> Place:
    """With the whole path of a database that is a file, as of every other source that is one."""
    path = place.at.removeprefix("sqlite:///")
    if place.kind != "sqlite" or path.startswith("/"):
        return place
    return replace(place, at=f"sqlite:///{(folder / path).absolute()}")
