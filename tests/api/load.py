"""The service under load: many clients at once, and one very large upload. Figures for the note; loopback only.

python -m tests.api.load                 8 clients × 120 uploads; part of `make e2e-long`
python -m tests.api.load --gigabytes 2   one upload of that size, cut in the middle
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from friction.client import Client
from tests.api.real import Server, serving

HEALTH_P99_MS, SERVER_MB = 500, 300
MIB = 2**20
END_S = 5400.0


@dataclass
class Watch:
    """Milliseconds of each look at the health of a server, and its largest resident size."""

    server: Server
    took_ms: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._keep)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def p99_ms(self) -> float:
        """What 99 of 100 looks took at most."""
        return sorted(self.took_ms)[int(0.99 * (len(self.took_ms) - 1))]

    def _keep(self) -> None:
        status = Path(f"/proc/{self.server.pids('server')[0]}/status")
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.server.port}", trust_env=False) as client:
            while not self._over.wait(0.1):
                started = time.perf_counter()
                client.get("/healthz", timeout=30).raise_for_status()
                self.took_ms.append(1000 * (time.perf_counter() - started))
                resident = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
                self.peak_mb = max(self.peak_mb, int(resident.split()[1]) / 1024)


def many(server: Server, clients: int, uploads: int) -> bool:
    """So many clients, each with so many uploads and reports; whether all of them ended well in time."""
    started = time.monotonic()
    with Watch(server) as watch, ThreadPoolExecutor(clients) as pool:
        ended = Counter(
            state
            for states in pool.map(lambda n: _client(server, n, uploads), range(clients))
            for state in states
        )
    print(
        f"{clients} clients × {uploads} uploads in {time.monotonic() - started:.0f} s: "
        f"{', '.join(f'{count} {state}' for state, count in sorted(ended.items()))}; "
        f"health p99 {watch.p99_ms:.0f} ms, server at most {watch.peak_mb:.0f} MB",
        flush=True,
    )
    is_whole = ended == {"succeeded": clients * uploads}
    return is_whole and watch.p99_ms <= HEALTH_P99_MS and watch.peak_mb <= SERVER_MB


def _client(server: Server, number: int, uploads: int) -> list[str]:
    with Client(f"http://127.0.0.1:{server.port}") as client, tempfile.TemporaryDirectory() as folder:
        jobs = []
        for each in range(uploads):
            path = Path(folder) / f"{number}-{each}.csv"
            path.write_bytes(_export(number, each))
            jobs.append(client.order([client.upload(path)]))
        states: list[str] = []
        for job in jobs:
            client.wait(job, END_S)
            states.append(client.job(job).state)
        return states


def _export(number: int, each: int) -> bytes:
    rows = [
        f"2026-05-01T10:{n % 60:02}:00Z,s{number}-{each}-{n // 5},page_view,/p{n % 7}" for n in range(500)
    ]
    return "\n".join(["timestamp,session_id,event,url", *rows, ""]).encode()


def large(server: Server, gigabytes: float) -> bool:
    """One upload whose connection is cut in the middle; whether it is whole in the end and memory stayed level."""
    size = int(gigabytes * 2**30)
    place = server.ask("POST", "/v1/uploads/resumable", headers={"Upload-Length": str(size)}).headers[
        "location"
    ]
    started = time.monotonic()
    with Watch(server) as watch:
        _cut(server, place, size // 2)
        server.wait(lambda: _offset(server, place) >= size // 4, "arrived", 120)
        start = _offset(server, place)
        headers = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        content = _zeros(size - start)
        server.ask("PATCH", place, content=content, headers=headers | {"Content-Length": str(size - start)})
        upload = server.ask("GET", place.replace("/resumable", "")).json()
    print(
        f"{gigabytes:g} GiB in {time.monotonic() - started:.0f} s, cut at {start / size:.0%}: {upload['state']}; "
        f"server at most {watch.peak_mb:.0f} MB, health p99 {watch.p99_ms:.0f} ms",
        flush=True,
    )
    return bool(upload["state"] == "stored") and watch.peak_mb <= SERVER_MB


def _offset(server: Server, place: str) -> int:
    answer = httpx2.head(f"http://127.0.0.1:{server.port}{place}", timeout=120, trust_env=False)
    return int(answer.headers["upload-offset"])


def _cut(server: Server, place: str, size: int) -> None:
    head = (
        f"PATCH {place} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\nContent-Length: {2 * size}\r\n"
        "Content-Type: application/offset+octet-stream\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode())
        for piece in _zeros(size):
            connection.sendall(piece)


def _zeros(size: int) -> Iterator[bytes]:
    piece = bytes(MIB)
    while size > 0:
        yield piece[:size]
        size -= MIB


def main() -> int:
    """Exit code 1 when something was lost or beyond its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--uploads", type=int, default=120)
    parser.add_argument("--gigabytes", type=float)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="load-") as folder,
        serving(Path(folder) / "data", None, "--jobs", "2") as server,
    ):
        if asked.gigabytes:
            return 0 if large(server, asked.gigabytes) else 1
        return 0 if many(server, asked.clients, asked.uploads) else 1


if __name__ == "__main__":
    sys.exit(main())
