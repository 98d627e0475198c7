"""How much memory there is, and how much a process and its children hold. Linux alone says so; elsewhere zero."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SHARE = 0.8
"""Of what there is; the rest is for the system and for this side."""
_CONTROL = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def ceiling(among: int = 1) -> int | None:
    """Bytes that each of `among` data processes may hold when nobody says otherwise; null where that is not known."""
    known = [*_of_groups(_CONTROL, _MEMBERSHIP), *_of_machine()]
    return int(SHARE * min(known) / among) if known else None


def resident(pid: int) -> int:
    """Bytes in memory of `pid` and all its descendants; 0 when it is gone."""
    total = 0
    waiting = [str(pid)]
    while waiting:
        one = waiting.pop()
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{one}/statm", "rb") as file:  # noqa: PTH123 - asked a hundred times a second
                total += int(file.read().split()[1]) * _PAGE
            waiting += _children(one)
    return total


_GIVES: list[Callable[[int], int]] = []
"""`malloc_trim`, once somebody wants memory back."""


def trim() -> None:
    """Give back what has been freed so far, where `give_back` was asked for: between two stages of an analysis."""
    for give in _GIVES:
        give(0)


def give_back() -> None:
    """Have freed memory go back to the system at once, for the rest of this process: slower, and nothing is hoarded.

    What numpy frees is else kept for later, in as many places as there are threads: half of what a long analysis seems
    to hold. Only glibc knows how; elsewhere nothing changes.
    """
    with suppress(OSError, AttributeError, TypeError):
        import ctypes

        libc = ctypes.CDLL(None)
        for option, value in _MALLOC:
            libc.mallopt(option, value)
        libc.malloc_trim(0)
        _GIVES[:] = [libc.malloc_trim]


_MALLOC = ((-3, 1 << 21), (-1, 1 << 22), (-8, 2))
"""M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX of malloc.h."""


def _children(pid: str) -> list[str]:
    found: list[str] = []
    for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
        with suppress(OSError), open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:  # noqa: PTH123
            found += file.read().split()
    return found


def _of_machine() -> list[int]:
    with suppress(ValueError, OSError, AttributeError):
        return [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    return []


def _of_groups(control: Path, membership: Path) -> list[int]:
    """The limits of the control groups this process is in, of either version; a container may see only its own."""
    found: list[int] = []
    with suppress(OSError):
        for line in membership.read_text(encoding="utf-8").splitlines():
            _, kind, path = line.split(":", 2)
            if kind == "":
                found += _limits(control, path, "memory.max")
            elif "memory" in kind.split(","):
                found += _limits(control / "memory", path, "memory.limit_in_bytes")
    return found


def _limits(root: Path, path: str, name: str) -> list[int]:
    """The limits of a group and of all above it; those that are not set do not count."""
    group = root / path.strip("/")
    found = []
    for place in (group, *group.parents):
        with suppress(OSError, ValueError):  # not visible here; `max`
            found.append(int((place / name).read_text(encoding="ascii")))
        if place == root:
            break
    return [limit for limit in found if 0 < limit < _UNLIMITED]


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_UNLIMITED = 1 << 60
"""Version 1 writes a number near 2^63 for no limit."""
