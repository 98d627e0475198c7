"""Who makes a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from ..store.keys import SCOPES, Key
from ..store.logins import Login


@dataclass(frozen=True)
class Caller:
    """A key at work in its project. `actor` is what the audit trail says; `login` is null without a browser."""

    actor: str
    project: str
    scope: str
    key: Key | None = None
    login: Login | None = None
    csrf: str = ""
    """What a form of this caller's pages has to send back; empty where nobody is logged in."""

    def may(self, needed: str) -> bool:
        """Whether the caller's scope includes this one."""
        return SCOPES.index(self.scope) >= SCOPES.index(needed)


NOBODY = Caller(actor="nobody", project="", scope="read")
"""Who asks for what is open to all: no project's rows are theirs."""


def caller(request: HTTPConnection) -> Caller:
    """Who makes this request; `NOBODY` when nothing has let them in."""
    return cast(Caller, getattr(request.state, "caller", NOBODY))
