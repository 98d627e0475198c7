"""Jobs that were given to this worker and that it never began.

When the database goes while a job is taken from its line, the line may have noted the taker, who never hears of it. As
the taker lives, nobody would take over from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .queue import Queue

_RUNNING: set[str] = set()
"""What this process is at."""


@contextmanager
def at_work(job_id: str) -> Iterator[None]:
    """While this job is carried out here."""
    _RUNNING.add(job_id)
    try:
        yield
    finally:
        _RUNNING.discard(job_id)


class Missed:
    """Looks, round by round, for what waits for a worker that does not know of it."""

    def __init__(self, worker_id: str) -> None:
        self._worker_id = worker_id
        self._idle: set[str] = set()

    def sweep(self, queue: Queue) -> list[str]:
        """Put back what has been idle for a whole round, since what was just taken is about to begin; the ids."""
        idle = queue.begun_by(self._worker_id) - _RUNNING
        lost = idle & self._idle
        self._idle = idle - lost
        return queue.take_over(self._worker_id, lost) if lost else []
