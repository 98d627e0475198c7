"""Webhooks from the order of a report to the receiver that has it: once by id, whatever the receiver does."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trustme
from fastapi.testclient import TestClient
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from api.clock import now
from api.hooks import EVENTS, deliverer, posting, tell
from api.hooks.deliverer import Deliverer
from api.hooks.reach import Reach
from api.secret import derived
from api.service import Service
from api.store import Store, hooks, projects
from api.store.migrate import upgrade
from api.store.tables import hook_deliveries
from tests.api.real import address
from tests.api.receivers import DIES, FAILS, GONE, HANGS, REDIRECTS, Heard, receiver

HOME = Reach.of(["127.0.0.0/8", "::1/128"])
KEY = b"k" * 32


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'friction.sqlite'}"
    if request.param == "postgresql":
        url = address(request.getfixturevalue("database"), f"hooks{abs(hash(tmp_path))}")
    store = Store.open(url)
    upgrade(store)
    yield store
    store.close()


def told(store: Store, heard: Heard, count: int = 1) -> list[str]:
    """A webhook to the receiver, and so many messages that wait for it."""
    with store.write(projects.local(store)) as scope:
        hooks.add(scope, heard.url, ["report.ready"])
        return [str(tell(scope, "report.ready", {"number": number})) for number in range(count)]


def settled(store: Store, *deliverers: Deliverer, seconds: float = 30) -> list[dict[str, Any]]:
    """What became of each message once none waits any more."""
    for each in deliverers:
        each.start()
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            with store.read() as scope:
                found = scope.rows(scope.all(hook_deliveries))
            if all(one["state"] != "waiting" for one in found):
                return found
            time.sleep(0.05)
        raise AssertionError(found)
    finally:
        for each in deliverers:
            each.stop()


@pytest.mark.parametrize("manner", [FAILS, REDIRECTS, HANGS, DIES])
def test_a_receiver_that_does_not_take_a_message_gets_it_in_the_end(
    store: Store, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WAIT_S", 0.3)
    with receiver([manner, manner]) as heard:
        ids = told(store, heard, 3)
        found = settled(store, Deliverer(store, KEY, HOME, pauses=(0.05, 0.05, 0.05, 0.05)))

    assert {one["state"] for one in found} == {"delivered"}
    assert sorted(heard.taken) == sorted(ids)
    assert len(heard.requests) == 5


def test_workers_that_look_together_send_a_message_once(store: Store) -> None:
    with receiver() as heard:
        ids = told(store, heard, 40)
        settled(store, *(Deliverer(store, KEY, HOME) for _ in range(4)))

    assert sorted(heard.taken) == sorted(ids)


def test_an_attempt_that_was_cut_off_is_made_again_when_its_lease_is_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as heard:
        ids = told(store, heard)
        with store.write() as scope:
            assert len(hooks.take(scope, 8)) == 1
            assert hooks.take(scope, 8) == []
        later = now() + hooks.LEASE
        monkeypatch.setattr(hooks, "now", lambda: later)
        settled(store, Deliverer(store, KEY, HOME))

    assert heard.taken == ids


def test_what_happens_is_told_if_and_only_if_it_happened(store: Store) -> None:
    with receiver() as heard:
        told(store, heard, 0)
        with suppress(ZeroDivisionError), store.write(projects.local(store)) as scope:
            assert tell(scope, "report.ready", {}) is not None
            raise ZeroDivisionError
        with store.read() as scope:
            assert not hooks.is_due(scope)


def test_a_receiver_that_never_answers_is_given_up_and_what_comes_later_waits_for_it(store: Store) -> None:
    with receiver([FAILS] * 3) as heard:
        told(store, heard)
        (given_up,) = settled(store, Deliverer(store, KEY, HOME, pauses=(0.01, 0.01)))
        with store.write(projects.local(store)) as scope:
            later = tell(scope, "report.ready", {"later": True})
            (webhook,) = hooks.several(scope)
            assert (webhook.state, hooks.is_due(scope)) == ("failing", False)
            hooks.change(scope, webhook.id, {"state": "active"})
            hooks.again(scope, webhook.id, given_up["message_id"])
        settled(store, Deliverer(store, KEY, HOME))

    assert (given_up["state"], given_up["attempts"], given_up["status"]) == ("given_up", 3, 500)
    assert sorted(heard.taken) == sorted([given_up["message_id"], later])


def test_a_receiver_that_wants_nothing_more_gets_nothing_more(store: Store) -> None:
    with receiver([GONE]) as heard:
        told(store, heard)
        (found,) = settled(store, Deliverer(store, KEY, HOME))
        with store.read() as scope:
            (webhook,) = hooks.several(scope)

    assert (found["state"], found["attempts"], webhook.state) == ("given_up", 1, "failing")


def test_old_messages_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as heard:
        told(store, heard, 2)
    with store.write() as scope:
        assert hooks.forget_old(scope) == 0
    later = now() + hooks.KEPT + dt.timedelta(minutes=1)
    monkeypatch.setattr(hooks, "now", lambda: later)
    with store.write() as scope:
        assert hooks.forget_old(scope) == 2
        assert scope.rows(scope.all(hook_deliveries)) == []


def test_an_independent_library_verifies_every_message(service: Service, client: TestClient) -> None:
    service.reach = HOME
    with receiver() as heard:
        made = client.post("/v1/webhooks", json={"url": heard.url, "events": ["report.ready"]}).json()
        job = client.post("/v1/analyze", content=b"a,b\n1,2\n", headers={"Prefer": "wait=20"})
        assert job.status_code == 200, job.text
        client.post(f"/v1/webhooks/{made['webhook_id']}/test")
        renewed = client.post(f"/v1/webhooks/{made['webhook_id']}/secret").json()
        settled(service.store, Deliverer(service.store, derived(service.folder, "webhooks"), HOME))

    assert renewed["secret"] != made["secret"]
    for headers, body in heard.requests:
        for secret in (made["secret"], renewed["secret"]):
            assert Verifier(secret).verify(body, headers) == json.loads(body)
        with pytest.raises(WebhookVerificationError):
            Verifier(made["secret"]).verify(body + b" ", headers)
    said = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in heard.requests}
    assert set(said) == {"report.ready", "webhook.test"}
    assert f"/v1/reports/{said['report.ready']['report_id']}" == job.headers["content-location"]


def test_the_old_secret_signs_no_longer_after_a_day(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.reach = HOME
    with receiver() as heard:
        made = client.post("/v1/webhooks", json={"url": heard.url}).json()
        renewed = client.post(f"/v1/webhooks/{made['webhook_id']}/secret").json()
        client.post(f"/v1/webhooks/{made['webhook_id']}/test")
        monkeypatch.setattr(deliverer, "OVERLAP", dt.timedelta(0))
        settled(service.store, Deliverer(service.store, derived(service.folder, "webhooks"), HOME))
    ((headers, body),) = heard.requests

    Verifier(renewed["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(made["secret"]).verify(body, headers)


def test_a_secret_is_shown_once_and_kept_nowhere(service: Service, client: TestClient) -> None:
    service.reach = HOME
    with receiver() as heard:
        made = client.post("/v1/webhooks", json={"url": heard.url}).json()
    secret = made["secret"].removeprefix("whsec_").encode()

    assert "secret" not in client.get(f"/v1/webhooks/{made['webhook_id']}").json()
    files = [path for path in service.folder.root.rglob("*") if path.is_file()]
    assert not [path for path in files if secret in path.read_bytes()]
    assert (service.folder.root / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_webhook_is_listed_changed_paused_and_removed(service: Service, client: TestClient) -> None:
    service.reach = HOME
    with receiver() as heard:
        place = f"/v1/webhooks/{client.post('/v1/webhooks', json={'url': heard.url}).json()['webhook_id']}"
        paused = client.patch(place, json={"state": "paused", "events": ["point.new", "point.worse"]}).json()
        sent = client.post(f"{place}/test").json()
        waits = client.get(f"{place}/deliveries", params={"state": "waiting"}).json()
        client.patch(place, json={"state": "active"})
        settled(service.store, Deliverer(service.store, derived(service.folder, "webhooks"), HOME))
        done = client.get(f"{place}/deliveries").json()["deliveries"]
        again = client.post(f"{place}/deliveries/{sent['message_id']}/replay")
        settled(service.store, Deliverer(service.store, derived(service.folder, "webhooks"), HOME))

    assert (paused["state"], paused["events"]) == ("paused", ["point.new", "point.worse"])
    assert [one["message_id"] for one in waits["deliveries"]] == [sent["message_id"]]
    assert [(one["state"], one["status"]) for one in done] == [("delivered", 204)]
    assert again.status_code == 202
    assert heard.taken == [sent["message_id"]] * 2
    assert set(client.get("/v1/webhooks").json()["events"]) == set(EVENTS)
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "http://example.com/", "https://10.0.0.1:8443/", "nonsense"]
)
def test_an_address_that_may_not_be_sent_to_is_refused_at_once(client: TestClient, url: str) -> None:
    answer = client.post("/v1/webhooks", json={"url": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "webhook.address")


def test_the_certificate_is_that_of_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The connection goes to a checked address, the certificate must still be that of the name."""
    house, stranger = trustme.CA(), trustme.CA()
    house.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    faults = []
    for issuer, name in ((house, "localhost"), (house, "other.example"), (stranger, "localhost")):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        issuer.issue_cert(name).configure_cert(context)
        with receiver(tls=context) as heard:
            faults.append(posting.post(heard.url, b"{}", {"webhook-id": "msg"}, HOME).fault)

    assert faults == [None, *["the certificate of the receiver is not valid"] * 2]


def test_a_receiver_that_drips_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "WHOLE_S", 0.3)
    with receiver([HANGS]) as heard, ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        answer = pool.submit(posting.post, heard.url, b"{}", {}, HOME).result()

    assert answer.fault == "the connection failed"
    assert time.monotonic() - began < 5
