"""One child from its start to its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from friction.isolate.cgroup import Cell, enclosed
from friction.isolate.outcome import End, Problem
from friction.isolate.watch import Stop, watched

if TYPE_CHECKING:
    from friction.isolate.spare import Spare

Plan = Mapping[str, Any]
Progress = Callable[[dict[str, Any]], None]

OUTPUTS = ("rejects", "table")
"""Members of a plan that name files of the user to be written."""

_KEPT = ("PATH", "HOME", "LANG", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
_KEPT_FAMILIES = ("LC_", "POLARS_")
READ_AHEAD = {"POLARS_CSV_CHUNK_SIZE": str(2 << 20)}
"""Bytes of delimited text that the engine cuts off at once: half of what it takes by itself costs it no time and a
fifth of the memory of an analysis of a million events less."""
_FREED = {
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:1000,muzzy_decay_ms:0,background_thread:true",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": str(8 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
}
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Matrices are multiplied by the thread that asks: helpers that numpy starts for them would only spin beside it."""


def freed() -> dict[str, str]:
    """Settings of the allocators: freed memory goes back to the system after a second, wholly, and glibc keeps it
    in two places at most. A tenth of a second would hold 50 MB less of a million events and cost a tenth of the time:
    pages given back are pages asked for anew. So would glibc with every array of a block: it keeps 8 MB of what is
    free in each place. Nothing where they would complain of what they do not know.
    """
    return _FREED if sys.platform == "linux" else {}


def attempt(
    command: Sequence[str],
    plan: Plan,
    folder: Path,
    log: IO[bytes],
    deadline: float,
    progress: Progress | None,
    stop: Stop | None = None,
    spare: Spare | None = None,
) -> End:
    """Start `command` in `folder`, hand it `plan` with its `bounds`, follow it until it is gone, say how it ended.

    A child that waits in `spare` takes the place of a new one. Whatever is raised on the way (also by `progress`) ends
    the child first.
    """
    ceiling = plan["bounds"]["memory"]
    waiting = spare.take(plan) if spare is not None else None
    if waiting is not None:
        plan = {**plan, "moved": {"folder": str(folder), "log": log.name}}
    with waiting or _started(command, plan, folder, log) as process:
        try:
            with _cell(process.pid, ceiling) as cell:
                with watched(process.pid, ceiling, deadline, partial(_end, process), stop) as watch:
                    problem = _followed(process, plan, progress)
                overflowed = cell is not None and cell.overflowed()
        finally:
            _end(process)
            _sweep(plan, process.pid)
    return End(process.returncode, problem, "memory" if overflowed else watch.why)


def part_of(path: Path, pid: int) -> Path:
    """Where process `pid` writes `path` until it is complete; same folder, same suffix."""
    return path.with_name(f".{path.stem}.{pid}.part{path.suffix}")


def _started(command: Sequence[str], plan: Plan, folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """The child, in a session of its own so that it can be ended with all it started.

    It lowers its own limits before it touches data (`friction.child.bounds`): code between fork and exec is unsafe
    where there are threads, and makes the start slower everywhere.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=folder,
        env=environment(plan, folder),
        start_new_session=True,
    )


def environment(plan: Plan, folder: Path | None) -> dict[str, str]:
    """Only what an interpreter needs: no credentials, but for those that who fetches `keeps` by family; temporary files
    go where they are removed, for one that waits where that is is said later.
    """
    families = (*_KEPT_FAMILIES, *plan.get("keeps", ()))
    ours = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(families)}
    kept = {**READ_AHEAD, **ALONE, **ours, **freed()}
    if folder is not None:
        kept["TMPDIR"] = kept["TEMP"] = str(folder)
    home = Path(__file__).resolve().parents[2]
    if home not in {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}:
        kept["PYTHONPATH"] = str(home)  # a checkout
    if threads := plan.get("settings", {}).get("limits", {}).get("threads"):
        kept["POLARS_MAX_THREADS"] = str(threads)
    return kept


@contextmanager
def _cell(pid: int, ceiling: int | None) -> Iterator[Cell | None]:
    """The child waits for its plan, so it is inside before it holds anything."""
    cell = enclosed(pid, ceiling) if ceiling is not None else None
    try:
        yield cell
    finally:
        if cell is not None:
            cell.close()


def _followed(process: subprocess.Popen[bytes], plan: Plan, progress: Progress | None) -> Problem | None:
    """Hand over the plan and read until the child is done; its problem, if it had one."""
    assert process.stdin is not None
    assert process.stdout is not None
    problem = None
    try:
        process.stdin.write(json.dumps(dict(plan)).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:  # it died before it could read: the exit code will tell
        with suppress(BrokenPipeError):
            process.stdin.close()
    for line in process.stdout:
        message = _message(line)
        problem = message if "problem" in message else problem
        if progress is not None and "stage" in message:
            progress(message)
    process.wait()
    return problem


def _message(line: bytes) -> dict[str, Any]:
    """What a line says; nothing when its writer died in the middle of it."""
    with suppress(ValueError):
        message = json.loads(line)
        if isinstance(message, dict):
            return message
    return {}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child and everything it started, now; nothing happens when it is gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


def _sweep(plan: Plan, pid: int) -> None:
    """Remove what an ended child left half written in the user's folders."""
    for name in OUTPUTS:
        if plan.get(name):
            part_of(Path(plan[name]), pid).unlink(missing_ok=True)
