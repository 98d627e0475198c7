"""Who comes in: keys, logins of browsers, and this machine as long as there is no key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import clock
from api.access import csrf
from api.service import Service
from api.store import audit, keys, logins
from friction.errors import UsageError

from .conftest import HERE


def secret(service: Service, may: str = "read", **more: Any) -> str:
    """The secret of a new key of the local project."""
    with service.store.write(service.project) as scope:
        _, told = keys.make(scope, "test", may, **more)
    assert told is not None
    return told


def bearer(told: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {told}"}


@pytest.fixture
def elsewhere(app: FastAPI) -> Iterator[TestClient]:
    """Requests that come over the network."""
    with TestClient(app, base_url="https://friction.example", client=("203.0.113.7", 4711)) as client:
        yield client


def test_on_this_machine_nobody_is_asked_until_there_is_a_key(client: TestClient, service: Service) -> None:
    assert client.get("/v1/jobs").status_code == 200
    secret(service)

    assert client.get("/v1/jobs").status_code == 401


def test_a_key_opens_also_after_all_others_were_revoked(client: TestClient, service: Service) -> None:
    told = secret(service)
    with service.store.write(service.project) as scope:
        keys.revoke(scope, keys.several(scope)[0].id)

    assert client.get("/v1/jobs", headers=bearer(told)).status_code == 401
    assert client.get("/v1/jobs").status_code == 401, "an unlocked door would be a surprise"


@pytest.mark.parametrize(
    "spoofed",
    [
        {"Host": "friction.example"},
        {"Host": "friction.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
    ],
)
def test_without_a_key_only_this_machine_itself_is_answered(
    client: TestClient, spoofed: dict[str, str]
) -> None:
    answer = client.get("/v1/jobs", headers=spoofed)

    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_local")


@pytest.mark.parametrize("headers", [{}, {"Host": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1"}])
def test_from_elsewhere_nothing_is_open_without_a_key(elsewhere: TestClient, headers: dict[str, str]) -> None:
    assert elsewhere.get("/v1/jobs", headers=headers).status_code == 403
    assert elsewhere.get("/healthz").status_code == 200


def test_a_service_for_others_never_takes_a_caller_for_this_machine(app: FastAPI, service: Service) -> None:
    service.is_local = False
    with TestClient(app, **HERE) as client:
        assert client.get("/v1/jobs").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        "Bearer",
        "Bearer ",
        "Bearer frk_",
        "Bearer frk_0123456789012345678901234_",
        "Bearer x",
        "Basic YTpi",
        "Bearer frk__",
        "Bearer é",
    ],
)
def test_a_wrong_key_opens_nothing(client: TestClient, service: Service, wrong: str) -> None:
    secret(service)
    answer = client.get("/v1/jobs", headers=[(b"Authorization", wrong.encode())])

    assert (answer.status_code, answer.json()["code"]) == (401, "access.no_key")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_id_of_a_key_with_another_secret_opens_nothing(client: TestClient, service: Service) -> None:
    one, other = secret(service), secret(service)
    mixed = "_".join([*one.split("_")[:2], other.split("_", 2)[2]])

    assert client.get("/v1/jobs", headers=bearer(one)).status_code == 200
    assert client.get("/v1/jobs", headers=bearer(mixed)).status_code == 401


def test_a_key_opens_until_it_expires(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = secret(service, expires=clock.now() + dt.timedelta(days=1))
    assert client.get("/v1/jobs", headers=bearer(told)).status_code == 200
    later = clock.now() + dt.timedelta(days=1, seconds=1)
    monkeypatch.setattr(keys, "now", lambda: later)

    assert client.get("/v1/jobs", headers=bearer(told)).status_code == 401


@pytest.mark.parametrize(
    ("may", "method", "path", "status"),
    [
        ("read", "GET", "/v1/reports", 200),
        ("read", "POST", "/v1/uploads", 403),
        ("read", "PUT", "/v1/mappings/shop", 403),
        ("read", "GET", "/v1/keys", 403),
        ("read", "POST", "/v1/keys", 403),
        ("write", "PUT", "/v1/mappings/shop", 201),
        ("write", "GET", "/v1/keys", 403),
        ("write", "GET", "/v1/audit", 403),
        ("write", "GET", "/metrics", 403),
        ("admin", "GET", "/v1/keys", 200),
        ("admin", "POST", "/v1/projects", 403),
        ("admin", "GET", "/metrics", 403),
        ("admin", "HEAD", "/metrics", 403),
        ("operator", "GET", "/metrics", 200),
        ("operator", "POST", "/v1/projects", 201),
    ],
)
def test_a_key_may_do_what_its_scope_says(
    client: TestClient, service: Service, may: str, method: str, path: str, status: int
) -> None:
    body = {"name": "shop"} if path.endswith("projects") else {"columns": {"ts": "when"}}
    answer = client.request(method, path, json=body, headers=bearer(secret(service, may)))

    assert answer.status_code == status
    if status == 403 and method != "HEAD":
        assert answer.json()["code"] == "access.scope"


def test_nobody_makes_a_key_that_may_do_more_than_they(client: TestClient, service: Service) -> None:
    admin = bearer(secret(service, "admin"))

    assert client.post("/v1/keys", json={"name": "x", "scope": "operator"}, headers=admin).status_code == 403
    assert client.post("/v1/keys", json={"name": "x", "scope": "admin"}, headers=admin).status_code == 201


def test_a_secret_is_told_once_and_kept_nowhere(client: TestClient, service: Service) -> None:
    admin = bearer(secret(service, "admin"))
    made = client.post("/v1/keys", json={"name": "nightly", "scope": "write"}, headers=admin).json()
    shown = client.get(f"/v1/keys/{made['key_id']}", headers=admin).json()
    service.store.close()

    assert shown == {name: value for name, value in made.items() if name != "secret"}
    hidden = made["secret"].split("_", 2)[2].encode()
    files = [path for path in service.folder.root.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if hidden in path.read_bytes()]


def test_last_use_is_shown(client: TestClient, service: Service) -> None:
    admin = bearer(secret(service, "admin"))
    assert client.get("/v1/keys", headers=admin).json()["keys"][0]["used"] is not None


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(client: TestClient, service: Service) -> None:
    admin, told = bearer(secret(service, "admin")), secret(service)
    key_id = f"key_{told.split('_')[1]}"
    assert client.delete(f"/v1/keys/{key_id}", headers=admin).json()["revoked"] is not None

    assert client.get("/v1/jobs", headers=bearer(told)).status_code == 401
    assert key_id in [each["key_id"] for each in client.get("/v1/keys", headers=admin).json()["keys"]]


def test_an_operator_makes_a_project_and_its_first_key(client: TestClient, service: Service) -> None:
    operator = bearer(secret(service, "operator"))
    shop = client.post("/v1/projects", json={"name": "shop"}, headers=operator).json()["project_id"]
    asked = {"name": "ada", "scope": "admin", "project_id": shop}
    told = client.post("/v1/keys", json=asked, headers=operator).json()["secret"]
    seen = client.get("/v1/projects", headers=bearer(told)).json()["projects"]

    assert [each["name"] for each in seen] == ["shop"]
    assert client.post("/v1/projects", json={"name": "shop"}, headers=operator).status_code == 409
    of_another = {"name": "x", "project_id": service.project}
    assert client.post("/v1/keys", json=of_another, headers=bearer(told)).status_code == 404


def test_every_change_is_in_the_audit_trail(client: TestClient, service: Service) -> None:
    told = secret(service, "admin")
    client.put("/v1/mappings/shop", json={"columns": {"ts": "when"}}, headers=bearer(told))
    client.put("/v1/mappings/shop", json={}, headers=bearer(told))
    client.delete("/v1/mappings/shop", headers=bearer(told))
    trail = client.get("/v1/audit", headers=bearer(told)).json()["audit"]

    assert [(each["action"], each["thing"]) for each in trail][-2:] == [
        ("DELETE /v1/mappings/{name}", "shop"),
        ("PUT /v1/mappings/{name}", "shop"),
    ]
    assert trail[0]["actor"] == f"test (key_{told.split('_')[1]})"


def test_looks_are_in_the_trail_once_an_hour(client: TestClient, service: Service) -> None:
    for _ in range(3):
        client.get("/v1/audit")
    with service.store.read() as scope:
        assert [each.action for each in audit.several(scope, 10)] == ["GET /v1/audit"]


def login(client: TestClient, service: Service, may: str = "write") -> str:
    """Log the client's browser in; what its forms have to send."""
    with service.store.write(service.project) as scope:
        key, _ = keys.make(scope, "ada", may)
        cookie = logins.begin(scope, key)
        found = logins.known(scope, cookie)
    assert found is not None
    client.cookies.set("friction_login", cookie)
    return csrf.token(service.folder, found[0].id)


