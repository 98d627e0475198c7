"""The process in which data are touched: it reads one plan, carries it out, commits the result, and ends.

Started by `friction.isolate`, which see for the protocol. The plan names a `command`, its `output` (a JSON
file, always written) and what the command needs; `table` and `rejects` are files of the user. A file
appears under its name only when it is complete. Whatever goes wrong, also a panic of an engine, is answered
by one problem line.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from friction import scratch
from friction.child import bounds
from friction.errors import EXIT_DONE, EXIT_INTERRUPTED, FrictionError, InputError, InternalError
from friction.files import full_disk, write
from friction.isolate.process import OUTPUTS, part_of
from friction.limits import DEFAULT, Limits

SELDOM = (50_000, 20, 20)
"""How many objects are made before Python looks for cycles among them: reports have many objects and no cycles."""
Plan = dict[str, Any]
Tell = Callable[[dict[str, Any]], None]
Commands = Mapping[str, Callable[[Plan, Callable[[str, float, int], None]], bytes | Iterable[bytes]]]


def _reading() -> Commands:
    from friction.child.commands import COMMANDS

    return COMMANDS


def main(
    load: Callable[[], Commands] = _reading,
    *,
    may_have_network: bool = False,
    beforehand: Callable[[], None] | None = None,
) -> int:
    """Read the plan from stdin, carry it out by the commands that `load` gives, and return the exit code.

    The network is given up unless it may be had and the plan asks for it. What is done `beforehand`, while there is no
    plan yet, is done without network, too.
    """
    faulthandler.enable()
    gc.set_threshold(*SELDOM)
    tell = _channel()
    if beforehand is not None:
        bounds.leave_network()
        beforehand()
    line = sys.stdin.buffer.readline()
    if beforehand is not None and not line:
        return EXIT_INTERRUPTED  # nobody will have work for us any more
    plan = json.loads(line or b"{}")
    if "moved" in plan:
        _move(**plan["moved"])
    has_left = beforehand is not None
    bounds.apply(plan.get("bounds", {}), network=has_left or (may_have_network and bool(plan.get("network"))))
    threading.Thread(target=_end_with_the_door, args=[plan], daemon=True).start()
    try:
        _carry_out(load(), plan, tell)
    # Panics of the engines and interruptions are no `Exception`; this is the last place that can give them
    # a name.
    except BaseException as fault:
        return _answered(fault, plan, tell)
    return EXIT_DONE


def end(code: int) -> NoReturn:
    """End the process without tidying up: all that is left of it is its answer, which is complete, and to free a report
    object by object takes as long as to write it.
    """
    with suppress(OSError, AttributeError):
        sys.stderr.flush()
    os._exit(code)


def _channel() -> Tell:
    """A way to the door that nothing else can write to: other output on stdout goes to the log."""
    sys.stdout.flush()
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        print(json.dumps(message), file=lines, flush=True)

    return tell


def _move(folder: str, log: str) -> None:
    """Into the folder of the plan, as if started there: temporary files go there, and what engines say into its log."""
    os.chdir(folder)
    os.environ["TMPDIR"] = os.environ["TEMP"] = folder
    tempfile.tempdir = None  # so that it is looked up anew
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def _end_with_the_door(plan: Plan) -> None:
    """Nothing more is ever written to our stdin: when reading ends, nobody waits for the result any more, and nobody
    but us is left to remove what both sides had written.
    """
    os.read(0, 1)
    for name in OUTPUTS:
        if plan.get(name):
            part_of(Path(plan[name]), os.getpid()).unlink(missing_ok=True)
    workspace = Path(plan.get("output", "")).parent
    if workspace.name.startswith(scratch.PREFIX):
        scratch.remove(workspace)
    os._exit(EXIT_INTERRUPTED)


def _carry_out(commands: Commands, plan: Plan, tell: Tell) -> None:
    def progress(stage: str, share: float, rows: int = 0) -> None:
        tell({"stage": stage, "share": share, "rows": rows})

    answer = commands[plan["command"]](plan, progress)
    # A folder of the run is gone with the run.
    write(plan["output"], answer, durable=not Path(plan["output"]).parent.name.startswith(scratch.PREFIX))


def _answered(fault: BaseException, plan: Plan, tell: Tell) -> int:
    """Tell the door what went wrong, and whether less at a time may help; the details go to the log alone."""
    if isinstance(fault, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    if not isinstance(fault, FrictionError):
        _noted(fault)
    error = named(fault, Limits(memory=plan.get("bounds", {}).get("memory")))
    members = error.problem.as_dict()
    problem = {key: value for key, value in members.items() if key not in {"type", "title"}}
    tell({"problem": problem, "again": _is_panic(fault) or isinstance(fault, MemoryError)})
    return error.exit_code


def _noted(fault: BaseException) -> None:
    """Into the log; a full disk has no room for that either, and must not take the answer with it."""
    try:
        traceback.print_exception(fault)
        sys.stderr.flush()
    except OSError:
        sys.stderr = None


def _is_panic(fault: BaseException) -> bool:
    return type(fault).__name__ == "PanicException"


def named(fault: BaseException, limits: Limits = DEFAULT) -> FrictionError:
    """A fault as one of our errors, without any word of an engine, for those repeat the data."""
    if isinstance(fault, FrictionError):
        return fault
    if _is_panic(fault):
        return InputError(
            "input.crashed_reader",
            "the reader gave up on the input in a way that it should not",
            remedy="one of the files is probably damaged: try them one by one",
        )
    if isinstance(fault, MemoryError):
        return limits.refusal("memory")
    if (full := full_disk(fault)) is not None:
        return full
    return InternalError(
        "internal.fault",
        f"an unexpected fault ({type(fault).__name__}); this is ours, not yours",
        remedy="run this again with --verbose to see the details",
    )
