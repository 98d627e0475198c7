"""The service as it is, child process and all: an export in, a report or a reason out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from friction.report import Report
from tests.tables.packing import Packed, zipped

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

QUICK = [0, 300, 600, 900]
HEAD = "timestamp,session_id,event,url,target,country"


def shop(clicks_ms: list[int]) -> bytes:
    """A table of one session that opens a page and clicks its button at these times after ten seconds."""
    rows = ["2026-05-01T10:00:00.000Z,s1,page_view,/cart,,FR"]
    rows += [f"2026-05-01T10:00:10.{ms:03d}Z,s1,click,/cart,button#buy,FR" for ms in clicks_ms]
    return "\n".join([HEAD, *rows, ""]).encode()


def report(client: TestClient, content: bytes, **query: Any) -> dict[str, Any]:
    answer = client.post("/v1/analyze", content=content, params=query)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = json.loads(answer.content)
    return result


def test_an_export_becomes_a_report(real_client: TestClient) -> None:
    found = report(real_client, shop(QUICK), detector="rage_click")

    assert found["input"]["sessions"] == 1
    assert [(point["detector"], point["target"]) for point in found["points"]] == [
        ("rage_click", "button#buy")
    ]


def test_an_archive_is_its_members(real_client: TestClient) -> None:
    found = report(real_client, zipped([Packed(b"day/1.csv", shop(QUICK)), Packed(b"2.csv", b"a", crc=1)]))

    assert [file["name"] for file in found["input"]["files"]] == ["upload › day/1.csv"]
    assert [each["reason"] for each in found["input"]["passed_over"]] == ["wrong_checksum"]


def test_too_many_bytes_in_an_archive_are_too_large_an_upload(real_client: TestClient) -> None:
    answer = real_client.post("/v1/analyze", content=zipped([Packed(b"1.csv", bytes(10**8))]))

    assert (answer.status_code, answer.json()["code"]) == (413, "limit.ratio")


def test_the_answer_is_a_report_that_friction_reads_back(real_client: TestClient) -> None:
    answer = real_client.post("/v1/analyze", content=shop(QUICK))

    assert Report.from_json(answer.content).to_json() == answer.content


def test_the_goal_of_the_request_is_the_goal_of_the_report(real_client: TestClient) -> None:
    assert report(real_client, shop(QUICK), goal="page=/cart")["goal"]["definition"] == "page=/cart"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (f"{HEAD}\n".encode(), 422),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 422),
        (b"a,b\n1,2\n", 422),
    ],
    ids=["header only", "a picture", "no time"],
)
def test_what_cannot_be_used_is_refused_with_a_reason_and_a_remedy(
    real_client: TestClient, content: bytes, status: int
) -> None:
    answer = real_client.post("/v1/analyze", files={"file": ("may.csv", content)})
    problem = answer.json()

    assert answer.status_code == status
    assert problem["code"].startswith("input.")
    assert problem["detail"]


def test_an_unknown_detector_is_refused(real_client: TestClient) -> None:
    answer = real_client.post("/v1/analyze?detector=rage_clik", content=shop(QUICK))

    assert answer.status_code == 422
    assert "rage_click" in answer.json()["remedy"]
