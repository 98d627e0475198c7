"""The life of friction points over the reports of a project, and what people have said about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .scope import Scope
from .tables import points

STATES = ("new", "ongoing", "worse", "better", "fixed", "regressed", "muted")
IDS_AT_ONCE = 500
"""Of one statement: SQLite takes no more than some thousand values."""


@dataclass(frozen=True)
class PointLife:
    """One friction point; `version` grows with each change that a person makes."""

    project_id: str
    id: str
    state: str
    version: int
    first_report: str
    last_report: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    owner: str | None
    note: str | None
    link: str | None
    mute_reason: str | None
    muted_until: dt.datetime | None


def get(scope: Scope, point_id: str) -> PointLife | None:
    """The point; null when no report of this project had it."""
    row = scope.first(scope.all(points).where(points.c.id == point_id))
    return None if row is None else PointLife(**row)


def several(scope: Scope, ids: Sequence[str]) -> dict[str, PointLife]:
    """Id → point, of those that a report of this project had."""
    found: dict[str, PointLife] = {}
    for at in range(0, len(ids), IDS_AT_ONCE):
        chosen = scope.all(points).where(points.c.id.in_(ids[at : at + IDS_AT_ONCE]))
        found |= {row["id"]: PointLife(**row) for row in scope.rows(chosen)}
    return found


def change(scope: Scope, point_id: str, version: int, values: Mapping[str, Any]) -> bool:
    """Change it if nobody else has since `version`; false when somebody has."""
    still = (points.c.id == point_id, points.c.version == version)
    return scope.run(scope.change(points).where(*still).values(**values, version=version + 1)) == 1


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove points that were last seen before this time."""
    scope.run(scope.remove(points).where(points.c.last_seen < before))
