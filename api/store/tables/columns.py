"""What all tables are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = sa.MetaData(naming_convention=NAMES)


class Utc(sa.types.TypeDecorator[dt.datetime]):
    """A point in time; SQLite, which knows no zones, keeps it in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """In UTC, whatever its zone."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, _: sa.Dialect) -> dt.datetime | None:
        """With its zone, also where the database has forgotten it."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


def own_id() -> sa.Column[str]:
    """The key of a row that has a life of its own."""
    return sa.Column("id", sa.String(32), primary_key=True)


def of_project() -> sa.Column[str]:
    """Whose the row is; it goes with its project."""
    return sa.Column(
        "project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, index=True
    )


def time(name: str, *, needed: bool = False) -> sa.Column[dt.datetime]:
    """A point in time, mostly one that may not have come yet."""
    return sa.Column(name, Utc(), nullable=not needed)


def long_text(name: str, *, needed: bool = True) -> sa.Column[str]:
    """A text of any length."""
    return sa.Column(name, sa.Text(), nullable=not needed)
