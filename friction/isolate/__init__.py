"""The door's side of the data process: start it, bound it, follow it, bring its result or its failure home.

Input is never read in the process a person or a service talks to: engines panic, abort and eat memory on
hostile files. `run` starts `friction.child` with a plan, and whatever happens in there ends as a result
file or as one named error here. Why a fresh interpreter: a fork after Polars is loaded is unsafe, and this
side never loads it.

    to the child    one JSON line, the plan; then the pipe stays open: when it closes, the door is gone
    from the child  JSON lines {"stage", "share"}, at most one {"problem", "again"}; the exit code is the error's
    its stderr      a log file in the workspace, for `--verbose` only (engines echo the data)

What a child may use is in `bounds`; `watch` sees to memory and time from outside, since nothing inside a process
that has gone wrong can be relied on. A reader that died or ran out of memory gets one more chance with a single
thread and small parts; which of the two it was never shows in a result.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from friction import scratch
from friction.isolate.bounds import Bounds
from friction.isolate.outcome import End, Stopped
from friction.isolate.process import OUTPUTS, Plan, Progress, attempt, part_of
from friction.isolate.spare import Spare
from friction.isolate.watch import Stop

__all__ = ["CHILD", "FETCHER", "Spare", "Stopped", "log_of", "part_of", "run", "workspace"]

CHILD: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.child")
FETCHER: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.fetch")
"""The process that has network and credentials, where its plan says so, and reads no data (`friction.places`)."""
LOG = "child.log"
SMALLER = {"threads": 1, "part_rows": 100_000}
"""`[limits]` of the second attempt; they change how much is held at a time, never a result."""

_WORKSPACE: ContextVar[Path] = ContextVar("workspace")


@contextmanager
def workspace() -> Iterator[Path]:
    """A private folder (0700) for one run, removed at the end; relative outputs of plans lie in it."""
    folder = scratch.make()
    token = _WORKSPACE.set(folder)
    try:
        yield folder
    finally:
        _WORKSPACE.reset(token)
        scratch.remove(folder)


def run(
    plan: Plan,
    *,
    progress: Progress | None = None,
    timeout_s: float | None = None,
    stop: Stop | None = None,
    command: Sequence[str] | None = None,
    spare: Spare | None = None,
) -> Path:
    """Carry out `plan` in a process of its own and return the path of the committed result, `plan["output"]`.

    Must be called inside `workspace()`. `command` starts another process than `CHILD`; a child that waits in `spare`
    is as good and sooner there. `timeout_s` can only shorten
    `limits.time`; both attempts share it. Raises the child's own error; `InputError` when the reader died, `LimitError`
    when memory or time was not enough, `KeyboardInterrupt` when the child was interrupted; `Stopped` once `stop` is
    true, which is asked twice a second in another thread. Whatever ends the waiting (also an exception of `progress`)
    ends the child at once.
    """
    folder = _WORKSPACE.get()
    plan = _with_full_paths(plan, folder)
    bounds = Bounds.of(plan, timeout_s)
    deadline = time.monotonic() + bounds.time_s
    end = _carried_out(command, plan, folder, bounds, deadline, progress, stop, spare)
    if end.worth_another and time.monotonic() < deadline:
        if progress is not None:
            progress({"stage": "trying again in smaller parts", "share": 0.0})
        end = _carried_out(command, _smaller(plan), folder, bounds, deadline, progress, stop)
    if (failure := end.failure(bounds)) is not None:
        raise failure
    return Path(plan["output"])


def log_of(folder: Path) -> str:
    """What engines and libraries said on their error channel so far."""
    path = folder / LOG
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _carried_out(
    command: Sequence[str] | None,
    plan: Plan,
    folder: Path,
    bounds: Bounds,
    deadline: float,
    progress: Progress | None,
    stop: Stop | None,
    spare: Spare | None = None,
) -> End:
    """One attempt in an empty folder of its own, which is gone afterwards like everything half written."""
    own = Path(tempfile.mkdtemp(prefix="work-", dir=folder))
    try:
        with (folder / LOG).open("ab") as log:
            whole = {**plan, "bounds": bounds.as_dict()}
            return attempt(command or CHILD, whole, own, log, deadline, progress, stop, spare)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _with_full_paths(plan: Plan, folder: Path) -> dict[str, Any]:
    """Paths made absolute, for the child has a folder of its own."""
    full = {**plan, "output": str(folder / plan["output"])}
    for name in ("inputs", *OUTPUTS):
        if isinstance(value := plan.get(name), str):
            full[name] = str(Path(value).absolute())
        elif value is not None:
            full[name] = [str(Path(path).absolute()) for path in value]
    return full


def _smaller(plan: Plan) -> dict[str, Any]:
    settings = plan.get("settings", {})
    return {**plan, "settings": {**settings, "limits": {**settings.get("limits", {}), **SMALLER}}}
