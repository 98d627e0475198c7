"""A child that waits: started before there is work for it, so that nobody waits for its start.

Starting a child and loading the engines takes about a second. A service that carries out one job after another keeps
one child ready meanwhile. It is as fresh as any other, for it has seen no data: it has given up the network, loaded
what an analysis needs (`friction.child.ready`) and waits for its one plan. Bounds, folder and log come with the plan.
What has to be known before an interpreter starts (the number of threads, credentials) it cannot be given: such plans
start a child of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from friction.isolate.process import environment

READY: Sequence[str] = (sys.executable, "-P", "-X", "utf8", "-m", "friction.child.ready")


class Spare:
    """At most one waiting child; safe for threads."""

    def __init__(self, command: Sequence[str] = READY) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._waiting: subprocess.Popen[bytes] | None = None
        self._is_open = True
        self._asked = time.monotonic()

    @property
    def calm_s(self) -> float:
        """Seconds since somebody asked for a child."""
        return time.monotonic() - self._asked

    @property
    def pid(self) -> int | None:
        """Of the one that waits; null where none lives."""
        with self._lock:
            waiting = self._waiting
        return waiting.pid if waiting is not None and waiting.poll() is None else None

    def prepare(self) -> None:
        """See to it that one waits."""
        with self._lock:
            if not self._is_open or (self._waiting is not None and self._waiting.poll() is None):
                return
            self._drop()
            self._waiting = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.sep,
                env=environment({}, None),
                start_new_session=True,
            )

    def take(self, plan: Mapping[str, Any]) -> subprocess.Popen[bytes] | None:
        """The waiting child, which is the taker's from now on; null where none lives or the plan needs its own."""
        self._asked = time.monotonic()
        if plan.get("keeps") or plan.get("settings", {}).get("limits", {}).get("threads"):
            return None
        with self._lock:
            found, self._waiting = self._waiting, None
        if found is None or found.poll() is None:
            return found
        _over(found)
        return None

    def close(self) -> None:
        """End the one that waits; no other is started."""
        with self._lock:
            self._is_open = False
            self._drop()

    def _drop(self) -> None:
        if self._waiting is not None:
            _over(self._waiting)
            self._waiting = None


def _over(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
