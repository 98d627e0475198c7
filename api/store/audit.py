"""The audit trail: who did what to which thing, never the data itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ..clock import now
from .scope import Scope
from .tables import audit


@dataclass(frozen=True)
class Deed:
    """One row. `actor` is a key or a person, `action` a method and route, or a word of ours; `thing` an id."""

    id: int
    project_id: str
    actor: str
    action: str
    thing: str | None
    created: dt.datetime


def note(scope: Scope, actor: str, action: str, thing: str | None = None) -> None:
    """Add a row to the trail of this project."""
    scope.add(audit, {"actor": actor, "action": action, "thing": thing, "created": now()})


def several(scope: Scope, limit: int, before: int | None = None) -> list[Deed]:
    """The newest rows first; with `before`, those older than the row of this id."""
    chosen = scope.all(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(audit.c.id < before)
    return [Deed(**row) for row in scope.rows(chosen)]


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove what is older."""
    scope.run(scope.remove(audit).where(audit.c.created < before))
