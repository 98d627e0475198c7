"""Keeps one worker running beside the server, and ends it with the server."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from .worker import GRACE_S

LOG = logging.getLogger("friction.supervisor")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
CALM_S = 60.0
"""A worker that ran so long was well; the pause before the next start is the first one again."""


Forget = Callable[[str], None]
"""Hears the name of a worker that has ended, so that its jobs need not wait for its lease to run out."""


class Supervisor:
    """Starts a worker again whenever it ends by itself, after a pause that grows while it keeps failing.

    Each start has a name of its own. The worker's standard input is a pipe from here: when it closes, the server is
    gone, and the worker leaves as well.
    """

    def __init__(self, words: Sequence[str], forget: Forget) -> None:
        self._command = [sys.executable, "-P", "-m", "friction", "worker", *words]
        self._forget = forget
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """Of the worker; null between two."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the worker, in a session of its own: an interruption of the server reaches it through us only."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to end and wait for it."""
        self._over.set()
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=GRACE_S + 8)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(timeout=5)

    def _keep(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._over.is_set():
            started = time.monotonic()
            name = f"beside-{os.getpid()}-{secrets.token_hex(4)}"
            command = [*self._command, "--name", name, "--until-closed"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
            code = self._process.wait()
            if self._over.is_set():
                return
            self._forget(name)
            pause = FIRST_PAUSE_S if time.monotonic() - started > CALM_S else pause
            LOG.warning("the worker ended with %s and is started again in %s s", code, pause)
            self._over.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


@contextmanager
def supervised(words: Sequence[str], forget: Forget) -> Iterator[Supervisor]:
    """A worker beside the block; `words` are those of `friction worker`."""
    supervisor = Supervisor(words, forget)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()
