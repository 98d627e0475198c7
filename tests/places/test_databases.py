"""Rows of databases: types, what may be asked, what is new, and what is said when something is wrong."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import polars as pl
import pytest

from friction.config import SourceSettings
from friction.errors import FrictionError
from friction.fetch import databases, faults
from friction.fetch.budget import Budget
from friction.limits import Limits
from friction.places import Fetched, Place, parse
from tests.cli.conftest import Run

STRANGE = """
CREATE TABLE strange AS SELECT n, n::numeric / 3 AS third, ('{"a": ' || n || '}')::jsonb AS j, ARRAY[n, n] AS list,
  '10.0.0.1'::inet AS ip, n * interval '1 day' AS days, '\\x00ff'::bytea AS raw,
  '00000000-0000-0000-0000-000000000001'::uuid AS id FROM generate_series(1, 3) AS n
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where what is fetched goes."""
    return tmp_path


def rows(brought: Fetched) -> pl.DataFrame:
    return pl.read_parquet(brought.path)


def asked(place: str | Place, folder: Path, since: str | None = None, **limits: Any) -> Fetched:
    """As the process that fetches does it, here."""
    place = parse(place) if isinstance(place, str) else place
    into = Path(tempfile.mkdtemp(dir=folder))
    return databases.fetched(
        place, into, since, Budget(Limits(**limits)), limits.get("time"), lambda *_: None
    )


def refused(address: str, folder: Path, **limits: Any) -> FrictionError:
    with pytest.raises(FrictionError) as caught:
        asked(address, folder, **limits)
    return caught.value


def told(database: str, *statements: str) -> None:
    with postgresql.connect(database) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()


def test_types_that_no_table_of_events_knows_come_as_text(database: str, folder: Path) -> None:
    told(database, "DROP TABLE IF EXISTS strange", STRANGE)

    first = rows(asked(f"{database}&table=strange", folder)).row(0, named=True)

    assert (first["n"], first["third"], first["j"]) == (1, "0.33333333333333333333", '{"a": 1}')
    assert (first["list"], first["ip"], first["days"], first["raw"]) == (
        "{1,1}",
        "10.0.0.1/32",
        "1 day",
        "\\x00ff",
    )
    assert first["id"] == "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("table=web.nothing", "place.no_table"),
        ("query=SELECT+nothing+FROM+web.events", "place.no_table"),
        ("query=SELEC+1", "place.wrong_query"),
        ("query=SELECT+1;+SELECT+2", "place.wrong_query"),
        ("query=DELETE+FROM+web.events+RETURNING+1", "place.not_a_query"),
        ("query=SELECT+1/(n-1)+FROM+generate_series(1,3)+AS+n", "place.failed"),
    ],
)
def test_what_a_database_refuses_has_a_name_and_no_word_of_it(
    database: str, folder: Path, query: str, code: str
) -> None:
    error = refused(f"{database}&{query}", folder)

    assert error.problem.code == code
    assert "web" not in error.problem.detail


def test_the_query_is_ended_by_the_database_when_its_time_is_over(database: str, folder: Path) -> None:
    error = refused(f"{database}&query=SELECT+pg_sleep(60)", folder, time=1)

    assert error.problem.code == "limit.time"


def test_more_rows_than_allowed_are_refused(database: str, folder: Path) -> None:
    error = refused(f"{database}&table=web.events", folder, rows=299)

    assert error.problem.code == "limit.rows"


def test_without_a_table_the_ones_there_are_are_named(friction: Run, database: str) -> None:
    outcome = friction("inspect", database)

    assert outcome.code == 3
    assert "name one as table=NAME; there are: " in outcome.err
    assert "web.events" in outcome.err


@pytest.mark.parametrize("user", ["nobody", "friction"])
def test_a_database_or_user_that_does_not_exist_is_said(database: str, folder: Path, user: str) -> None:
    elsewhere = database.replace("friction@", f"{user}@").replace("/places", "/nowhere")

    assert refused(f"{elsewhere}&table=x", folder).problem.code == "place.missing"


def test_nobody_there_is_said(folder: Path) -> None:
    assert refused("postgresql://127.0.0.1:9/shop?table=x", folder).problem.code == "place.unreachable"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('FATAL: password authentication failed for user "me"', "place.refused"),
        ("fe_sendauth: no password supplied", "place.refused"),
        ('could not translate host name "db" to address', "place.unreachable"),
    ],
)
def test_what_libpq_says_of_connecting_is_understood(text: str, code: str) -> None:
    assert faults.of_database(RuntimeError(text), "postgresql://db/shop", Limits()).problem.code == code


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_with_a_watermark_every_row_comes_once(
    kind: str, database: str, folder: Path, tmp_path: Path
) -> None:
    """Also rows that share their value with the last one of before, as long as they were there."""
    path = tmp_path / "grow.db"

    def does(*statements: str) -> None:
        if kind == "postgresql":
            told(database, *statements)
        else:
            with sqlite3.connect(path) as connection:
                for statement in statements:
                    connection.execute(statement)

    at = database if kind == "postgresql" else f"sqlite:///{path}"
    grow = SourceSettings(at=at, table="grow", watermark="n")
    does("DROP TABLE IF EXISTS grow", "CREATE TABLE grow (n integer, who text)")
    seen: list[str] = []
    since = None
    for batch in ("(1, 'a'), (2, 'b'), (2, 'c')", "(3, 'd''e')", None):
        if batch:
            does(f"INSERT INTO grow VALUES {batch}")
        brought = asked(parse("source:grow", {"grow": grow}), folder, since)
        seen += rows(brought)["who"].to_list()
        since = brought.watermark

    assert sorted(seen) == ["a", "b", "c", "d'e"]
    assert since is not None


def test_columns_of_sqlite_that_mix_types_keep_every_value(tmp_path: Path, folder: Path) -> None:
    """The driver takes a column's type from its first rows and gives up at the first other one."""
    with sqlite3.connect(tmp_path / "mixed.db") as connection:
        connection.execute('CREATE TABLE mixed (n, r, "a ""b""", late)')
        values = [(i, i if i % 2 else i / 4, None, None) for i in range(3000)]
        connection.executemany("INSERT INTO mixed VALUES (?, ?, ?, ?)", [*values, (1, 2, b"\xff", "late")])

    found = rows(asked(f"sqlite:///{tmp_path}/mixed.db?table=mixed", folder))

    assert found.height == 3001
    assert found["r"].to_list()[:3] == [0.0, 1.0, 0.5]
    assert found.row(3000) == (1, 2.0, "FF", "late")
    assert found["late"].null_count() == 3000


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("table=nothing", "place.no_table"),
        ("query=DELETE+FROM+t", "place.wrong_query"),
        ("query=SELECT+FROM", "place.wrong_query"),
    ],
)
def test_what_sqlite_refuses_has_a_name(tmp_path: Path, folder: Path, query: str, code: str) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (n)")

    assert refused(f"sqlite:///{tmp_path}/a.db?{query}", folder).problem.code == code
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_file_that_is_no_database_or_not_there_is_said(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.db").write_text("not a database at all, but long enough to be looked at" * 100)

    assert refused(f"sqlite:///{tmp_path}/a.db?table=t", folder).problem.code == "place.no_database"
    assert refused(f"sqlite:///{tmp_path}/b.db?table=t", folder).problem.code == "place.no_database"


@pytest.mark.parametrize("kind", ["bigquery", "snowflake"])
def test_warehouses_stand_behind_the_same_door(
    kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their drivers are loaded and asked; what they answer without an account is a named error of ours."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "s3cret")

    error = refused(f"{kind}://127.0.0.1/shop?table=events", folder)

    assert error.problem.code in {"place.unreachable", "place.refused", "place.no_credentials"}
    assert "s3cret" not in str(error.problem)
