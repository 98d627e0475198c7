"""Uploads that go on where they were cut: the tus protocol, against the service as it is."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.api.real import Server, serving

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from api.service import Service

CSV = b"timestamp,session_id,event,url\n" + b"2026-05-01T10:00:00Z,s1,page_view,/\n" * 100
PLACE = "/v1/uploads/resumable"
KIND = {"Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0"}


def created(client: TestClient, size: int, name: str = "may.csv") -> str:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    answer = client.post(PLACE, headers={"Upload-Length": str(size), "Upload-Metadata": told})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def test_what_is_understood_is_told(client: TestClient) -> None:
    headers = client.options(PLACE).headers

    assert (headers["tus-version"], headers["tus-extension"]) == ("1.0.0", "creation,termination")


def test_pieces_become_the_file(client: TestClient, service: Service) -> None:
    place = created(client, len(CSV))
    for start in range(0, len(CSV), 1000):
        piece = CSV[start : start + 1000]
        answer = client.patch(place, content=piece, headers={**KIND, "Upload-Offset": str(start)})
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(start + len(piece)))
    upload = client.get(place.replace("/resumable", "")).json()

    assert (upload["state"], upload["name"]) == ("stored", "may.csv")
    assert upload["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert service.folder.upload(upload["upload_id"]).read_bytes() == CSV
    assert client.head(place).headers["upload-offset"] == str(len(CSV))


def test_a_wrong_place_is_told_the_right_one(client: TestClient) -> None:
    place = created(client, len(CSV))
    answer = client.patch(place, content=CSV[:5], headers={**KIND, "Upload-Offset": "7"})

    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "0")


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Upload-Offset": "0", "Content-Type": "text/csv"}, CSV[:5], 415),
        ({**KIND, "Upload-Offset": "0"}, CSV + b"more", 413),
        ({**KIND, "Upload-Offset": "-1"}, CSV[:5], 422),
        (KIND, CSV[:5], 422),
    ],
)
def test_what_is_not_announced_is_refused(
    client: TestClient, headers: dict[str, str], content: bytes, status: int
) -> None:
    assert client.patch(created(client, len(CSV)), content=content, headers=headers).status_code == status


def test_too_large_a_file_is_refused_before_it_is_sent(client: TestClient) -> None:
    answer = client.post(PLACE, headers={"Upload-Length": "10001"})

    assert (answer.status_code, answer.json()["code"]) == (413, "limit.upload_bytes")


def test_an_upload_that_is_not_complete_cannot_be_analysed(client: TestClient) -> None:
    upload = created(client, len(CSV)).rsplit("/", 1)[1]
    answer = client.post("/v1/reports", json={"uploads": [upload]})

    assert (answer.status_code, answer.json()["code"]) == (409, "upload.unusable")


def test_an_upload_that_is_given_up_leaves_nothing(client: TestClient, service: Service) -> None:
    place = created(client, len(CSV))

    assert client.delete(place).status_code == 204
    assert not list(service.folder.spool.iterdir())
    assert client.head(place).status_code == 404


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("resumed") / "data") as server:
        yield server


def test_a_cut_connection_and_a_killed_server_cost_nothing_that_had_arrived(server: Server) -> None:
    content = b"".join([CSV[:31], CSV[31:] * 500])
    place = server.ask("POST", PLACE, headers={"Upload-Length": str(len(content))}).headers["location"]
    half = len(content) // 2
    _cut(server, place, content[:half])
    server.wait(lambda: _offset(server, place) == half, "arrived", 20)
    server.kill("server")

    assert _offset(server, place) == half
    headers = {**KIND, "Upload-Offset": str(half)}
    assert server.ask("PATCH", place, content=content[half:], headers=headers).status_code == 204
    upload = server.ask("GET", place.replace("/resumable", "")).json()
    assert (upload["state"], upload["sha256"]) == ("stored", hashlib.sha256(content).hexdigest())


def _offset(server: Server, place: str) -> int:
    address = f"http://127.0.0.1:{server.port}{place}"
    return int(httpx2.head(address, timeout=60, trust_env=False).headers["upload-offset"])


def _cut(server: Server, place: str, content: bytes) -> None:
    """Announce twice as much as is sent, and hang up."""
    head = (
        f"PATCH {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpload-Offset: 0\r\nContent-Type: {KIND['Content-Type']}\r\n"
        f"Content-Length: {2 * len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + content)
        time.sleep(0.5)
