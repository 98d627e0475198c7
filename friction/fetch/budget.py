"""What may still be fetched: counted while bytes arrive, over all that one run brings."""

from __future__ import annotations

import threading

from friction.limits import Limits


class Budget:
    """Bytes and objects of one run against the limits; thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.taken = 0
        self._lock = threading.Lock()

    def expect(self, sizes: list[int], name: str) -> None:
        """Refuse before anything is fetched what is plainly too much. Raises `LimitError`."""
        if len(sizes) > self.limits.objects:
            raise self.limits.refusal("objects", file=name)
        if any(size > self.limits.size for size in sizes):
            raise self.limits.refusal("size", file=name)
        if sum(sizes) > self.limits.fetched:
            raise self.limits.refusal("fetched", file=name)

    def take(self, size: int, name: str) -> None:
        """So many bytes arrived. Raises `LimitError`."""
        with self._lock:
            self.taken += size
            if self.taken > self.limits.fetched:
                raise self.limits.refusal("fetched", file=name)
