"""One project sees nothing of another: every route that takes an id is tried with the ids, keys and names of another
project, and answers exactly as it answers for what never was. On PostgreSQL this holds also when the application's own
check is switched off."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.clock import new_id
from api.service import Bounds, Service
from api.store import Scope, jobs, keys, projects, reports
from tests.api.conftest import HERE, AtOnce
from tests.api.real import address
from tests.render.samples import every_kind

CSV = b"timestamp,session_id,url\n2026-05-01T10:00:00Z,s1,/a\n"
SPOOFED: tuple[dict[str, str], ...] = (
    {},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=127.0.0.1"},
    {"X-Original-URL": "/v1/reports", "X-Rewrite-URL": "/v1/reports", "X-HTTP-Method-Override": "GET"},
    {"X-Project": "{project}", "X-Project-Id": "{project}", "X-Friction-Project": "{project}"},
    {"Host": "localhost", "Origin": "http://localhost", "Cookie": "friction_login={project}"},
)
BODIES: dict[str, Any] = {
    "PATCH /v1/points/{point_id}": {"note": "seen"},
    "PUT /v1/mappings/{name}": {"columns": {"ts": "when"}},
}
"""What a change needs to be one; others are sent as `{}`."""
VOLATILE = re.compile(r"\"(created|used|X-Request-Id)\": ?\"[^\"]*\"|[0-9a-f]{64}")


@dataclass(frozen=True)
class Home:
    """A project: its key, and the ids of what it has."""

    project: str
    secret: str
    things: dict[str, str]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "postgresql without our own check"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    before = os.umask(0o077)
    on_postgres = request.param != "sqlite"
    url = address(request.getfixturevalue("database"), new_id("db")) if on_postgres else None
    service = Service.open(tmp_path_factory.mktemp("isolation") / "data", url, Bounds(rate="1000000/minute"))
    service.queue.close()
    service.queue = AtOnce(service)  # type: ignore[assignment]
    with pytest.MonkeyPatch.context() as monkeypatch:
        if "without" in request.param:
            monkeypatch.setattr(Scope, "_own", lambda _, statement, __: statement)
        yield service
    service.store.close()
    os.umask(before)


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), raise_server_exceptions=False, **HERE) as client:
        yield client


def home(service: Service, client: TestClient, name: str, *, is_filled: bool) -> Home:
    """A project with a key that may do everything in it; filled, with one of each thing."""
    with service.store.write() as scope:
        made = projects.make(scope, name)
    assert made is not None
    with service.store.write(made.id) as scope:
        key, secret = keys.make(scope, f"key of {name}", "admin")
    assert secret is not None
    found = Home(made.id, secret, {"project_id": made.id, "key_id": key.id})
    if not is_filled:
        return found
    upload = client.post("/v1/uploads", content=CSV, headers=found.headers).json()["upload_id"]
    client.put("/v1/mappings/theirs", json=BODIES["PUT /v1/mappings/{name}"], headers=found.headers)
    hook = {"url": "https://hooks.example.com/x", "events": ["report.ready"]}
    webhook = client.post("/v1/webhooks", json=hook, headers=found.headers).json()
    report_id, job_id, written = new_id("rep"), new_id("job"), every_kind().to_json()
    service.folder.report(report_id).write_bytes(written)
    with service.store.write(made.id) as scope:
        jobs.add(scope, job_id, report_id, [upload], {})
        jobs.end(scope, job_id, "cancelled")
        reports.publish(scope, report_id, job_id, written)
    things = {
        "upload_id": upload,
        "name": "theirs",
        "report_id": report_id,
        "job_id": job_id,
        "point_id": every_kind().points[0].id,
        "webhook_id": next(str(value) for key, value in webhook.items() if key.endswith("_id")),
    }
    return Home(made.id, secret, {**found.things, **things})


@pytest.fixture(scope="module")
def both(service: Service, client: TestClient) -> tuple[Home, Home]:
    """Somebody with one of each thing, and a stranger."""
    return home(service, client, "theirs", is_filled=True), home(service, client, "mine", is_filled=False)


def patterns(client: TestClient) -> list[tuple[str, str]]:
    """Method and path of every route that takes an id, of the API and of the pages."""
    described = client.get("/v1/openapi.json").json()["paths"]
    found = {
        (method.upper(), path) for path, methods in described.items() for method in methods if "{" in path
    }
    for route in client.app.state.routes:  # type: ignore[attr-defined]
        path = re.sub(r":\w+}", "}", getattr(route, "path", ""))
        found |= {(method, path) for method in getattr(route, "methods", None) or () if "{" in path}
    return sorted(each for each in found if each[0] != "OPTIONS")


def filled(path: str, things: dict[str, str], other: str) -> str:
    """The path with the ids of these things; what is no thing is `other`."""
    return re.sub(r"{(\w+)}", lambda hole: "json" if hole[1] == "form" else things.get(hole[1], other), path)


def told(answer: httpx2.Response, ids: list[str]) -> tuple[int, str, str]:
    """What an answer gives away: status, kind and text, without the id that was asked for."""
    text = answer.text
    for each in sorted(ids, key=len, reverse=True):
        text = text.replace(each, "ID")
    return answer.status_code, answer.headers.get("content-type", ""), VOLATILE.sub("", text)


def test_what_belongs_to_another_project_is_as_if_it_never_was(
    client: TestClient, both: tuple[Home, Home]
) -> None:
    theirs, mine = both
    absent = {name: re.sub(r"[0-9a-f]", "0", each) for name, each in theirs.things.items()}
    absent["name"] = "nobody"
    ids = [*theirs.things.values(), *absent.values(), "other"]
    tried = 0
    for method, path in patterns(client):
        body = BODIES.get(f"{method} {path}", {})
        for spoofed in SPOOFED:
            extra = {name: value.replace("{project}", theirs.project) for name, value in spoofed.items()}
            headers = {**mine.headers, **extra, "Accept": "application/json"}
            real, never = (
                client.request(method, filled(path, things, "other"), json=body, headers=headers)
                for things in (theirs.things, absent)
            )
            assert told(real, ids) == told(never, ids), f"{method} {path} {spoofed}"
            assert real.status_code < 500, f"{method} {path}"
            tried += 1
    assert tried > 100


def test_the_walk_would_see_a_leak(client: TestClient, both: tuple[Home, Home]) -> None:
    theirs, _ = both
    seen = [
        path
        for method, path in patterns(client)
        if method == "GET"
        and client.get(filled(path, theirs.things, "other"), headers=theirs.headers).status_code == 200
    ]
    assert len(seen) >= 10, "with their own key they are there"


def test_nothing_of_another_project_is_listed_counted_or_used(
    client: TestClient, both: tuple[Home, Home]
) -> None:
    theirs, mine = both
    described = client.get("/v1/openapi.json").json()["paths"]
    lists = [path for path, methods in described.items() if "get" in methods and "{" not in path]
    for path in lists:
        answer = client.get(path, headers=mine.headers)
        for name, each in theirs.things.items():
            if name != "name":
                assert each not in answer.text, path
    order = {"uploads": [theirs.things["upload_id"]]}
    never = {"uploads": [re.sub(r"[0-9a-f]", "0", theirs.things["upload_id"])]}
    real, absent = (client.post("/v1/reports", json=each, headers=mine.headers) for each in (order, never))
    assert told(real, order["uploads"]) == told(absent, never["uploads"])
    asked = f"/v1/compare?old={theirs.things['report_id']}&new={theirs.things['report_id']}"
    assert client.get(asked, headers=mine.headers).status_code == 404
    assert client.get("/v1/jobs", headers=mine.headers).json()["jobs"] == []


def test_the_same_file_is_not_recognised_across_projects(client: TestClient, both: tuple[Home, Home]) -> None:
    theirs, mine = both
    again = client.post("/v1/uploads", content=CSV, headers=theirs.headers)
    first = client.post("/v1/uploads", content=CSV, headers=mine.headers)

    assert (again.status_code, first.status_code) == (200, 201), json.dumps(first.json())
