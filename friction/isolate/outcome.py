"""How a child ended, and the one exception that says so."""

from __future__ import annotations

import signal
from typing import Any, Literal

from friction.errors import CLASSES, EXIT_INTERRUPTED, FrictionError, InputError, InternalError, LimitError
from friction.isolate.bounds import Bounds
from friction.values import dataclass

Problem = dict[str, Any]
"""The child's own words: `problem`, the members of a problem document, and `again`, whether less at a time may help."""

_OUT_OF_TIME = {getattr(signal, name) for name in ("SIGXCPU",) if hasattr(signal, name)}


class Stopped(Exception):
    """The caller no longer wanted the result."""


@dataclass(frozen=True)
class End:
    """`code` is the exit code, negative for a signal; `why` says that this side ended it, and for what."""

    code: int
    problem: Problem | None = None
    why: Literal["memory", "time", "stopped"] | None = None

    @property
    def worth_another(self) -> bool:
        """Whether the same plan may succeed with less at a time: it died or memory was not enough."""
        if not self.code:
            return False
        if self.why is not None or self.problem is not None:
            return self.why == "memory" or bool(self.problem and self.problem.get("again"))
        return self.code < 0 and not self._out_of_time

    def failure(self, bounds: Bounds) -> BaseException | None:
        """What to raise; null when all is well, also when it was just done as its end came."""
        if not self.code:
            return None
        if self.why == "stopped":
            return Stopped()
        if self.why or self._out_of_time:
            return bounds.limits().refusal(self.why or "time")
        if self.code == EXIT_INTERRUPTED:
            return KeyboardInterrupt()
        return self._own_failure()

    def _own_failure(self) -> FrictionError:
        """What the child said of itself, or what its silence says."""
        if self.problem is not None:
            return _theirs(self.code, self.problem["problem"])
        if self.code < 0:
            return _crashed(-self.code)
        return InternalError(
            "internal.child",
            "the process that reads the data ended without an answer",
            remedy="run this again with --verbose to see the details",
        )

    @property
    def _out_of_time(self) -> bool:
        return -self.code in _OUT_OF_TIME


def _theirs(code: int, members: dict[str, Any]) -> FrictionError:
    """The child's own error, as the class it had there."""
    members = dict(members)
    name = str(members.pop("code"))
    kind = LimitError if name.startswith("limit.") else CLASSES.get(code, InternalError)
    return kind(name, members.pop("detail"), **members)


def _crashed(number: int) -> InputError:
    killed = number == signal.SIGKILL
    return InputError(
        "input.crashed_reader",
        f"the reader was ended by the system while it worked on the input, twice (signal {number})",
        remedy="memory may have run out: try fewer files at a time"
        if killed
        else "one of the files is probably damaged: try them one by one",
    )
