"""The way in and out: log in with a key or at the provider, see who one is, change to another project, log out."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from friction.i18n import N_

from ..access import cookies, oidc
from ..access.caller import caller
from ..access.gate import actor_of
from ..access.oidc import Pending, Provider
from ..errors import missing
from ..service import Service, ServiceDep
from ..store import audit, keys, logins, projects
from ..store.keys import Key
from .frame import page

LOG = logging.getLogger("friction.login")
router = APIRouter(include_in_schema=False)

BACK = "/login/provider/back"
PENDING_S = 600
RIGHTS = {
    "read": N_("look at reports"),
    "write": N_("look, upload and analyse"),
    "admin": N_("everything in this project"),
    "operator": N_("everything, and make projects"),
}
Next = Annotated[str, Form(max_length=2000)]


@router.get("/login")
def ask(request: Request, service: ServiceDep, next: str = "/") -> Response:
    """The form for a key, and a button for the provider."""
    return _asked(request, service, next)


@router.post("/login")
def enter(
    request: Request,
    service: ServiceDep,
    key: Annotated[str, Form(max_length=400)] = "",
    next: Next = "/",
) -> Response:
    """Log in with a key."""
    with service.store.read() as scope:
        found = keys.known(scope, key.strip())
    if found is None:
        LOG.warning("somebody tried to log in with a key that opens nothing")
        return _asked(request, service, next, is_wrong=True)
    return _logged_in(request, service, found, next)


@router.get("/login/provider")
def provider(request: Request, service: ServiceDep) -> Response:
    """To the provider."""
    pending = Pending.begun()
    answer = RedirectResponse(_provider(service).address(pending, _back(request, service)), 303)
    cookies.keep(answer, request, cookies.PENDING, pending.kept(), PENDING_S)
    return answer


@router.get(BACK)
def back(request: Request, service: ServiceDep) -> Response:
    """From the provider: whoever it vouches for comes in if there is a key for their address."""
    pending = Pending.of(cookies.pending(request))
    if pending is None or request.query_params.get("state") != pending.state:
        raise oidc.not_logged_in()
    place = _back(request, service)
    address = _provider(service).person(pending, place, f"{place}?{request.url.query}")
    with service.store.read() as scope:
        theirs = keys.of_person(scope, address)
    if not theirs:
        LOG.warning("somebody whom the provider knows has no key here")
        raise oidc.not_logged_in()
    answer = _logged_in(request, service, theirs[0], "/")
    cookies.forget(answer, request, cookies.PENDING)
    return answer


@router.get("/account")
def account(request: Request, service: ServiceDep) -> Response:
    """Who one is, what one may do, and the other projects one may change to."""
    me = caller(request)
    with service.store.read() as scope:
        names = {each.id: each.name for each in projects.several(scope)}
        person = me.key.person if me.key else None
        others = (
            [key for key in keys.of_person(scope, person) if key.id != me.key.id] if person and me.key else []
        )
    return page(
        request,
        "account.jinja",
        at="account",
        me=me,
        rights=RIGHTS,
        project=names.get(me.project, ""),
        others=[(key.id, names[key.project_id], key.scope) for key in others],
    )


@router.post("/account")
def change(request: Request, service: ServiceDep, key_id: Annotated[str, Form(max_length=40)]) -> Response:
    """Change to another project of the same person."""
    me = caller(request)
    with service.store.read() as scope:
        theirs = keys.of_person(scope, me.key.person) if me.key and me.key.person else []
    chosen = next((key for key in theirs if key.id == key_id), None)
    if chosen is None:
        raise missing("key")
    return _logged_in(request, service, chosen, "/")


@router.post("/logout")
def leave(request: Request, service: ServiceDep) -> Response:
    """Log out: the cookie opens nothing any more, wherever it is."""
    _end(request, service)
    answer = RedirectResponse("/login", 303)
    cookies.forget(answer, request, cookies.LOGIN)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _asked(request: Request, service: Service, to: str, *, is_wrong: bool = False) -> Response:
    return page(
        request,
        "login.jinja",
        status=401 if is_wrong else 200,
        to=local(to),
        is_wrong=is_wrong,
        provider=service.provider.name if service.provider else None,
    )


def _provider(service: Service) -> Provider:
    if service.provider is None:
        raise missing("login provider")
    return service.provider


def _back(request: Request, service: Service) -> str:
    """Where the provider sends the browser: an address that is set, or else the one that was asked for."""
    base = service.public_url or str(request.base_url)
    return base.rstrip("/") + BACK


def _logged_in(request: Request, service: Service, key: Key, to: str) -> Response:
    """A fresh login of this browser; the one it had before ends."""
    _end(request, service)
    with service.store.write(key.project_id) as scope:
        cookie = logins.begin(scope, key)
        keys.note_use(scope, key.id)
        audit.note(scope, actor_of(key), "login", key.id)
    answer = RedirectResponse(local(to), 303)
    cookies.keep(answer, request, cookies.LOGIN, cookie)
    return answer


def _end(request: Request, service: Service) -> None:
    cookie = cookies.login(request)
    with service.store.write() as scope:
        if cookie is not None and (found := logins.known(scope, cookie)) is not None:
            logins.end(scope, found[0].id)


def local(to: str) -> str:
    """The address if it is one of ours, else the start page: nobody is led elsewhere."""
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_ours else "/"
