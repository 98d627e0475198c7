"""One transaction on behalf of one project: the only place where a project's rows are picked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

S = TypeVar("S", sa.Select[Any], sa.Update, sa.Delete)
EVERY_PROJECT = "*"
"""The scope of the service itself: its sweep, its worker, its operator."""


@dataclass(frozen=True)
class Scope:
    """A running transaction of `project`. Statements made here concern its rows only, and new rows are its own."""

    connection: sa.Connection
    project: str

    def all(self, table: sa.Table) -> sa.Select[Any]:
        """`SELECT` over the project's rows."""
        return self._own(sa.select(table), table)

    def change(self, table: sa.Table) -> sa.Update:
        """`UPDATE` of the project's rows."""
        return self._own(sa.update(table), table)

    def remove(self, table: sa.Table) -> sa.Delete:
        """`DELETE` of the project's rows."""
        return self._own(sa.delete(table), table)

    def add(self, table: sa.Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows of this project."""
        if self.project == EVERY_PROJECT:
            raise ValueError("a row belongs to one project")
        if rows:
            self.connection.execute(sa.insert(table), [{**row, "project_id": self.project} for row in rows])

    def first(self, statement: sa.Select[Any]) -> dict[str, Any] | None:
        """The first row as a dictionary; null when there is none."""
        row = self.connection.execute(statement).mappings().first()
        return None if row is None else dict(row)

    def rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """All rows as dictionaries."""
        return [dict(row) for row in self.connection.execute(statement).mappings()]

    def run(self, statement: sa.Update | sa.Delete) -> int:
        """Carry out a change; how many rows it met."""
        return self.connection.execute(statement).rowcount

    def _own(self, statement: S, table: sa.Table) -> S:
        return (
            statement
            if self.project == EVERY_PROJECT
            else statement.where(table.c.project_id == self.project)
        )
