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
    detector: str | None
    page: str | None
    target: str | None
    title: str | None
    since: str | None
    """First day of its state."""
    cost: float
    """Lost conversions or extra exits a day; 0 where it is fixed or cannot be said."""
    mute_beyond: float | None
    """Muted until it is met so many times as often as when it was muted (`mute_rate`, a share of sessions)."""
    mute_rate: float | None
    life: dict[str, Any] | None
    """Its days, costs and other ids, of nightly scans."""


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


def rate(point: PointLife, days: int = 14) -> float | None:
    """The share of sessions that met it over its latest days; null without any."""
    known = sorted((point.life or {}).get("days", {}).items())[-days:]
    seen, met = (sum(counts[at] for _, counts in known) for at in (0, 1))
    return met / seen if seen else None


def change(scope: Scope, point_id: str, version: int, values: Mapping[str, Any]) -> bool:
    """Change it if nobody else has since `version`; false when somebody has."""
    still = (points.c.id == point_id, points.c.version == version)
    return scope.run(scope.change(points).where(*still).values(**values, version=version + 1)) == 1


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove points that were last seen before this time."""
    scope.run(scope.remove(points).where(points.c.last_seen < before))
