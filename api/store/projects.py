"""Projects: whose rows are whose."""

from __future__ import annotations

import sqlalchemy as sa

from ..clock import new_id, now
from .engine import Store
from .tables import LOCAL, projects


def local(store: Store) -> str:
    """Id of the project that every service has; made when it is missing."""
    with store.write() as scope:
        chosen = sa.select(projects.c.id).where(projects.c.name == LOCAL)
        found = scope.connection.execute(chosen).scalar()
        if found is None:
            found = new_id("prj")
            scope.connection.execute(sa.insert(projects).values(id=found, name=LOCAL, created=now()))
        return str(found)
