"""`POST /v1/analyze`: a file goes in by either way, the report comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from friction.errors import InputError, LimitError

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from .conftest import Recorder

CSV = b"timestamp,session_id,event,url\n2026-05-01T10:00:00Z,s1,page_view,/\n"


def test_a_raw_body_is_analysed(client: TestClient, analyst: Recorder) -> None:
    answer = client.post("/v1/analyze", content=CSV)

    assert (answer.status_code, answer.content) == (200, analyst.answer)
    assert answer.headers["etag"]
    assert analyst.received == [CSV]


def test_a_form_s_file_is_analysed(client: TestClient, analyst: Recorder) -> None:
    answer = client.post("/v1/analyze", files={"file": ("may.csv", CSV)})

    assert answer.status_code == 200
    assert analyst.received == [CSV]
    assert analyst.plans[0]["names"] == ["may.csv"]


def test_a_raw_body_is_called_what_its_header_says(client: TestClient, analyst: Recorder) -> None:
    client.post("/v1/analyze", content=CSV, headers={"content-disposition": 'attachment; filename="may.csv"'})

    assert analyst.plans[0]["names"] == ["may.csv"]


def test_the_sender_s_name_never_becomes_a_path(client: TestClient, analyst: Recorder) -> None:
    client.post("/v1/analyze", files={"file": ("../../evil.csv", CSV)})

    assert "evil" not in analyst.plans[0]["inputs"][0]


def test_options_in_the_query_become_settings(client: TestClient, analyst: Recorder) -> None:
    query = {"goal": ["event=purchase", "page=/thanks"], "tz": "Europe/Paris", "detector": "rage_click"}
    query["funnel"] = ["/cart > /pay > event=purchase", "view > buy"]
    client.post("/v1/analyze", params=query, content=CSV)
    settings = analyst.plans[0]["settings"]

    assert [goal["when"] for goal in settings["goals"].values()] == ["event=purchase", "page=/thanks"]
    steps = [funnel["steps"] for funnel in settings["funnels"].values()]
    assert steps == [["page=/cart", "page=/pay", "event=purchase"], ["event=view", "event=buy"]]
    assert settings["time"]["zone"] == "Europe/Paris"
    assert settings["analysis"]["detectors"] == ["rage_click"]


def test_options_in_the_form_win_over_the_query(client: TestClient, analyst: Recorder) -> None:
    form = {"options": '{"tz": "Europe/Paris"}'}
    client.post("/v1/analyze?tz=UTC&detector=slow_page", files={"file": ("x", CSV)}, data=form)
    settings = analyst.plans[0]["settings"]

    assert settings["time"]["zone"] == "Europe/Paris"
    assert settings["analysis"]["detectors"] == ["slow_page"]


@pytest.mark.parametrize(
    ("query", "form", "code"),
    [
        ("?tz=Europe/Pariss", None, "config.bad_value"),
        ("?goal=purchase", None, "goal.syntax"),
        ("?funnel=/cart", None, "config.bad_value"),
        (
            "?" + "&".join(f"funnel={' > '.join('abcdefghijk')}+>+{n}" for n in range(3)),
            None,
            "config.bad_value",
        ),
        ("?zone=UTC", None, "request.invalid"),
        ("", "{", "request.invalid"),
        ("", '{"zone": "UTC"}', "request.invalid"),
        ("", "[1]", "request.invalid"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    client: TestClient, analyst: Recorder, query: str, form: str | None, code: str
) -> None:
    data = {} if form is None else {"options": form}
    answer = client.post(f"/v1/analyze{query}", files={"file": ("x", CSV)}, data=data)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not analyst.plans


@pytest.mark.parametrize("request_parts", [{"content": b""}, {"files": {"file": ("x.csv", b"")}}])
def test_an_empty_file_is_refused(client: TestClient, request_parts: dict[str, Any]) -> None:
    answer = client.post("/v1/analyze", **request_parts)

    assert (answer.status_code, answer.json()["code"]) == (422, "input.empty")


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/analyze", files={"other": ("x.csv", CSV)})

    assert (answer.status_code, answer.json()["code"]) == (422, "input.missing")


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("multipart/form-data; boundary=xyz", 400, "request.malformed"),
        ("multipart/form-data", 400, "request.malformed"),
        ("multipart/mixed; boundary=xyz", 422, "input.missing"),
    ],
)
def test_a_form_that_is_none_is_refused(
    client: TestClient, content_type: str, status: int, code: str
) -> None:
    answer = client.post("/v1/analyze", content=CSV, headers={"content-type": content_type})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def _in_pieces(size: int) -> Iterator[bytes]:
    yield from (b"x" * 1_000 for _ in range(size // 1_000))


def test_a_body_announced_as_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.post("/v1/analyze", content=b"x" * 10_001)

    assert (answer.status_code, answer.json()["code"]) == (413, "limit.upload_bytes")


def test_a_body_that_turns_out_too_large_is_refused(client: TestClient, analyst: Recorder) -> None:
    answer = client.post("/v1/analyze", content=_in_pieces(11_000))

    assert (answer.status_code, answer.json()["limit"]) == (413, "10000")
    assert not analyst.plans


def test_a_form_that_turns_out_too_large_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/analyze", files={"file": ("x.csv", b"x" * 10_000)})

    assert answer.status_code == 413


def test_a_body_of_exactly_the_limit_is_taken(client: TestClient) -> None:
    assert client.post("/v1/analyze", content=_in_pieces(10_000)).status_code == 200


def test_what_takes_longer_goes_on_as_a_job(client: TestClient) -> None:
    answer = client.post("/v1/analyze", content=CSV, headers={"prefer": "respond-async, wait=0"})

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['job_id']}"


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (InputError("input.no_time", "no column holds a time", remedy="name it", file="x.csv", line=1), 422),
        (LimitError("limit.time", "this took too long"), 413),
    ],
)
def test_what_the_analysis_refuses_is_answered_as_a_problem(
    client: TestClient, analyst: Recorder, failure: InputError, status: int
) -> None:
    analyst.failure = failure
    answer = client.post("/v1/analyze", content=CSV)

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == failure.problem.as_dict() | {"status": status}


def test_our_own_fault_tells_nothing_of_its_cause(client: TestClient, analyst: Recorder) -> None:
    analyst.failure = ValueError("secret of a visitor")
    answer = client.post("/v1/analyze", content=CSV)

    assert (answer.status_code, answer.json()["code"]) == (500, "internal.unexpected")
    assert "secret" not in answer.text
