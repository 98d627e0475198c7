"""Saved mappings: which column of a file is which of ours, by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ..clock import now
from .scope import Scope
from .tables import mappings


@dataclass(frozen=True)
class SavedMapping:
    """`columns`: ours = theirs."""

    project_id: str
    name: str
    columns: dict[str, str]
    created: dt.datetime


def put(scope: Scope, name: str, columns: Mapping[str, str]) -> bool:
    """Save it under this name, in the place of an older one; whether the name is new."""
    is_new = scope.run(scope.remove(mappings).where(mappings.c.name == name)) == 0
    scope.add(mappings, {"name": name, "columns": dict(columns), "created": now()})
    return is_new


def get(scope: Scope, name: str) -> SavedMapping | None:
    """The mapping; null when there is none of this name."""
    row = scope.first(scope.all(mappings).where(mappings.c.name == name))
    return None if row is None else SavedMapping(**row)


def several(scope: Scope) -> list[SavedMapping]:
    """All of them, by name."""
    return [SavedMapping(**row) for row in scope.rows(scope.all(mappings).order_by(mappings.c.name))]


def remove(scope: Scope, name: str) -> bool:
    """Forget it; false when there is none."""
    return scope.run(scope.remove(mappings).where(mappings.c.name == name)) == 1
