"""What the user names, as files: globs and folders opened up, standard input spooled, places outside fetched.

A name that exists is that file, whatever it looks like: `a[1].csv` is a file before it is a pattern. A folder that is a
table of a lake is its rows of today, not the files in it.
"""

from __future__ import annotations

import difflib
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from friction.errors import InputError
from friction.isolate.process import Progress
from friction.lake.manifest import is_dataset
from friction.places import fetched, flattened, is_address, parse, table_of
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings

STDIN = "-"


@dataclass(frozen=True)
class Inputs:
    """Paths to read and, side by side, the names by which messages and reports call them."""

    paths: list[str]
    names: list[str]


def found(
    asked: Sequence[str],
    spool: Path,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Inputs:
    """Every file once, in the order asked for; folders and globs in the order of their names.

    What cannot be read twice (standard input, pipes) is copied into `spool`, and what lies outside is fetched there,
    within the limits of `settings` and from the sources they name. Raises `InputError` when a name leads to nothing.
    """
    files: dict[str, tuple[str, str]] = {}
    for name in asked:
        if is_address(name) and not Path(name).exists():
            for path, called in _fetched(name, spool, settings, progress):
                files.setdefault(called, (path, called))
            continue
        for path in _opened(name):
            copy = spool / f"spool-{len(files)}"
            if Path(path).is_dir() and not is_dataset(path):
                spooled: str | Path = _flat(path, Path(path), copy, settings, progress)
            else:
                spooled = _spooled(path, copy)
            files.setdefault(str(Path(path).resolve()), (str(spooled), path))
    return Inputs([path for path, _ in files.values()], [name for _, name in files.values()])


def _fetched(
    name: str, spool: Path, settings: Settings | None, progress: Progress | None
) -> Iterator[tuple[str, str]]:
    """Each item of a place: where it lies now, and what it is called."""
    settings = settings or _defaults()
    into = Path(tempfile.mkdtemp(prefix="fetched-", dir=spool))
    for item in fetched(parse(name, settings.sources), into, settings, progress=progress):
        path = Path(item.path)
        if item.lake is not None:
            path = flattened(path, item.lake, into / "rows.parquet", item.name, settings, progress)
        yield str(path), item.name


def _flat(name: str, folder: Path, copy: Path, settings: Settings | None, progress: Progress | None) -> Path:
    lake = table_of(folder)
    assert lake is not None, "other folders were opened up"
    return flattened(folder, lake, copy.with_suffix(".parquet"), name, settings or _defaults(), progress)


def _defaults() -> Settings:
    from friction.config import Settings

    return Settings()


def _opened(name: str) -> Iterator[str]:
    if name == STDIN:
        yield name
    elif Path(name).is_dir():
        yield from [name] if table_of(Path(name)) or is_dataset(name) else _files_below(name)
    elif Path(name).exists():
        yield name
    elif matches := sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - `Path.glob` wants a folder to start from
        for match in matches:
            yield from _opened(match)
    else:
        raise _missing(name)


def _files_below(folder: str) -> Iterator[str]:
    """All files of a folder and its folders, without hidden ones."""
    any_file = False
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in sorted(each for each in files if not each.startswith(".")):
            any_file = True
            yield str(Path(place, file))
    if not any_file:
        remedy = "name the folder that holds the export"
        raise InputError("input.empty_folder", "there is no file in this folder", file=folder, remedy=remedy)


def _spooled(name: str, copy: Path) -> str | Path:
    if name != STDIN and (Path(name).is_file() or is_dataset(name)):
        return name
    with copy.open("wb") as target:
        if name == STDIN:
            shutil.copyfileobj(sys.stdin.buffer, target)
        else:
            with Path(name).open("rb") as pipe:
                shutil.copyfileobj(pipe, target)
    return copy


def _missing(name: str) -> InputError:
    folder = Path(name).parent
    others = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    close = difflib.get_close_matches(Path(name).name, sorted(others), n=1, cutoff=0.6)
    remedy = f'did you mean "{folder / close[0]}"?' if close else "check the name and the folder"
    is_glob = any(char in name for char in "*?[")
    detail = f"nothing matches {name}" if is_glob else f"there is no file {name}"
    return InputError("input.missing", detail, remedy=remedy, file=name)
