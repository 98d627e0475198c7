"""Projects: whose rows are whose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from ..clock import new_id, now
from .engine import Store
from .scope import Scope
from .tables import LOCAL, projects


@dataclass(frozen=True)
class Project:
    """One project."""

    id: str
    name: str
    created: dt.datetime | None


def local(store: Store) -> str:
    """Id of the project that every service has; made when it is missing."""
    with store.write() as scope:
        found = named(scope, LOCAL) or make(scope, LOCAL)
    assert found is not None
    return found.id


def make(scope: Scope, name: str) -> Project | None:
    """A new project; null when there is one of this name."""
    if named(scope, name) is not None:
        return None
    made = Project(new_id("prj"), name, now())
    scope.connection.execute(sa.insert(projects).values(id=made.id, name=made.name, created=made.created))
    return made


def get(scope: Scope, project_id: str) -> Project | None:
    """The project; null when there is none."""
    row = scope.first(sa.select(projects).where(projects.c.id == project_id))
    return None if row is None else Project(**row)


def named(scope: Scope, name: str) -> Project | None:
    """The project of this name; null when there is none."""
    row = scope.first(sa.select(projects).where(projects.c.name == name))
    return None if row is None else Project(**row)


def several(scope: Scope) -> list[Project]:
    """All of them, by name."""
    return [Project(**row) for row in scope.rows(sa.select(projects).order_by(projects.c.name))]
