"""Visitors who have asked to be forgotten, as keyed hashes: what is delivered of them later stays out as well."""

from __future__ import annotations

from ..clock import now
from .scope import Scope
from .tables import erased


def add(scope: Scope, visitor: str) -> None:
    """This keyed visitor is to stay out; once more changes nothing."""
    if scope.first(scope.all(erased).where(erased.c.visitor == visitor)) is None:
        scope.add(erased, {"visitor": visitor, "created": now()})


def several(scope: Scope) -> list[str]:
    """All of them, the first first."""
    return [
        row["visitor"] for row in scope.rows(scope.all(erased).order_by(erased.c.created, erased.c.visitor))
    ]
