"""How the command line speaks: results on stdout, progress, remarks and problems on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from friction.errors import Problem
from friction.values import dataclass

if TYPE_CHECKING:
    from rich.console import RenderableType

    from friction.i18n import Language

Progress = Callable[[dict[str, Any]], None]
LONGEST = 2_000
"""Characters of one sentence about a problem; names of columns in it may be of any length."""


@dataclass(frozen=True)
class Voice:
    """What the user wants to hear besides the result."""

    quiet: bool = False
    verbose: bool = False

    def remark(self, text: str) -> None:
        """A sentence that is not the result."""
        if not self.quiet:
            print(_safe(text), file=sys.stderr)

    def details(self, log: str) -> None:
        """What engines said; only for who asked."""
        if self.verbose and log:
            sys.stderr.write(_safe(log))

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A line on the terminal that shows how far the work is, and leaves no trace."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        from friction.cli.progress import Meter
        from friction.cli.speech import speaking

        meter = Meter(speaking())
        columns = (BarColumn(24), TextColumn("{task.fields[line]}", markup=False), TimeElapsedColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0, line=meter.line())

            def hear(message: dict[str, Any]) -> None:
                meter.hear(message)
                bar.update(task, line=meter.line(), completed=meter.share)

            yield hear


def say(text: str | bytes) -> None:
    """A result as it is; on a terminal nothing in it can steer that, and JSON stays the same JSON."""
    if sys.stdout.isatty():
        text = _safe(text if isinstance(text, str) else text.decode())
    if isinstance(text, str):
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text)


def show(what: RenderableType) -> None:
    """A result for the eye."""
    from friction.render.text import show as shown

    shown(what, sys.stdout)


def has_dots() -> bool:
    """Whether stdout can show the dots of a confidence."""
    try:
        "●○".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _safe(text: str) -> str:
    from friction.render.safe import printable

    return printable(text)


def tell_problem(problem: Problem, *, as_json: bool) -> None:
    """What went wrong, where, and what to do about it."""
    if as_json:
        import json

        print(_safe(json.dumps(problem.as_dict(), ensure_ascii=False)), file=sys.stderr)
        return
    from friction.cli.speech import speaking

    print("\n".join(told(problem, speaking())), file=sys.stderr)


def told(problem: Problem, speak: Language) -> list[str]:
    """The lines that say it: what, where, what to do, under which code."""
    from friction.i18n.problems import say as said
    from friction.render.safe import clean

    place = [
        problem.file,
        problem.line and speak.text("line {n}", n=problem.line),
        problem.column and speak.text("column {name}", name=problem.column),
    ]
    labels = {
        "friction": said(problem.detail, speak),
        speak.text("where"): ", ".join(str(part) for part in place if part),
        speak.text("remedy"): said(problem.remedy or "", speak),
        speak.text("code"): problem.code,
    }
    return [
        speak.text("{name}: {value}", name=f"{label:>8}", value=clean(text, LONGEST))
        for label, text in labels.items()
        if text
    ]
