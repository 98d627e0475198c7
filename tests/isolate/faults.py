"""A data process with one more command: to work through numbered checkpoints and fail at one of them.

Run as a script in place of `friction.child`, which it is apart from that. The plan's `faults` say what happens in the
first and in the second attempt: `null`, or a fault and the number of its checkpoint.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from friction.child.commands import COMMANDS
from friction.child.run import main
from friction.isolate import SMALLER

CHECKPOINTS = 6


class PanicException(BaseException):
    """As the engines' own: no `Exception`, and known by its name alone."""


def work(plan: dict[str, Any], progress: Any) -> bytes:
    """Half a table for the user, then the checkpoints, then an answer that tells the attempts apart."""
    is_second = plan["settings"].get("limits", {}).get("part_rows") == SMALLER["part_rows"]
    fault, checkpoint = plan["faults"][is_second] or ("", 0)
    for number in range(1, CHECKPOINTS + 1):
        progress("working", number / CHECKPOINTS)
        if plan.get("table"):
            half = os.path.join(os.path.dirname(plan["table"]), f".table.{os.getpid()}.part.csv")  # noqa: PTH118, PTH120
            with open(half, "a", encoding="ascii") as file:  # noqa: PTH123
                file.write("a half row")
        if number == checkpoint:
            fail(fault)
    return b"second" if is_second else b"first"


def fail(fault: str) -> None:
    """In the way that the word says; a number is that of a signal."""
    if fault.isdecimal():
        with suppress(OSError):  # who started the tests may ignore some; nobody can set that of KILL
            signal.signal(int(fault), signal.SIG_DFL)
        os.kill(os.getpid(), int(fault))
    if fault == "abort":
        os.abort()
    if fault == "hang":
        time.sleep(60)
    if fault == "allocate":
        held = bytearray()
        while True:
            held += b"x" * 2**22
    if fault == "panic":
        raise PanicException("secret")
    if fault == "no memory":
        raise MemoryError
    if fault == "large file":
        with open("large", "wb") as file:  # noqa: PTH123
            file.write(bytes(10**7))
    if fault == "half a line":
        os.write(plan_channel(), b'{"stage": "wor')
        os.abort()


def plan_channel() -> int:
    """The descriptor of the pipe to the door: the one that is neither stdin nor the log."""
    return next(number for number in range(3, 20) if is_pipe(number))


def is_pipe(number: int) -> bool:
    """Whether it is open and a pipe."""
    try:
        return os.readlink(f"/proc/self/fd/{number}").startswith("pipe:")  # noqa: PTH115
    except OSError:
        return False


if __name__ == "__main__":
    COMMANDS["work"] = work
    sys.exit(main())
