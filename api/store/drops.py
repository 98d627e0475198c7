"""Drops: files that were sent together and are analysed together, with what their sender said of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import now
from .scope import Scope
from .tables import drops


@dataclass(frozen=True)
class Drop:
    """`answers`: mapping, zone, goal; `look`: what `friction inspect` said of it, and `looked` of which answers."""

    id: str
    project_id: str
    uploads: list[str]
    answers: dict[str, Any]
    looked: str | None
    look: dict[str, Any] | None
    created: dt.datetime


def add(scope: Scope, drop_id: str, uploads: Sequence[str]) -> None:
    """A drop of which nothing has been said."""
    row: dict[str, Any] = {
        "id": drop_id,
        "uploads": list(uploads),
        "answers": {},
        "looked": None,
        "look": None,
        "created": now(),
    }
    scope.add(drops, row)


def get(scope: Scope, drop_id: str) -> Drop | None:
    """The drop; null when there is none in this project."""
    row = scope.first(scope.all(drops).where(drops.c.id == drop_id))
    return None if row is None else Drop(**row)


def of(scope: Scope, uploads: Sequence[str]) -> Drop | None:
    """The newest drop of these uploads."""
    recent = scope.rows(scope.all(drops).order_by(drops.c.created.desc(), drops.c.id).limit(50))
    return next((Drop(**row) for row in recent if row["uploads"] == list(uploads)), None)


def say(scope: Scope, drop_id: str, answers: Mapping[str, Any]) -> None:
    """Keep what its sender says."""
    scope.run(scope.change(drops).where(drops.c.id == drop_id).values(answers=dict(answers)))


def forget_looks(scope: Scope) -> None:
    """Forget what was found out of any files; it is found out again when it is asked for."""
    scope.run(scope.change(drops).values(looked=None, look=None))


def looked(scope: Scope, drop_id: str, key: str, look: Mapping[str, Any]) -> None:
    """Keep what was found out under these answers."""
    scope.run(scope.change(drops).where(drops.c.id == drop_id).values(looked=key, look=dict(look)))


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove drops whose uploads are gone by now."""
    scope.run(scope.remove(drops).where(drops.c.created < before))
