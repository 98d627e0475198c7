"""How each database is opened and what is its own in SQL. All speak through ADBC, which hands rows over as Arrow."""

from __future__ import annotations

import importlib
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from friction.errors import InputError
from friction.fetch.columns import unreadable
from friction.places.address import Place
from friction.places.extras import needed
from friction.values import dataclass

CONNECT_S = 10
MOST_TABLES = 20


class Driver:
    """What most of them have in common."""

    package = ""
    extra = "sql"
    quote = '"'
    text = "CAST({} AS TEXT)"
    tables_query: str | None = None

    def connect(self, place: Place, time_s: float | None) -> Any:
        """An open connection that only reads."""
        raise NotImplementedError

    def load(self, place: Place) -> Any:
        """The driver's module. Raises `MissingExtra`."""
        needed(self.package, self.extra, place.name)
        return importlib.import_module(f"{self.package}.dbapi")

    def named(self, name: str) -> str:
        """A name as SQL; a dot parts schema and table."""
        return ".".join(
            f"{self.quote}{part.replace(self.quote, self.quote * 2)}{self.quote}" for part in name.split(".")
        )

    def highest(self, column: str) -> str:
        """The greatest value of a column, as the watermark keeps it."""
        return f"CAST(max({column}) AS TEXT)"

    def tables(self, cursor: Any) -> list[str]:
        """Some names to choose from."""
        if self.tables_query is None:
            return []
        cursor.execute(self.tables_query)
        return [str(row[0]) for row in cursor.fetchmany(MOST_TABLES)]

    def rows(self, cursor: Any, query: str) -> tuple[Any, Iterable[Any]]:
        """The schema and the batches of a query; columns whose type no table of events knows become text."""
        cursor.execute(query)
        batches = cursor.fetch_record_batch()
        if strange := unreadable(batches.schema):
            cursor.execute(f"SELECT {self._with_text(batches.schema.names, strange)} FROM ({query}) AS asked")
            batches = cursor.fetch_record_batch()
        return batches.schema, batches

    def _with_text(self, names: Sequence[str], strange: Sequence[str]) -> str:
        return ", ".join(
            f"{self.text.format(self._quoted(name))} AS {self._quoted(name)}"
            if name in strange
            else self._quoted(name)
            for name in names
        )

    def _quoted(self, column: str) -> str:
        return f"{self.quote}{column.replace(self.quote, self.quote * 2)}{self.quote}"


