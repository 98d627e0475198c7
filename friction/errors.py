"""What can go wrong, as one tree. Every error says what, where and what to do about it, and has a stable code.

    FrictionError
    ├── UsageError        exit 2   the command line or configuration is wrong
    ├── InputError        exit 3   the input cannot be read or was refused
    │   └── LimitError    exit 3   beyond a declared limit
    ├── MissingExtra      exit 5   an optional package is not installed
    └── InternalError     exit 70  our own fault

The same object is shown by the command line and answered by the API (RFC 9457). Messages never hold an engine's
text, a traceback or the contents of a cell.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from friction.values import dataclass

EXIT_DONE, EXIT_GATE, EXIT_USAGE, EXIT_INPUT, EXIT_PARTIAL = 0, 1, 2, 3, 4
EXIT_EXTRA, EXIT_INTERNAL, EXIT_INTERRUPTED = 5, 70, 130


@dataclass(frozen=True)
class Problem:
    """One problem document; `file`, `line` (physical, from 1) and `column` are null where they do not apply."""

    code: str
    detail: str
    remedy: str | None = None
    file: str | None = None
    line: int | None = None
    column: str | None = None
    limit: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        """The members that are set, plus `type` and `title` as RFC 9457 wants them."""
        members = {key: value for key, value in asdict(self).items() if value is not None}
        return {
            "type": f"urn:friction:error:{self.code}",
            "title": self.code.replace(".", ": ").replace("_", " "),
            **members,
        }


class FrictionError(Exception):
    """Root of all errors that a user may see."""

    exit_code = EXIT_INTERNAL
    status = 500

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        remedy: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
        limit: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail, remedy, file, line, column, limit)

    def __reduce__(self) -> tuple[Callable[..., FrictionError], tuple[type[FrictionError], Problem]]:
        """As workers in other processes hand it over."""
        return _again, (type(self), self.problem)


def _again(which: type[FrictionError], problem: Problem) -> FrictionError:
    members = dict(vars(problem))
    return which(members.pop("code"), members.pop("detail"), **members)


class UsageError(FrictionError):
    """The command line, an option or the configuration is wrong."""

    exit_code = EXIT_USAGE
    status = 422


class InputError(FrictionError):
    """The input cannot be read, or is not what this command can use."""

    exit_code = EXIT_INPUT
    status = 422


class LimitError(InputError):
    """The input is beyond a declared limit."""

    status = 413

    def __init__(self, code: str, detail: str, **members: Any) -> None:
        super().__init__(code, detail, **members)
        if code == "limit.disk":
            self.status = 507  # no fault of what was sent


class MissingExtra(FrictionError):
    """An optional package is needed and not installed."""

    exit_code = EXIT_EXTRA
    status = 501


class InternalError(FrictionError):
    """Our own fault; the details are in the log, not in the message."""


CLASSES: dict[int, type[FrictionError]] = {
    EXIT_USAGE: UsageError,
    EXIT_INPUT: InputError,
    EXIT_EXTRA: MissingExtra,
    EXIT_INTERNAL: InternalError,
}
"""By exit code: how an error that crossed a process boundary becomes an exception again."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` for a misspelt word, or the known words when nothing is near."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else f"known are: {', '.join(known)}"
