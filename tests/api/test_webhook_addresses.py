"""However an internal address is spelled, nothing is sent there."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from api.hooks import posting
from api.hooks.reach import Reach, Unreachable, is_public, target
from tests.api.receivers import contacts

INTERNAL = (
    "https://127.0.0.1{port}/",
    "https://127.1{port}/",
    "https://127.0.1{port}/",
    "https://127.255.255.254{port}/",
    "https://2130706433{port}/",
    "https://0x7f000001{port}/",
    "https://0x7f.0.0.1{port}/",
    "https://0x7f.1{port}/",
    "https://0177.0.0.1{port}/",
    "https://017700000001{port}/",
    "https://127.000.000.001{port}/",
    "https://0.0.0.0{port}/",
    "https://0{port}/",
    "https://localhost{port}/",
    "https://LOCALHOST{port}/",
    "https://localhost.{port}/",
    "https://127.0.0.1.{port}/",
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11{port}/",
    "https://127\u30020\u30020\u30021{port}/",
    "https://\u2460\u2461\u2466.0.0.1{port}/",
    "https://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54{port}/",
    "https://[::1]{port}/",
    "https://[0:0:0:0:0:0:0:1]{port}/",
    "https://[::]{port}/",
    "https://[::ffff:127.0.0.1]{port}/",
    "https://[::ffff:7f00:1]{port}/",
    "https://[::127.0.0.1]{port}/",
    "https://[64:ff9b::7f00:1]{port}/",
    "https://[64:ff9b:1::7f00:1]{port}/",
    "https://[2002:7f00:1::]{port}/",
    "https://[2001:0:7f00:1:0:0:80ff:fffe]{port}/",
    "https://[2620:0:1:0:0:5efe:7f00:1]{port}/",
    "https://[fe80::1]{port}/",
    "https://[fe80::1%25lo]{port}/",
    "https://[fd00::1]{port}/",
    "https://[fc00::1]{port}/",
    "https://[ff02::1]{port}/",
    "https://[fec0::1]{port}/",
    "https://10.0.0.1{port}/",
    "https://172.16.0.1{port}/",
    "https://192.168.1.1{port}/",
    "https://169.254.169.254{port}/latest/meta-data/",
    "https://100.64.0.1{port}/",
    "https://192.0.0.1{port}/",
    "https://198.18.0.1{port}/",
    "https://224.0.0.1{port}/",
    "https://255.255.255.255{port}/",
    "https://example.com@127.0.0.1{port}/",
    "https://127.0.0.1{port}\\@example.com/",
    "https://127.0.0.1{port}#@example.com/",
    "http://127.0.0.1{port}/",
    "ftp://127.0.0.1{port}/",
    "file:///etc/passwd",
    "https:///{port}",
    "//127.0.0.1{port}/",
    "https://127.0.0.1{port}\r\nHost: example.com/",
)


@pytest.mark.parametrize("spelling", INTERNAL, ids=lambda text: ascii(text)[:60])
def test_no_spelling_of_an_internal_address_is_contacted(
    spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contacts() as ((port,), knocks):
        monkeypatch.setattr("api.hooks.reach.PORTS", (443, 8443, port))
        for place in ("", f":{port}"):
            answer = posting.post(spelling.format(port=place), b"{}", {}, Reach())

            assert answer.status is None
            assert answer.fault is not None

    assert knocks == []


def test_there_are_many_spellings() -> None:
    assert len(set(INTERNAL)) >= 50


def test_what_was_checked_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere when it is looked up again (rebinding) is not looked up again."""
    asked: list[str] = []

    def lookup(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        place = "192.0.32.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    dialled: list[str] = []

    def connect(address: tuple[str, int], _: float) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    posting.post("https://rebound.example/", b"{}", {}, Reach())

    assert asked == ["rebound.example"]
    assert dialled == ["192.0.32.8"]


def test_one_internal_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443)) for place in ("192.0.32.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(Unreachable):
        Reach().addresses(target("https://two.example/"))


@pytest.mark.parametrize("port", [22, 25, 80, 6379, 8080])
def test_public_receivers_are_reached_on_their_ports_only(port: int) -> None:
    with pytest.raises(Unreachable):
        Reach().addresses(target(f"https://192.0.32.8:{port}/"))


@pytest.mark.parametrize(
    "written", ["192.0.32.8", "2001:500:88:200::8", "::ffff:192.0.32.8", "64:ff9b::c000:2008"]
)
def test_public_addresses_are_public(written: str) -> None:
    assert is_public(ip_address(written))


def test_an_operator_can_allow_a_network_of_the_house() -> None:
    reach = Reach.of(["127.0.0.0/8"])

    assert [str(each) for each in reach.addresses(target("http://127.0.0.1:8080/x"))] == ["127.0.0.1"]
    with pytest.raises(Unreachable):
        reach.addresses(target("http://10.0.0.1:8080/x"))
