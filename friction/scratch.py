"""Private folders for what is written on the way to a result, and the end of those that nobody could remove.

A folder (0700, `friction-run-…` where temporary files go) is locked as long as its process lives. The system lets go of
a lock however a process ends, kill -9 too, so the next start knows which folders belong to nobody and removes them.
Why no process number: numbers are used again, and containers that share a folder have each their own.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

PREFIX = "friction-run-"
EARLY = "."
"""Before the name until the folder is locked, so that nobody takes it for one that was left."""
DAY_S = 86_400
"""Whatever still has its early name after a day is never going to be used."""

_OURS = re.compile(rf"\.?{PREFIX}[a-z0-9_]{{8}}")
_HELD: dict[Path, int] = {}
"""Locks of the folders of this process: they hold as long as their files are open."""


def make() -> Path:
    """A new private folder; the first one of a process also sweeps."""
    sweep()
    early = Path(tempfile.mkdtemp(prefix=EARLY + PREFIX))
    folder = early.with_name(early.name.removeprefix(EARLY))
    lock = _locked(early)
    early.rename(folder)
    if lock is not None:
        _HELD[folder] = lock
    return folder


def made_for_good() -> Path:
    """A new private folder that goes when the process ends."""
    folder = make()
    atexit.register(remove, folder)
    return folder


def free() -> int:
    """Bytes that there is room for where the folders go."""
    return shutil.disk_usage(tempfile.gettempdir()).free


def remove(folder: Path) -> None:
    """Remove the folder with all that is in it; nothing happens when it is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    if (lock := _HELD.pop(folder, None)) is not None:
        os.close(lock)


@cache
def sweep() -> None:
    """Remove what ended processes of this user left, once a process. Folders in use, those of somebody else and
    whatever is no folder of ours stay; where the system has no locks, everything stays.
    """
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as found:
        for entry in found:
            if _OURS.fullmatch(entry.name) and _is_abandoned(entry):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_abandoned(entry: os.DirEntry[str]) -> bool:
    """Whether it is a private folder of this user whose process is gone; links are not followed."""
    with suppress(OSError, AttributeError):  # gone by now; a system without users
        about = entry.stat(follow_symlinks=False)
        if not stat.S_ISDIR(about.st_mode) or stat.S_IMODE(about.st_mode) != stat.S_IRWXU:
            return False
        if about.st_uid != os.geteuid():
            return False
        if entry.name.startswith(EARLY):
            return time.time() - about.st_mtime > DAY_S
        if (lock := _locked(Path(entry.path))) is not None:
            os.close(lock)
            return True
    return False


def _locked(folder: Path) -> int | None:
    """The lock of the folder; null where somebody has it, or where there are no locks."""
    try:
        import fcntl

        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
