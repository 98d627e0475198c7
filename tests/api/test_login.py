"""Logging in with a browser: by a key, and at a real provider of OpenID Connect."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey

from api.access.oidc import Pending, Provider
from api.app import create_app
from api.clock import now
from api.service import Service
from api.store import audit, keys, projects
from api.web.entry import local
from friction.errors import UsageError
from tests.api.conftest import HERE
from tests.api.provider import CLIENT, SECRET, OpenId, providing
from tests.api.test_access import secret


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False, **HERE) as client:
        yield client


@pytest.fixture(scope="module")
def running() -> Iterator[OpenId]:
    with providing() as server:
        yield server


@pytest.fixture
def provider(running: OpenId, service: Service) -> Iterator[OpenId]:
    kept = (running.signs_with, dict(running.header), dict(running.claims))
    service.provider = Provider(running.issuer, CLIENT, SECRET, "Example")
    yield running
    running.signs_with, running.header, running.claims = kept


def hidden(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def enter(browser: TestClient, told: str, to: str = "/") -> str | None:
    """Log in with a key; where the browser is sent then."""
    answer = browser.post("/login", data={"key": told, "next": to})
    return answer.headers.get("location") if answer.status_code == 303 else None


def test_a_person_is_led_to_the_login_and_back(browser: TestClient, service: Service) -> None:
    told = secret(service, "admin")
    led = browser.get("/account?x=1")

    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2Faccount%3Fx%3D1")
    assert 'value="/account?x=1"' in browser.get(led.headers["location"]).text
    assert enter(browser, told, "/account?x=1") == "/account?x=1"
    assert browser.get("/account").status_code == 200


def test_a_program_is_not_led_anywhere(browser: TestClient, service: Service) -> None:
    secret(service)
    assert browser.get("/v1/jobs").status_code == 401


def test_the_cookie_can_be_read_by_no_script_and_is_sent_by_no_other_site(
    browser: TestClient, service: Service
) -> None:
    told = secret(service)
    plain = SimpleCookie(browser.post("/login", data={"key": told}).headers["set-cookie"])["friction_login"]
    service.public_url = "https://friction.example"
    safe = browser.post("/login", data={"key": told}).headers["set-cookie"]

    assert (plain["httponly"], plain["samesite"], plain["path"]) == (True, "lax", "/")
    assert safe.startswith("__Host-friction_login=")
    assert "; Secure" in safe
    assert "Domain" not in safe


def test_a_wrong_key_is_said_to_be_wrong_and_sets_nothing(browser: TestClient, service: Service) -> None:
    secret(service)
    answer = browser.post("/login", data={"key": "frk_x_y"})

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "frk_x_y" not in answer.text


def test_logging_out_ends_the_login_wherever_its_cookie_is(browser: TestClient, service: Service) -> None:
    enter(browser, secret(service))
    cookie = browser.cookies["friction_login"]
    token = hidden(browser.get("/account").text)
    assert browser.post("/logout").status_code == 403
    assert browser.post("/logout", data={"_csrf": token}).headers["location"] == "/login"
    browser.cookies.set("friction_login", cookie)

    assert browser.get("/account").headers["location"].startswith("/login")


def test_every_login_has_a_new_cookie_and_ends_the_one_before(browser: TestClient, service: Service) -> None:
    told = secret(service)
    enter(browser, told)
    first = browser.cookies["friction_login"]
    enter(browser, told)
    assert browser.cookies["friction_login"] != first
    browser.cookies.clear()
    browser.cookies.set("friction_login", first)

    assert browser.get("/account").status_code == 303


def test_a_login_is_in_the_audit_trail(browser: TestClient, service: Service) -> None:
    enter(browser, secret(service))
    with service.store.read() as scope:
        assert "login" in [each.action for each in audit.several(scope, 5)]


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "", "x", "/a\nb"]
)
def test_nobody_is_led_elsewhere_after_a_login(to: str) -> None:
    assert local(to) == "/"


def person(service: Service, address: str, may: str = "read", project: str | None = None) -> str:
    with service.store.write(project or service.project) as scope:
        return keys.make(scope, "person", may, person=address)[0].id


def at_provider(browser: TestClient) -> str:
    """Go to the provider, log in there; the address that one comes back to."""
    gone = browser.get("/login/provider")
    assert gone.status_code == 303
    back = httpx2.get(gone.headers["location"], trust_env=False).headers["location"]
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def test_whoever_the_provider_vouches_for_comes_in_with_their_key(
    browser: TestClient, service: Service, provider: OpenId
) -> None:
    person(service, "Ada@Example.com", "write")
    assert "Example" in browser.get("/login").text
    answer = browser.get(at_provider(browser))

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = browser.get("/account").text
    assert "ada@example.com" in page
    assert provider.asked.count("/jwks") >= 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@example.com"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"nonce": "replayed"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"azp": "somebody else"},
    ],
)
def test_what_the_provider_does_not_vouch_for_opens_nothing(
    browser: TestClient, service: Service, provider: OpenId, claims: dict[str, object]
) -> None:
    person(service, "ada@example.com")
    provider.claims = {**provider.claims, **claims}
    answer = browser.get(at_provider(browser))

    assert answer.status_code == 403
    assert "friction_login" not in browser.cookies


def test_a_signature_of_another_key_opens_nothing(
    browser: TestClient, service: Service, provider: OpenId
) -> None:
    person(service, "ada@example.com")
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"}, private=True)

    assert browser.get(at_provider(browser)).status_code == 403


def test_a_signature_with_our_own_secret_opens_nothing(
    browser: TestClient, service: Service, provider: OpenId
) -> None:
    person(service, "ada@example.com")
    provider.header = {"alg": "HS256"}
    provider.signs_with = OctKey.import_key(SECRET * 2)  # type: ignore[assignment]

    assert browser.get(at_provider(browser)).status_code == 403


@pytest.mark.usefixtures("provider")
def test_a_login_that_another_browser_began_opens_nothing(browser: TestClient, service: Service) -> None:
    person(service, "ada@example.com")
    back = at_provider(browser)
    browser.cookies.clear()
    assert browser.get(back).status_code == 403
    browser.get("/login/provider")

    assert browser.get(back).status_code == 403, "the state is another one"


@pytest.mark.usefixtures("provider")
def test_a_code_opens_once(browser: TestClient, service: Service) -> None:
    person(service, "ada@example.com")
    pending = browser.get("/login/provider")
    back = httpx2.get(pending.headers["location"], trust_env=False).headers["location"]
    kept = browser.cookies["friction_pending"]
    place = f"{urlsplit(back).path}?{urlsplit(back).query}"
    assert browser.get(place).status_code == 303
    browser.cookies.clear()
    browser.cookies.set("friction_pending", kept)

    assert browser.get(place).status_code == 403


@pytest.mark.usefixtures("provider")
def test_an_expired_key_of_a_person_opens_nothing(browser: TestClient, service: Service) -> None:
    with service.store.write(service.project) as scope:
        keys.make(scope, "ada", "read", now() - dt.timedelta(days=1), "ada@example.com")

    assert browser.get(at_provider(browser)).status_code == 403


@pytest.mark.usefixtures("provider")
def test_a_person_changes_between_their_own_projects_only(browser: TestClient, service: Service) -> None:
    with service.store.write() as scope:
        shop, bank = projects.make(scope, "shop"), projects.make(scope, "bank")
    assert shop is not None
    assert bank is not None
    person(service, "ada@example.com", "admin")
    theirs = person(service, "ada@example.com", "read", shop.id)
    eves = person(service, "eve@example.com", "read", bank.id)
    browser.get(at_provider(browser))
    token = hidden(browser.get("/account").text)

    assert browser.post("/account", data={"_csrf": token, "key_id": eves}).status_code == 404
    assert browser.post("/account", data={"_csrf": token, "key_id": theirs}).status_code == 303
    assert "shop" in browser.get("/account").text
    assert browser.get("/v1/keys").status_code == 403, "in the shop only a reader"


def test_the_provider_sends_back_to_the_address_that_is_set(
    browser: TestClient, service: Service, provider: OpenId
) -> None:
    service.public_url = "https://friction.example/"
    gone = browser.get("/login/provider", headers={"Host": "evil.example"}).headers["location"]

    assert parse_qs(urlsplit(gone).query)["redirect_uri"] == ["https://friction.example/login/provider/back"]
    assert gone.startswith(provider.issuer)


def test_a_provider_that_is_away_is_said_to_be(browser: TestClient, service: Service) -> None:
    service.provider = Provider("http://127.0.0.1:9", CLIENT, SECRET, "Example")
    assert browser.get("/login/provider").status_code == 503


def test_without_a_provider_there_is_no_way_to_it(browser: TestClient) -> None:
    assert browser.get("/login/provider").status_code == 404


def test_a_provider_is_fully_described_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Provider.from_environment() is None
    monkeypatch.setenv("FRICTION_OIDC_ISSUER", "https://id.example.com")
    with pytest.raises(UsageError, match="not fully"):
        Provider.from_environment()
    monkeypatch.setenv("FRICTION_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("FRICTION_OIDC_CLIENT_SECRET", SECRET)
    assert Provider.from_environment() == Provider("https://id.example.com", CLIENT, SECRET, "id.example.com")
    monkeypatch.setenv("FRICTION_OIDC_ISSUER", "http://id.example.com")
    with pytest.raises(UsageError, match="not fully"):
        Provider.from_environment()


@pytest.mark.parametrize("cookie", [None, "", "a.b.c", "a" * 43, ".".join(["a" * 43] * 4)])
def test_a_broken_cookie_begins_nothing(cookie: str | None) -> None:
    assert Pending.of(cookie) is None


def test_pages_of_a_service_with_keys_are_closed(service: Service) -> None:
    secret(service)
    with TestClient(create_app(service), follow_redirects=False, **HERE) as client:
        assert client.get("/", headers={"Accept": "text/html"}).headers["location"] == "/login?next=%2F"
        assert client.get("/login").status_code == 200
