"""One attempt: a POST to an address that was checked, with limits, without redirects, proxies and cookies."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from friction import __version__

from .reach import Address, Reach, Target, Unreachable, target

WAIT_S = 10.0
"""For the connection and for each sign of life."""
WHOLE_S = 20.0
"""For the attempt as a whole: a receiver that sends a byte now and then is ended too."""
READ = 65_536


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the receiver's status, or null and what went wrong; its wish to wait, in seconds."""

    status: int | None
    fault: str | None = None
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> Answer:
    """Send it. Never raises for what a receiver or the network does."""
    try:
        at = target(url)
        connection = _Checked(at, reach.addresses(at))
    except Unreachable as fault:
        return Answer(None, str(fault))
    ending = threading.Timer(WHOLE_S, connection.cut)
    ending.daemon = True
    ending.start()
    try:
        return _exchange(connection, at, body, headers)
    except ssl.SSLCertVerificationError:
        return Answer(None, "the certificate of the receiver is not valid")
    except TimeoutError:
        return Answer(None, f"no answer within {WAIT_S:.0f} seconds")
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(None, "the connection failed")
    finally:
        ending.cancel()
        connection.close()


def _exchange(connection: _Checked, at: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    kind = {
        "Content-Type": "application/json",
        "User-Agent": f"friction/{__version__}",
        "Connection": "close",
    }
    connection.request("POST", at.path, body, {**kind, **headers})
    response = connection.getresponse()
    response.read(READ)
    fault = "redirects are not followed" if 300 <= response.status < 400 else None
    wish = response.headers.get("Retry-After", "")
    return Answer(response.status, fault, int(wish[:6]) if wish.isdecimal() else None)


class _Checked(http.client.HTTPConnection):
    """A connection that goes to one of the checked addresses and nowhere else: the name is not looked up again."""

    def __init__(self, at: Target, addresses: Sequence[Address]) -> None:
        super().__init__(at.host, at.port, timeout=WAIT_S)
        self._at, self._addresses = at, addresses

    def connect(self) -> None:
        self.sock = self._opened()
        if not self._at.is_plain:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._at.host)

    def _opened(self) -> socket.socket:
        fault: OSError = OSError("no address")
        for address in self._addresses:
            try:
                return socket.create_connection((str(address), self._at.port), WAIT_S)
            except OSError as found:
                fault = found
        raise fault

    def cut(self) -> None:
        """End it, whatever it waits for."""
        if (open_socket := self.sock) is not None:
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
