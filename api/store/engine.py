"""The database: how it is opened, and how its transactions begin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from friction.errors import UsageError

from .scope import EVERY_PROJECT, Scope

BUSY_MS = 20_000
"""How long SQLite waits for another process's transaction."""
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what was answered as accepted survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased leaves no bytes behind
    f"busy_timeout = {BUSY_MS}",
)
# Parameters are hidden so that an error of the database carries no values into the log.
POOL = {"hide_parameters": True, "pool_size": 5, "max_overflow": 5, "pool_pre_ping": True, "pool_timeout": 20}


class Store:
    """The open database. Thread-safe; `close` it when the process ends."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """A SQLite file (`sqlite:///…`) or PostgreSQL (`postgresql://…`). Raises `UsageError` for anything else."""
        try:
            address = sa.make_url(url)
        except sa.exc.ArgumentError:
            address = None
        if address is not None and address.get_backend_name() == "sqlite":
            return cls(_sqlite(address))
        if address is not None and address.get_backend_name() == "postgresql":
            return cls(_postgres(address))
        raise UsageError(
            "serve.database",
            "the address of the database is none that can be used",
            remedy="write it like postgresql://user@host/name, with the password in PGPASSWORD or ~/.pgpass",
        )

    @property
    def is_postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self, project: str = EVERY_PROJECT) -> Iterator[Scope]:
        """A transaction that only reads."""
        with self._transaction(project, "DEFERRED") as scope:
            yield scope

    @contextmanager
    def write(self, project: str = EVERY_PROJECT) -> Iterator[Scope]:
        """A transaction that changes something: committed when the block ends, undone when it raises."""
        with self._transaction(project, "IMMEDIATE") as scope:
            yield scope

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, project: str, kind: str) -> Iterator[Scope]:
        with self.engine.connect().execution_options(sqlite_begin=kind) as connection, connection.begin():
            if self.is_postgres:
                # Row-level security reads the project of the transaction from here.
                connection.execute(sa.select(sa.func.set_config("friction.project", project, True)))
            yield Scope(connection, project)


def _sqlite(address: sa.URL) -> sa.Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(address, **POOL, connect_args={"timeout": BUSY_MS / 1000})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    """The driver begins no transaction of its own: a reader that turns writer half-way would fail when busy."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


def _postgres(address: sa.URL) -> sa.Engine:
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"), **POOL, connect_args={"connect_timeout": 5}
    )
