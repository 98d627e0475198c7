"""Who is logged in: what the cookie of a browser stands for. A login may never do more than its key at that moment."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from ..clock import now
from . import keys
from .keys import Key
from .scope import Scope
from .tables import logins

IDLE = dt.timedelta(hours=8)
"""A login that is not used for so long is over."""
LONGEST = dt.timedelta(days=7)
"""And every login is over after so long."""
SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Login:
    """One browser that somebody has logged in with."""

    id: str
    project_id: str
    key_id: str
    created: dt.datetime
    seen: dt.datetime

    @property
    def is_valid(self) -> bool:
        """Whether it still holds."""
        moment = now()
        return moment - self.seen < IDLE and moment - self.created < LONGEST


def begin(scope: Scope, key: Key) -> str:
    """Log in with this key: what the cookie will hold. Each login has a new one, whatever the browser had before."""
    token, moment = secrets.token_urlsafe(32), now()
    scope.add(logins, {"id": _digest(token), "key_id": key.id, "created": moment, "seen": moment})
    return token


def known(scope: Scope, token: str) -> tuple[Login, Key] | None:
    """The login of this cookie and its key; null when it is over, or its key opens nothing any more."""
    row = scope.first(scope.all(logins).where(logins.c.id == _digest(token)))
    login = None if row is None else Login(**row)
    key = keys.get(scope, login.key_id) if login is not None and login.is_valid else None
    return (login, key) if login is not None and key is not None and key.is_valid else None


def is_seeing_due(login: Login) -> bool:
    """Whether it should be noted again that it is in use."""
    return now() - login.seen > SEEN_EVERY


def note_seen(scope: Scope, login_id: str) -> None:
    """It is in use now."""
    scope.run(scope.change(logins).where(logins.c.id == login_id).values(seen=now()))


def end(scope: Scope, login_id: str) -> None:
    """Log out."""
    scope.run(scope.remove(logins).where(logins.c.id == login_id))


def end_all(scope: Scope, key_id: str) -> None:
    """Log out every browser of this key."""
    scope.run(scope.remove(logins).where(logins.c.key_id == key_id))


def forget_old(scope: Scope) -> None:
    """Remove the logins that are over."""
    moment = now()
    is_over = sa.or_(logins.c.seen < moment - IDLE, logins.c.created < moment - LONGEST)
    scope.run(scope.remove(logins).where(is_over))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
