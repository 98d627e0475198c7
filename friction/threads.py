"""This machine: parts in threads of one process, since the engine below does its work outside of Python's lock."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """`work` of each item, in their order; at most `workers` are under way, so memory holds as many parts."""
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        under_way: deque[Future[Result]] = deque()
        try:
            for item in items:
                if len(under_way) == workers:
                    yield under_way.popleft().result()
                under_way.append(pool.submit(work, item))
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


class Meanwhile:
    """Takes work whose result is needed later (`meanwhile`)."""

    def __init__(self, pool: ThreadPoolExecutor | None) -> None:
        self._pool = pool

    def start(self, work: Callable[[], Result]) -> Callable[[], Result]:
        """Begin with it; what comes back gives its result, or raises what it raised, when called."""
        return cache(work) if self._pool is None else self._pool.submit(work).result


BRISK = 0.0005
"""Seconds after which a thread that runs in Python gives way to one that waits to; ten times that is usual."""


@contextmanager
def brisk() -> Iterator[None]:
    """For a short thread-bound stretch: who calls the engine over and over waits each time for one that never does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, BRISK))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextmanager
def meanwhile(workers: int) -> Iterator[Meanwhile]:
    """A second thread for work that stands beside the main one, piece after piece in the order they are started.

    With one worker there is none: then each piece is done when its result is asked for, and nothing changes but the
    time. What has not begun when the block is left is not done any more.
    """
    if workers == 1:
        yield Meanwhile(None)
        return
    pool = ThreadPoolExecutor(1)
    try:
        yield Meanwhile(pool)
    finally:
        pool.shutdown(cancel_futures=True)
