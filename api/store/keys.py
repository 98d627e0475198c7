"""Keys: who may come in, to which project, and what they may do there.

A key is a secret that a program or a person holds, or the right of one person whom a login provider (OpenID Connect)
knows by their address. Of a secret only its SHA-256 is kept: it has 256 random bits, so nothing slower is needed. A
key that is revoked stays in the list.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from ..clock import new_id, now
from .scope import Scope
from .tables import keys

SCOPES = ("read", "write", "admin", "operator")
"""Each may do what those before it may. An operator also makes projects, and keys for any of them."""
PREFIX = "frk"
"""What a secret begins with, so that those who look for leaked ones find it."""
USED_EVERY = dt.timedelta(minutes=1)
"""Last use is noted to the minute: reading shall not always mean writing."""


@dataclass(frozen=True)
class Key:
    """One key. `person` is null for a secret; `expires` null: never; `used` null: not yet."""

    id: str
    project_id: str
    name: str
    scope: str
    digest: str | None
    person: str | None
    created: dt.datetime
    expires: dt.datetime | None
    used: dt.datetime | None
    revoked: dt.datetime | None

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked is None and (self.expires is None or self.expires > now())


def make(
    scope: Scope, name: str, may: str, expires: dt.datetime | None = None, person: str | None = None
) -> tuple[Key, str | None]:
    """A new key of this project and its secret, which nobody can be told again; without one for a person."""
    key_id, secret = new_id("key"), secrets.token_urlsafe(32) if person is None else None
    row = {"id": key_id, "name": name, "scope": may, "expires": expires, "created": now()}
    digest = None if secret is None else _digest(secret)
    scope.add(keys, {**row, "digest": digest, "person": None if person is None else address(person)})
    made = get(scope, key_id)
    assert made is not None
    return made, None if secret is None else f"{PREFIX}_{key_id.removeprefix('key_')}_{secret}"


def address(person: str) -> str:
    """The address of a person as it is kept and compared."""
    return person.strip().casefold()


def get(scope: Scope, key_id: str) -> Key | None:
    """The key; null when there is none in this project."""
    row = scope.first(scope.all(keys).where(keys.c.id == key_id))
    return None if row is None else Key(**row)


def several(scope: Scope) -> list[Key]:
    """All of them, the newest first."""
    chosen = scope.all(keys).order_by(keys.c.created.desc(), keys.c.id)
    return [Key(**row) for row in scope.rows(chosen)]


def is_any(scope: Scope) -> bool:
    """Whether there has ever been a key; then nobody comes in without one."""
    return scope.first(sa.select(keys.c.id).limit(1)) is not None


def is_any_valid(scope: Scope) -> bool:
    """Whether somebody could come in."""
    return any(key.is_valid for key in several(scope))


def known(scope: Scope, told: str) -> Key | None:
    """The valid key with this secret; null for whatever else is told."""
    prefix, _, rest = told.partition("_")
    key_id, _, secret = rest.partition("_")
    key = get(scope, f"key_{key_id}") if prefix == PREFIX else None
    expected = key.digest if key is not None and key.digest is not None else ""
    is_right = hmac.compare_digest(expected, _digest(secret))
    return key if key is not None and is_right and key.is_valid else None


def of_person(scope: Scope, person: str) -> list[Key]:
    """The valid keys of the person with this address, the oldest first."""
    chosen = scope.all(keys).where(keys.c.person == address(person)).order_by(keys.c.created, keys.c.id)
    return [key for key in (Key(**row) for row in scope.rows(chosen)) if key.is_valid]


def is_use_due(key: Key) -> bool:
    """Whether its last use should be noted again."""
    return key.used is None or now() - key.used > USED_EVERY


def note_use(scope: Scope, key_id: str) -> None:
    """It is used now."""
    scope.run(scope.change(keys).where(keys.c.id == key_id).values(used=now()))


def revoke(scope: Scope, key_id: str) -> bool:
    """It opens nothing any more; false when there is no such key."""
    changed = scope.change(keys).where(keys.c.id == key_id)
    return scope.run(changed.values(revoked=sa.func.coalesce(keys.c.revoked, now()))) == 1


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
