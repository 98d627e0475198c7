"""What a command costs, with everything it starts: wall, processor time, and the memory of all its processes.

Linux only: memory is read from /proc. The peak of each process so far (`VmHWM`) is looked up every few milliseconds,
and those that are there at the same time are added up: what they hold together is at most that. What a process took
in its last moment may be missed, and one that lives shorter than that is not seen at all.
Files that a process maps into its memory (JSON lines) count as well, although the system can drop them.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.data import ROOT

LOOK_EVERY_S = 0.01
_PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """What one run took."""

    wall_s: float
    cpu_s: float
    """User and system time of all its processes, also of those that nobody waited for (a Java machine)."""
    peak_mb: float
    """The most that its processes at any one time had held by then, added up; million bytes."""


def measured(command: Sequence[str | Path]) -> Usage:
    """Run a command to its end. Raises `RuntimeError` with its own words when it does not end well."""
    with tempfile.TemporaryFile() as words:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
        )
        with _Watch(process.pid) as watch:
            _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words.seek(0)
            said = words.read().decode("utf-8", "replace")[-2_000:]
            raise RuntimeError(f"ended with {process.returncode}: {' '.join(map(str, command))}\n{said}")
    worked = max(used.ru_utime + used.ru_stime, sum(watch.worked.values()))
    return Usage(wall, worked, watch.most * 1_024 / 1e6)


def environment() -> dict[str, str]:
    """Ours, without settings of friction; processes find this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRICTION_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


@dataclass
class _Watch:
    """Follows a process and its descendants while the block runs."""

    root: int
    most: int = 0
    """The largest sum of the peaks of processes that were there together, in KiB."""
    worked: dict[int, float] = field(default_factory=dict)
    """Process → the seconds of processor time that it had taken when it was last seen."""
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> _Watch:
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _follow(self) -> None:
        while not self._over.is_set():
            together = family(self.root)
            self.most = max(self.most, sum(map(peak, together)))
            for process in together:
                self.worked[process] = max(self.worked.get(process, 0), worked(process))
            self._over.wait(LOOK_EVERY_S)


def family(process: int) -> list[int]:
    """The process and all its descendants."""
    found = [process]
    for parent in found:
        # Any of these may end while we look.
        with suppress(OSError):
            for thread in (_PROC / str(parent) / "task").iterdir():
                found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def peak(process: int) -> int:
    """The most memory the process held so far, in KiB; 0 when it is gone."""
    with suppress(OSError):
        for line in (
            (_PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        ):
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def worked(process: int) -> float:
    """Seconds of processor time that the process itself took so far; 0 when it is gone."""
    with suppress(OSError):
        # Its name stands in parentheses and may hold anything; user and system time are the 12th and 13th after it.
        fields = (_PROC / str(process) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0
