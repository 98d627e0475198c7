"""The rows of a table as lines of JSON, and back, whatever the database."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

ALEMBIC = "alembic_version"
AT_A_TIME = 500


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """Our tables as the database has them, those first that others refer to."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != ALEMBIC]


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """One line a row, by primary key; times in UTC, bytes in base 64."""
    chosen = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execution_options(stream_results=True).execute(chosen) as rows:
        for row in rows.mappings():
            said = {name: _said(value) for name, value in row.items()}
            yield json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def put(connection: sa.Connection, table: sa.Table, said: Iterable[bytes]) -> int:
    """Insert the rows of these lines; how many there were. Columns that the table has not are an error of ours."""
    count, waiting = 0, []
    for column in table.columns:
        if isinstance(column.type, sa.JSON):
            column.type.none_as_null = True  # no value is none, not the JSON word for it
    for line in said:
        waiting.append(_meant(table, json.loads(line)))
        count += 1
        if len(waiting) == AT_A_TIME:
            connection.execute(sa.insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(sa.insert(table), waiting)
    if count and connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)
    return count


def _said(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _meant(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _of_column(table.c[name].type, value) for name, value in row.items()}


def _of_column(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    """The value as the column wants it."""
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        moment = dt.datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, sa.Boolean):
        return bool(value)
    return value


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """Numbers that PostgreSQL gives out go on after the greatest one there is."""
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.Integer):
            counter = sa.func.pg_get_serial_sequence(table.name, column.name)
            greatest = sa.select(sa.func.max(column)).scalar_subquery()
            if connection.execute(sa.select(counter)).scalar() is not None:
                connection.execute(sa.select(sa.func.setval(counter, greatest)))
