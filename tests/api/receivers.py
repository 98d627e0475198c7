"""Receivers of webhooks: real HTTP servers on loopback that behave as they are told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OK, FAILS, REDIRECTS, HANGS, DIES, GONE = "ok", "fails", "redirects", "hangs", "dies", "gone"
STATUS = {OK: 204, FAILS: 500, REDIRECTS: 302, GONE: 410}


@dataclass
class Heard:
    """What a receiver got: headers and body of each request, whatever it answered."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Ids of the messages it said yes to."""


@contextmanager
def receiver(manners: Sequence[str] = (), *, tls: ssl.SSLContext | None = None) -> Iterator[Heard]:
    """A receiver that has the `manners` one after the other, and says yes from then on."""
    heard, left, over = Heard(), list(manners), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self._answer(left.pop(0) if left else OK)

        def _answer(self, manner: str) -> None:
            if manner == DIES:
                self.connection.shutdown(socket.SHUT_RDWR)
            elif manner == HANGS:
                over.wait(30)
            else:
                if manner == OK:
                    heard.taken.append(self.headers["webhook-id"])
                self.send_response(STATUS[manner])
                self.send_header("Location", heard.url)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    heard.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}/friction?from=tests"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield heard
    finally:
        over.set()
        server.shutdown()
        server.server_close()


@contextmanager
def contacts(ports: int = 1) -> Iterator[tuple[list[int], list[str]]]:
    """Open ports of this machine, over IPv4 and IPv6, and who has knocked."""
    knocks: list[str] = []
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(ports)]
    numbers = [each.getsockname()[1] for each in sockets]
    with suppress(OSError):
        sockets += [socket.create_server(("::1", port), family=socket.AF_INET6) for port in numbers]
    over = threading.Event()

    def listen(one: socket.socket) -> None:
        one.settimeout(0.05)
        while not over.is_set():
            with suppress(TimeoutError, OSError):
                caller, address = one.accept()
                knocks.append(str(address))
                caller.close()

    threads = [threading.Thread(target=listen, args=(each,), daemon=True) for each in sockets]
    for thread in threads:
        thread.start()
    try:
        yield numbers, knocks
        time.sleep(0.1)
    finally:
        over.set()
        for thread, one in zip(threads, sockets, strict=True):
            thread.join()
            one.close()
