"""Workers and their leases: one that no longer renews its own is gone, and its jobs are taken over."""

from __future__ import annotations

import datetime as dt
import os

import sqlalchemy as sa

from ..clock import now
from .scope import Scope
from .tables import workers

LEASE = dt.timedelta(seconds=20)
RENEW_S = 5.0


def renew(scope: Scope, worker_id: str) -> None:
    """This process is the worker for a while longer."""
    moment = now()
    values = {"pid": os.getpid(), "expires": moment + LEASE}
    if not scope.run(sa.update(workers).where(workers.c.id == worker_id).values(values)):
        scope.connection.execute(sa.insert(workers).values(id=worker_id, started=moment, **values))


def release(scope: Scope, worker_id: str) -> None:
    """The worker is done."""
    scope.run(sa.delete(workers).where(workers.c.id == worker_id))


def gone(scope: Scope) -> list[str]:
    """Workers whose lease has run out."""
    chosen = sa.select(workers.c.id).where(workers.c.expires < now()).order_by(workers.c.id)
    return list(scope.connection.scalars(chosen))


def alive(scope: Scope) -> list[str]:
    """Workers whose lease holds."""
    chosen = sa.select(workers.c.id).where(workers.c.expires >= now()).order_by(workers.c.id)
    return list(scope.connection.scalars(chosen))
