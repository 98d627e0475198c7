"""Keeps memory and time of one child from outside: sees what its processes hold and ends them when it is too much."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from friction.isolate import memory

Stop = Callable[[], bool]
CALM_S, NEAR_S = 0.05, 0.01
"""Between two samples: far from the ceiling, and from half of it on."""
NEAR = 0.5
ASK_S = 0.5
"""Between two questions whether the result is still wanted."""
END_AT = 0.95
"""Of the ceiling: what is taken between the sample and the end still stays below it."""


class Watch:
    """What a watch saw: `why` it ended the child (null: it did not), `peak` in bytes."""

    def __init__(
        self,
        pid: int,
        ceiling: int | None,
        deadline: float,
        end: Callable[[], None],
        stop: Stop | None = None,
    ) -> None:
        self.why: Literal["memory", "time", "stopped"] | None = None
        self.peak = 0
        self._pid, self._ceiling, self._deadline, self._end, self._stop = pid, ceiling, deadline, end, stop
        self._over, self._asked = threading.Event(), time.monotonic()

    def stop(self) -> None:
        """Nothing more to watch."""
        self._over.set()

    def keep(self) -> None:
        """Look until stopped, or until a bound is passed: then end the child and return."""
        pause = min(CALM_S, max(0.0, self._deadline - time.monotonic()))
        while not self._over.wait(pause):
            held = memory.resident(self._pid)
            self.peak = max(self.peak, held)
            if self._ceiling is not None and held > END_AT * self._ceiling:
                self.why = "memory"
            elif time.monotonic() >= self._deadline:
                self.why = "time"
            elif self._unwanted():
                self.why = "stopped"
            if self.why:
                self._end()
                return
            near = self._ceiling is not None and held > NEAR * self._ceiling
            pause = NEAR_S if near else CALM_S

    def _unwanted(self) -> bool:
        if self._stop is None or time.monotonic() - self._asked < ASK_S:
            return False
        self._asked = time.monotonic()
        return self._stop()


@contextmanager
def watched(
    pid: int, ceiling: int | None, deadline: float, end: Callable[[], None], stop: Stop | None = None
) -> Iterator[Watch]:
    """Watch the process while the block runs; `end` is called in another thread, at most once.

    `stop` is asked now and then in that thread whether the result is no longer wanted.
    """
    watch = Watch(pid, ceiling, deadline, end, stop)
    thread = threading.Thread(target=watch.keep, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.stop()
        thread.join()
