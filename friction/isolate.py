"""The door's side of the data process: start it, follow it, bring its result or its failure home.

Input is never read in the process a person or a service talks to: engines panic, abort and eat memory on
hostile files. `run` starts `friction.child` with a plan, and whatever happens in there ends as a result
file or as one named error here. Why a fresh interpreter: a fork after Polars is loaded is unsafe, and this
side never loads it.

    to the child    one JSON line, the plan; then the pipe stays open: when it closes, the door is gone
    from the child  JSON lines {"stage", "share"}, at most one {"problem"}; the exit code is that of the error
    its stderr      a log file in the workspace, for `--verbose` only (engines echo the data)
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from friction.errors import CLASSES, EXIT_INTERRUPTED, FrictionError, InputError, InternalError, LimitError

Plan = Mapping[str, Any]
Progress = Callable[[dict[str, Any]], None]

CHILD = (sys.executable, "-P", "-X", "utf8", "-m", "friction.child")
LOG = "child.log"
PATHS = ("inputs", "rejects", "table")
"""Members of a plan that name files of the user; made absolute, for the child has a folder of its own."""

_KEPT = ("PATH", "HOME", "LANG", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
_KEPT_FAMILIES = ("LC_", "POLARS_")
_WORKSPACE: ContextVar[Path] = ContextVar("workspace")


@contextmanager
def workspace() -> Iterator[Path]:
    """A private folder (0700) for one run, removed at the end; relative outputs of plans lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="friction-"))
    token = _WORKSPACE.set(folder)
    try:
        yield folder
    finally:
        _WORKSPACE.reset(token)
        shutil.rmtree(folder, ignore_errors=True)


def run(plan: Plan, *, progress: Progress | None = None, timeout_s: float | None = None) -> Path:
    """Carry out `plan` in a process of its own and return the path of the committed result, `plan["output"]`.

    Must be called inside `workspace()`. Raises the child's own error; `InputError` when the reader died,
    `LimitError` when the time is over, `KeyboardInterrupt` when the child was interrupted. Whatever ends the
    waiting (also an exception of `progress`) ends the child at once.
    """
    folder = _WORKSPACE.get()
    plan = _with_full_paths(plan, folder)
    with (folder / LOG).open("ab") as log, _started(plan, folder, log.fileno()) as process:
        try:
            problem, timed_out = _followed(process, plan, progress, timeout_s)
        finally:
            _end(process)
            _sweep(plan, process.pid)
    if timed_out:
        raise _too_slow(timeout_s)
    if process.returncode or problem:
        raise _failure(process.returncode, problem)
    return Path(plan["output"])


def log_of(folder: Path) -> str:
    """What engines and libraries said on their error channel so far."""
    path = folder / LOG
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def part_of(path: Path, pid: int) -> Path:
    """Where process `pid` writes `path` until it is complete; same folder, same suffix."""
    return path.with_name(f".{path.stem}.{pid}.part{path.suffix}")


def _with_full_paths(plan: Plan, folder: Path) -> dict[str, Any]:
    full = {**plan, "output": str(folder / plan["output"])}
    for name in PATHS:
        if isinstance(value := plan.get(name), str):
            full[name] = str(Path(value).absolute())
        elif value is not None:
            full[name] = [str(Path(path).absolute()) for path in value]
    return full


def _started(plan: Plan, folder: Path, log: int) -> subprocess.Popen[bytes]:
    """The child, in a session of its own so that it can be ended with all it started.

    This is the one place where the child is bounded; the number of threads is so far all that is.
    """
    return subprocess.Popen(
        CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=folder,
        env=_environment(plan, folder),
        start_new_session=True,
    )


def _environment(plan: Plan, folder: Path) -> dict[str, str]:
    """Only what an interpreter needs: no credentials, and temporary files go where they are removed."""
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_KEPT_FAMILIES)
    }
    kept["TMPDIR"] = kept["TEMP"] = str(folder)
    home = Path(__file__).resolve().parent.parent
    if home not in {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}:
        kept["PYTHONPATH"] = str(home)  # a checkout
    if threads := plan.get("settings", {}).get("limits", {}).get("threads"):
        kept |= dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    return kept


def _followed(
    process: subprocess.Popen[bytes], plan: Plan, progress: Progress | None, timeout_s: float | None
) -> tuple[dict[str, Any] | None, bool]:
    """Hand over the plan and read until the child is done: its problem, if any, and whether time ran out."""
    assert process.stdin is not None
    assert process.stdout is not None
    problem, late = None, threading.Event()
    with _alarm(timeout_s, process, late):
        with suppress(BrokenPipeError):  # it died before it could read: the exit code will tell
            process.stdin.write(json.dumps(dict(plan)).encode() + b"\n")
            process.stdin.flush()
        for line in process.stdout:
            message = json.loads(line)
            problem = message.get("problem", problem)
            if progress is not None and "stage" in message:
                progress(message)
        process.wait()
    return problem, late.is_set()


@contextmanager
def _alarm(
    timeout_s: float | None, process: subprocess.Popen[bytes], late: threading.Event
) -> Iterator[None]:
    def ring() -> None:
        late.set()
        _end(process)

    timer = threading.Timer(timeout_s or 0, ring)
    timer.daemon = True
    if timeout_s is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child and everything it started, now; nothing happens when it is gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


def _sweep(plan: Plan, pid: int) -> None:
    """Remove what an ended child left half written in the user's folders."""
    for name in PATHS[1:]:
        if plan.get(name):
            part_of(Path(plan[name]), pid).unlink(missing_ok=True)


def _failure(code: int, problem: dict[str, Any] | None) -> BaseException:
    """The child's end as the exception this side raises."""
    if code == EXIT_INTERRUPTED:
        return KeyboardInterrupt()
    if problem is not None:
        kind = LimitError if problem["code"].startswith("limit.") else CLASSES.get(code, InternalError)
        return kind(problem.pop("code"), problem.pop("detail"), **problem)
    if code < 0:
        return _crashed(-code)
    return InternalError("internal.child", "the process that reads the data ended without an answer")


def _crashed(number: int) -> FrictionError:
    killed = number == signal.SIGKILL
    return InputError(
        "input.crashed_reader",
        f"the reader was ended by the system while it worked on the input (signal {number})",
        remedy="memory may have run out: try fewer files at a time" if killed else "try the files one by one",
    )


def _too_slow(timeout_s: float | None) -> LimitError:
    return LimitError(
        "limit.time",
        f"this took longer than {timeout_s:g} seconds and was ended",
        remedy="give it more time, or fewer files at a time",
        limit=f"{timeout_s:g} s",
    )
