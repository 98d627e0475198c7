"""Links that show one report to whoever has them, until they expire or are revoked. Only digests are kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from ..clock import new_id, now
from .scope import Scope
from .tables import shares


@dataclass(frozen=True)
class Share:
    """One link; `digest` is the SHA-256 of what stands in its address."""

    id: str
    project_id: str
    report_id: str
    digest: str
    created: dt.datetime
    expires: dt.datetime

    @property
    def is_open(self) -> bool:
        """Whether it still shows anything."""
        return self.expires > now()


def add(scope: Scope, report_id: str, lasts: dt.timedelta) -> str:
    """A new link; what stands in its address, which nobody can read again later."""
    token, moment = secrets.token_urlsafe(24), now()
    row = {"id": new_id("shr"), "report_id": report_id, "digest": digest_of(token), "created": moment}
    scope.add(shares, {**row, "expires": moment + lasts})
    return token


def behind(scope: Scope, token: str) -> Share | None:
    """The link of this address, in whatever project; null for one that never was or was revoked."""
    row = scope.first(scope.all(shares).where(shares.c.digest == digest_of(token)))
    return None if row is None else Share(**row)


def several(scope: Scope, report_id: str) -> list[Share]:
    """The links of a report that are still open, the newest first."""
    chosen = scope.all(shares).where(shares.c.report_id == report_id, shares.c.expires > now())
    return [Share(**row) for row in scope.rows(chosen.order_by(shares.c.created.desc(), shares.c.id))]


def revoke(scope: Scope, report_id: str, share_id: str) -> bool:
    """Close it at once; false when there is none."""
    return (
        scope.run(scope.remove(shares).where(shares.c.id == share_id, shares.c.report_id == report_id)) == 1
    )


def forget(scope: Scope) -> None:
    """Remove links that expired a month ago; until then their page says that they have expired."""
    scope.run(scope.remove(shares).where(shares.c.expires < now() - dt.timedelta(days=30)))


def digest_of(token: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(token.encode()).hexdigest()
