"""Health, the description, and the one shape of every error."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import Request

import friction

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

SCOPE: dict[str, Any] = {
    "client": ("127.0.0.1", 1),
    "headers": [(b"host", b"127.0.0.1:8000")],
    "query_string": b"",
    "server": ("127.0.0.1", 8000),
    "scheme": "http",
    "http_version": "1.1",
    "root_path": "",
}


def test_health_says_the_version(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": friction.__version__}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "request.not_found"),
        ("GET", "/v1/analyze", 405, "request.method_not_allowed"),
        ("DELETE", "/healthz", 405, "request.method_not_allowed"),
        ("POST", "/v1/analyze?unknown=1", 422, "request.invalid"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_document(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    problem = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:friction:error:{code}"
    assert problem["title"]
    assert problem["detail"]


def test_a_wrong_method_is_told_the_right_one(client: TestClient) -> None:
    assert client.get("/v1/analyze").headers["allow"] == "POST"


def test_an_unknown_parameter_is_named(client: TestClient) -> None:
    assert client.post("/v1/analyze?zone=UTC").json()["errors"][0]["where"] == "query.zone"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("detectr", 'there is no such parameter; did you mean "detector"?'),
        ("zone", "there is no such parameter; known are: detector, funnel, goal"),
    ],
)
def test_of_an_unknown_parameter_the_nearest_is_named(client: TestClient, name: str, said: str) -> None:
    (error,) = client.post(f"/v1/analyze?{name}=1").json()["errors"]

    assert error["detail"].startswith(said)


@pytest.mark.parametrize(
    "path", ["/v1/jobs?stat=done", "/v1/reports/rep_none/points?stat=open", "/v1/reports?stat=1"]
)
def test_a_filter_with_a_slip_of_the_pen_is_refused(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.stat"


def test_of_an_unknown_member_the_nearest_is_named(client: TestClient) -> None:
    (error,) = client.post("/v1/reports", json={"uploads": ["upl_1"], "options": {"gaol": []}}).json()[
        "errors"
    ]

    assert error == {"where": "body.options.gaol", "detail": 'there is no such member; did you mean "goal"?'}


def test_what_was_sent_is_not_repeated(client: TestClient) -> None:
    assert "visitor-4711" not in client.post("/v1/analyze?zone=visitor-4711").text


def test_the_description_names_both_ways_to_send_a_file(client: TestClient) -> None:
    operation = client.get("/v1/openapi.json").json()["paths"]["/v1/analyze"]["post"]

    assert set(operation["requestBody"]["content"]) == {"multipart/form-data", "application/octet-stream"}
    assert {"goal", "detector", "tz", "prefer"} <= {each["name"] for each in operation["parameters"]}


def test_whoever_leaves_while_asking_is_no_fault_of_the_service(app: FastAPI) -> None:
    said: list[Any] = []

    async def left() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def heard(message: Any) -> None:
        said.append(message)

    @app.post("/leaving")
    async def leaving(request: Request) -> None:
        await request.body()

    asyncio.run(app({"type": "http", "method": "POST", "path": "/leaving", **SCOPE}, left, heard))

    assert said[0]["status"] == 400