class PostgreSQL(Driver):
    """Passwords and certificates as libpq finds them: PGPASSWORD, PGPASSFILE, ~/.pgpass, PGSSLROOTCERT …"""

    package = "adbc_driver_postgresql"
    tables_query = (
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )

    def connect(self, place: Place, time_s: float | None) -> Any:
        parts = urlsplit(place.at)
        said = dict(parse_qsl(parts.query))
        own = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
        if time_s is not None and math.isfinite(time_s):
            own += f" -c statement_timeout={math.ceil(time_s * 1000)}"
        said["options"] = f"{said.get('options', '')} {own}".strip()
        said.setdefault("connect_timeout", str(CONNECT_S))
        said.setdefault("application_name", "friction")
        query = urlencode(said).replace("+", "%20")
        return self.load(place).connect(urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")))


class SQLite(Driver):
    """A file of this machine. Its columns hold values of any type; where they do, all of a column become text, and raw
    bytes hexadecimal text.
    """

    package = "adbc_driver_sqlite"
    tables_query = (
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "ORDER BY 1"
    )

    def connect(self, place: Place, time_s: float | None) -> Any:  # noqa: ARG002 - it has no limit of its own
        path = Path(unquote(urlsplit(place.at).path.removeprefix("/")))
        if not path.is_file():
            remedy = (
                f"sqlite:////{path} begins at the root" if Path("/", path).is_file() else "check the path"
            )
            raise InputError(
                "place.no_database", "there is no such SQLite database", remedy=remedy, file=place.name
            )
        uri = f"file:{os.path.abspath(path).replace('?', '%3f').replace('#', '%23')}?mode=ro"  # noqa: PTH100
        return self.load(place).connect(uri)

    def highest(self, column: str) -> str:
        return f"max({column})"

    def rows(self, cursor: Any, query: str) -> tuple[Any, Iterable[Any]]:
        """The driver takes a column's type from its first values, and here any row may hold another: so the types are
        asked for first, and a row of values of just these types, which is dropped again, comes before all others.
        """
        cursor.execute(f"SELECT * FROM ({query}) LIMIT 0")
        names = [column[0] for column in cursor.description]
        held = ", ".join(f"group_concat(DISTINCT typeof({self._quoted(name)}))" for name in names)
        cursor.execute(f"SELECT {held} FROM ({query})")
        kinds = [_kind(str(types or "")) for types in cursor.fetchone()]
        first = ", ".join(
            f"{kind.sample} AS {self._quoted(name)}" for name, kind in zip(names, kinds, strict=True)
        )
        then = ", ".join(
            kind.taken.format(self._quoted(name)) for name, kind in zip(names, kinds, strict=True)
        )
        cursor.execute(f"SELECT {first} UNION ALL SELECT {then} FROM ({query})")
        batches = cursor.fetch_record_batch()
        return batches.schema, _without_first(batches)


@dataclass(frozen=True)
class Held:
    """How the values of a column of SQLite are taken: SQL with the column as `{}`, and a value of that type."""

    taken: str
    sample: str


_TEXT = Held("CASE typeof({0}) WHEN 'blob' THEN hex({0}) ELSE CAST({0} AS TEXT) END", "''")
_HELD = {
    frozenset({"integer"}): Held("{}", "0"),
    frozenset({"real"}): Held("{}", "0.5"),
    frozenset({"integer", "real"}): Held("CAST({} AS REAL)", "0.5"),
}


def _kind(types: str) -> Held:
    return _HELD.get(frozenset(types.split(",")) - {"null"}, _TEXT)


def _without_first(batches: Iterable[Any]) -> Iterator[Any]:
    for number, batch in enumerate(batches):
        yield batch if number else batch.slice(1)


class BigQuery(Driver):
    """Credentials as Google's own tools find them: GOOGLE_APPLICATION_CREDENTIALS or those of the machine."""

    package, extra, quote, text = "adbc_driver_bigquery", "bigquery", "`", "CAST({} AS STRING)"

    def connect(self, place: Place, time_s: float | None) -> Any:  # noqa: ARG002 - no such option
        parts = urlsplit(place.at)
        options = {"adbc.bigquery.sql.project_id": parts.netloc}
        if dataset := parts.path.strip("/"):
            options["adbc.bigquery.sql.dataset_id"] = dataset
        return self.load(place).connect(db_kwargs=options)

    def highest(self, column: str) -> str:
        return f"CAST(max({column}) AS STRING)"


class Snowflake(Driver):
    """Credentials by SNOWFLAKE_USER, SNOWFLAKE_PASSWORD or SNOWFLAKE_PRIVATE_KEY_FILE, SNOWFLAKE_ROLE …"""

    package, extra, text = "adbc_driver_snowflake", "snowflake", "CAST({} AS VARCHAR)"
    variables: ClassVar = {
        "SNOWFLAKE_USER": "username",
        "SNOWFLAKE_PASSWORD": "password",
        "SNOWFLAKE_ROLE": "adbc.snowflake.sql.role",
        "SNOWFLAKE_WAREHOUSE": "adbc.snowflake.sql.warehouse",
        "SNOWFLAKE_PRIVATE_KEY_FILE": "adbc.snowflake.sql.client_option.jwt_private_key",
    }

    def connect(self, place: Place, time_s: float | None) -> Any:  # noqa: ARG002 - no such option
        parts = urlsplit(place.at)
        database, _, schema = parts.path.strip("/").partition("/")
        options = {
            "adbc.snowflake.sql.account": parts.netloc.rpartition("@")[2],
            "adbc.snowflake.sql.db": database,
            "adbc.snowflake.sql.schema": schema,
            "username": parts.username or "",
        }
        options |= {key: os.environ[name] for name, key in self.variables.items() if name in os.environ}
        if "SNOWFLAKE_PRIVATE_KEY_FILE" in os.environ:
            options["adbc.snowflake.sql.auth_type"] = "auth_jwt"
        return self.load(place).connect(db_kwargs={key: value for key, value in options.items() if value})

    def highest(self, column: str) -> str:
        return f"CAST(max({column}) AS VARCHAR)"


_DRIVERS = {"postgresql": PostgreSQL, "sqlite": SQLite, "bigquery": BigQuery, "snowflake": Snowflake}


def of(place: Place) -> Driver:
    """The driver of the place."""
    return _DRIVERS[place.kind]()
