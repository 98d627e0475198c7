"""A service with its pages on a port of its own, in this process; jobs are carried out in real data processes."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api.app import create_app
from api.service import Bounds, Service
from tests.api.conftest import AtOnce


@dataclass
class Served:
    """The running service and where it is."""

    address: str
    service: Service
    line: AtOnce


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Ends with the block."""
    before = os.umask(0o077)
    service = Service.open(folder, bounds=Bounds(rate="1000000/minute"))
    service.queue.close()
    line = AtOnce(service)
    service.queue = line  # type: ignore[assignment]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = uvicorn.Config(
        create_app(service), host="127.0.0.1", port=port, log_config=None, lifespan="on"
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Served(f"http://127.0.0.1:{port}", service, line)
    server.should_exit = True
    thread.join(timeout=20)
    os.umask(before)
