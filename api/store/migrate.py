"""Bring a database to the schema of this version. Only the server does so; a worker waits for it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from friction.errors import UsageError

from .engine import Store
from .guard import guard

LOCK = 0x66726963
"""Key of the lock that lets only one server migrate at a time on PostgreSQL."""


def upgrade(store: Store, to: str = "head") -> None:
    """To the newest schema, or to the one called `to`.

    Raises `UsageError` when the database was made by a later version of friction.
    """
    config = _config()
    if (found := revision(store)) is not None and not _is_known(config, found):
        raise UsageError(
            "serve.newer_database",
            "the database was made by a later version of friction",
            remedy="install that version, or restore a backup of this one",
        )
    with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        if store.is_postgres:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        config.attributes["connection"] = connection
        config.attributes["guard"] = (
            guard  # a step is loaded by its path and cannot import from beside itself
        )
        command.upgrade(config, to)


def revision(store: Store) -> str | None:
    """The schema the database has; null for an empty one."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_known(number: str) -> bool:
    """Whether this version knows the schema of that name."""
    return _is_known(_config(), number)


def is_current(store: Store) -> bool:
    """Whether the schema is the one this version works with."""
    return revision(store) == ScriptDirectory.from_config(_config()).get_current_head()


def _is_known(config: Config, number: str) -> bool:
    return any(script.revision == number for script in ScriptDirectory.from_config(config).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
