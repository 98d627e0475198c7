"""The gate: every request is let in by a key, by the login of a browser, or because it comes from this machine.

On the loopback address nobody is asked as long as there has never been a key. Then a request must come from this
machine, be meant for it by its `Host` (a page elsewhere that has its name resolve to 127.0.0.1 is refused), and have
come through no proxy. Everything else needs a key; what is let in, is let in to the project of its key only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from friction.errors import FrictionError

from .. import errors
from ..errors import Refused
from ..service import Service
from ..spoken import Shown
from ..store import keys, logins
from ..store.keys import Key
from . import cookies, csrf, policy
from .caller import Caller

LOCAL = Caller(actor="this machine", project="", scope="operator")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Gate:
    """Middleware: finds out who calls, and lets in who may."""

    def __init__(self, app: ASGIApp, service: Service, shown: Shown) -> None:
        self.app = app
        self.service = service
        self.shown = shown
        self._has_keys = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in with its caller, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            receive = await self._let_in(request)
        except FrictionError as refused:
            answer = await self._refusal(request, refused)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _let_in(self, request: Request) -> Receive:
        """How its body is read; from then on the request knows its caller, also where it is refused."""
        method, path = request.method, request.url.path
        if method not in policy.SAFE:
            csrf.refuse_strangers(request)
        if policy.is_open(path):
            return request.receive
        found = await run_in_threadpool(self._caller, request)
        if found is None:
            raise nobody()
        request.state.caller = found
        if not found.may(policy.needed(method, path)):
            raise too_little(policy.needed(method, path))
        if found.login is not None and method not in policy.SAFE:
            return await csrf.asked(request, found.csrf)
        return request.receive

    def _caller(self, request: Request) -> Caller | None:
        """Who it is; null when the request does not say. Raises `Refused` when what it says is wrong."""
        told = request.headers.get("authorization")
        cookie = cookies.login(request)
        if told is not None:
            return self._by_key(told)
        if cookie is not None and (found := self._by_login(cookie)) is not None:
            return found
        return self._from_here(request)

    def _by_key(self, told: str) -> Caller | None:
        kind, _, secret = told.strip().partition(" ")
        with self.service.store.read() as scope:
            key = keys.known(scope, secret.strip()) if kind.lower() == "bearer" else None
        if key is None:
            raise nobody("the key is unknown, has expired or was revoked")
        if keys.is_use_due(key):
            with self.service.store.write(key.project_id) as scope:
                keys.note_use(scope, key.id)
        return Caller(actor_of(key), key.project_id, key.scope, key)

    def _by_login(self, cookie: str) -> Caller | None:
        with self.service.store.read() as scope:
            found = logins.known(scope, cookie)
        if found is None:
            return None
        login, key = found
        if logins.is_seeing_due(login):
            with self.service.store.write(key.project_id) as scope:
                logins.note_seen(scope, login.id)
                keys.note_use(scope, key.id)
        token = csrf.token(self.service.folder, login.id)
        return Caller(actor_of(key), key.project_id, key.scope, key, login, token)

    def _from_here(self, request: Request) -> Caller | None:
        """Who works on this machine, while there has never been a key."""
        if not self.service.is_local or self._is_locked():
            return None
        client = request.client.host if request.client else ""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if not (is_loopback(client) and is_loopback(host)) or _any(FORWARDED, request.headers):
            raise Refused(
                403,
                "access.not_local",
                "without a key the service answers on this machine only",
                remedy="open it as http://127.0.0.1, or make a key: friction keys create",
            )
        return Caller(LOCAL.actor, self.service.project, LOCAL.scope)

    def _is_locked(self) -> bool:
        if not self._has_keys:
            with self.service.store.read() as scope:
                self._has_keys = keys.is_any(scope)
        return self._has_keys

    async def _refusal(self, request: Request, refused: FrictionError) -> Response:
        """A person with a browser is sent to log in; everybody else gets the problem."""
        if refused.status == 401 and is_read(request):
            return RedirectResponse(f"/login?next={quote(_place(request), safe='')}", 303)
        return self.shown(request, await errors.ours(request, refused))


def is_read(request: Request) -> bool:
    """Whether a person opened or sent a page; parts of pages and what scripts ask for are none."""
    asked = "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers
    return asked and not request.url.path.startswith("/v1/")


def _place(request: Request) -> str:
    """Where whoever has logged in goes on: what was asked for, or the page whose form was sent."""
    url = urlsplit(str(request.url) if request.method == "GET" else request.headers.get("referer", ""))
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def actor_of(key: Key) -> str:
    """What the audit trail calls whoever holds this key."""
    return key.person or f"{key.name} ({key.id})"


def nobody(detail: str = "this needs a key") -> Refused:
    """Who calls is not known."""
    return Refused(
        401,
        "access.no_key",
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="friction"'},
        remedy="send a valid key: Authorization: Bearer KEY",
    )


def too_little(needed: str) -> Refused:
    """Who calls may not do this."""
    remedy = "ask who made the key for one that may"
    return Refused(403, "access.scope", f"this needs a key of the scope {needed}", remedy=remedy)


def is_loopback(host: str) -> bool:
    """Whether this address or name is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _any(names: Iterable[str], headers: Iterable[str]) -> bool:
    return not set(names).isdisjoint(headers)
