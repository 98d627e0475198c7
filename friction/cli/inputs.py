"""What the user names, as files: globs and folders opened up, standard input spooled.

A name that exists is that file, whatever it looks like: `a[1].csv` is a file before it is a pattern.
"""

from __future__ import annotations

import difflib
import glob
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from friction.errors import InputError
from friction.lake.manifest import is_dataset

STDIN = "-"


@dataclass(frozen=True)
class Inputs:
    """Paths to read and, side by side, the names by which messages and reports call them."""

    paths: list[str]
    names: list[str]


def found(asked: Sequence[str], spool: Path) -> Inputs:
    """Every file once, in the order asked for; folders and globs in the order of their names.

    What cannot be read twice (standard input, pipes) is copied into `spool`. Raises `InputError` when a name
    leads to nothing.
    """
    files: dict[Path, tuple[str, str]] = {}
    for name in asked:
        for path in _opened(name):
            spooled = str(_spooled(path, spool / f"spool-{len(files)}"))
            files.setdefault(Path(path).resolve(), (spooled, path))
    return Inputs([path for path, _ in files.values()], [name for _, name in files.values()])


def _opened(name: str) -> Iterator[str]:
    if name == STDIN:
        yield name
    elif Path(name).is_dir():
        yield from [name] if is_dataset(name) else _files_below(name)
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
