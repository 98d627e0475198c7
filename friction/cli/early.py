"""A child that is started before it is known what to ask it: it loads the engines while the command line is read.

Both take a third of a second, and need not wait for each other. The child has seen no data and has no network; it takes
the plan of the analysis when there is one, and is ended with the command when there is none (`friction.isolate.spare`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.isolate import Spare

AHEAD: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.child.ahead")
ASKED: Mapping[str, str] = {
    **dict.fromkeys(("analyze", "analyse", "demo"), "analysing"),
    **dict.fromkeys(("detect", "convert"), "writing"),
    "inspect": "looking",
}
"""Commands that ask a child in any case → what it loads for them (`friction.child.ahead`)."""
OWN = ("--threads", "--help", "-h")
"""Words of a command line that needs a child of its own, or none."""
_WAITING: ContextVar[Spare | None] = ContextVar("waiting", default=None)


@contextmanager
def begun(words: Sequence[str]) -> Iterator[None]:
    """While this lasts, a child waits for these words if they ask for one."""
    if not words or words[0] not in ASKED or any(word.startswith(OWN) for word in words):
        yield
        return
    from friction.isolate import Spare

    spare = Spare((*AHEAD, ASKED[words[0]]))
    spare.prepare()
    token = _WAITING.set(spare)
    try:
        yield
    finally:
        _WAITING.reset(token)
        spare.close()


def waiting(settings: Settings | None = None) -> Spare | None:
    """Where the child waits; null where none was started, or it cannot have as many threads as the settings say."""
    spare = _WAITING.get()
    if spare is not None and settings is not None and settings.limits.threads:
        spare.close()
        return None
    return spare