MAPPING = {"columns": {"ts": "when"}}


def test_a_browser_that_is_logged_in_must_send_the_token_of_its_login(
    client: TestClient, service: Service
) -> None:
    token = login(client, service)

    assert client.get("/v1/mappings").status_code == 200
    assert client.put("/v1/mappings/a", json=MAPPING).status_code == 403
    assert (
        client.put("/v1/mappings/a", json=MAPPING, headers={"X-CSRF-Token": token[::-1]}).status_code == 403
    )
    assert client.put("/v1/mappings/a", json=MAPPING, headers={"X-CSRF-Token": token}).status_code == 201


def test_a_form_sends_the_token_as_its_first_field(client: TestClient, service: Service) -> None:
    token = login(client, service)
    field, file = ("_csrf", (None, token)), ("file", ("may.csv", b"timestamp,session_id\n1,2\n"))

    assert client.post("/v1/uploads", files=[field, file]).status_code == 201
    assert client.post("/v1/uploads", files=[file, field]).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_another_site_cannot_make_a_browser_change_anything(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.put("/v1/mappings/a", json=MAPPING, headers=headers).status_code == status


def test_a_login_ends_when_idle_when_old_and_with_its_key(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(client, service)
    assert client.get("/v1/jobs").status_code == 200
    start = clock.now()
    monkeypatch.setattr(logins, "now", lambda: start + logins.IDLE + dt.timedelta(seconds=1))
    assert client.get("/v1/jobs").status_code == 401
    monkeypatch.setattr(logins, "now", lambda: start + dt.timedelta(minutes=5))
    assert client.get("/v1/jobs").status_code == 200
    with service.store.write(service.project) as scope:
        keys.revoke(scope, keys.several(scope)[0].id)
    assert client.get("/v1/jobs").status_code == 401


def test_a_login_that_is_always_used_ends_all_the_same(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    with service.store.write(service.project) as scope:
        key, _ = keys.make(scope, "ada", "read")
        cookie = logins.begin(scope, key)
        found = logins.known(scope, cookie)
        assert found is not None
        monkeypatch.setattr(logins, "now", lambda: start + logins.LONGEST + dt.timedelta(seconds=1))
        logins.note_seen(scope, found[0].id)
        assert logins.known(scope, cookie) is None
        logins.forget_old(scope)
        monkeypatch.undo()
        assert logins.known(scope, cookie) is None


def test_a_service_for_others_does_not_start_without_a_key(service: Service) -> None:
    from api.running import require_key

    with pytest.raises(UsageError, match="no key"):
        require_key(service.store)
    secret(service)
    require_key(service.store)
