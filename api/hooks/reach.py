"""Where a message may be sent: to public addresses, by https, and to what the operator allows besides.

Whatever the address looks like, what counts is what it resolves to, and a connection goes to an address that was
checked here. Ranges: the IANA registries of special-purpose addresses (RFC 6890 and its updates).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS: Final = (443, 8443)
"""Of public receivers; others are open for scanning what lies behind a firewall."""
_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*", re.ASCII
)
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
)
_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x5EFE, 0x02005EFE)


class Unreachable(Exception):
    """An address that may not be sent to, or cannot be found; the message may be shown to who gave the address."""


class Unknown(Unreachable):
    """A host that resolves to nothing."""


@dataclass(frozen=True)
class Target:
    """The parts of an address that was read: `path` with its query, `host` in ASCII."""

    is_plain: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Reach:
    """What is reached besides public receivers: the networks an operator has named, also by http and on any port."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def of(cls, words: Iterable[str]) -> Reach:
        """Of networks as one writes them, like `10.1.0.0/16`. Raises `ValueError` for anything else."""
        return cls(tuple(ipaddress.ip_network(word) for word in words))

    def addresses(self, target: Target) -> list[Address]:
        """What the host resolves to, all of it checked. Raises `Unreachable`."""
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unknown("the host is not known") from None
        addresses = list(
            dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found)
        )
        if not addresses or not self._may(target, addresses):
            raise Unreachable("the address is none that may be sent to")
        return addresses

    def is_refused(self, target: Target) -> bool:
        """Whether it may not be sent to, as things are; a host that is not known yet may become known."""
        try:
            self.addresses(target)
        except Unknown:
            return not self.allowed and (target.is_plain or target.port not in PORTS)
        except Unreachable:
            return True
        return False

    def _may(self, target: Target, addresses: Iterable[Address]) -> bool:
        if all(any(address in network for network in self.allowed) for address in addresses):
            return True
        return not target.is_plain and target.port in PORTS and all(map(is_public, addresses))


def target(url: str) -> Target:
    """Read an address. Raises `Unreachable` for anything that two programs might read differently."""
    if len(url) > 2000 or _ODD.search(url):
        raise Unreachable("the address has characters that none has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("the address cannot be read") from None
    if parts.scheme not in ("https", "http") or parts.username is not None or parts.password is not None:
        raise Unreachable("the address must begin with https:// and hold no user")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_plain = parts.scheme == "http"
    return Target(is_plain, _host(parts.hostname or ""), port or (80 if is_plain else 443), path)


def _host(written: str) -> str:
    if ":" in written and "%" not in written:
        try:
            return str(ipaddress.IPv6Address(written))
        except ValueError:
            raise Unreachable("the host cannot be read") from None
    try:
        host = unicodedata.normalize("NFKC", written).rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise Unreachable("the host cannot be read") from None
    if not _NAME.fullmatch(host):
        raise Unreachable("the host cannot be read")
    return host


def is_public(address: Address) -> bool:
    """Whether everybody may reach it; of an address that wraps another, the one inside decides as well."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _SPECIAL)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _TRANSLATED:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _UNICAST or not address.is_global or address.is_multicast:
        return False
    return all(map(is_public, _wrapped(address)))


def _wrapped(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    inside = [*filter(None, (address.sixtofour, *(address.teredo or ())))]
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inside
