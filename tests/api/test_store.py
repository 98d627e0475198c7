"""The store on both databases: its schema, its transactions, and the line between projects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.clock import new_id, now
from api.store import Scope, Store, jobs, mappings, uploads
from api.store.migrate import is_current, revision, upgrade
from api.store.tables import OWNED, metadata, projects
from friction.errors import UsageError
from tests.api.real import address


@pytest.fixture(scope="module")
def on_postgres(database: Any) -> str:
    return address(database, "store")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'friction.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("on_postgres")
    store = Store.open(url)
    upgrade(store)
    yield store
    with store.write() as scope:
        scope.connection.execute(sa.delete(projects))
    store.close()


def project(store: Store, name: str) -> str:
    made = new_id("prj")
    with store.write() as scope:
        scope.connection.execute(sa.insert(projects).values(id=made, name=name, created=now()))
    return made


def test_the_steps_lead_to_the_tables_as_they_are_described(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert is_current(store)


def test_an_upgrade_of_what_is_current_changes_nothing(store: Store) -> None:
    upgrade(store)

    assert is_current(store)


def test_a_database_of_a_later_version_is_refused(store: Store) -> None:
    newest = revision(store)
    with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as c, c.begin():
        c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(UsageError, match="later version"):
            upgrade(store)
    finally:
        with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as c, c.begin():
            c.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})


def test_one_project_sees_nothing_of_another(store: Store) -> None:
    mine, theirs = project(store, "mine"), project(store, "theirs")
    with store.write(mine) as scope:
        uploads.begin(scope, "upl_1", "may.csv", 3)
        jobs.add(scope, "job_1", "rep_1", ["upl_1"], {})
        mappings.put(scope, "shop", {"ts": "when"})
    with store.write(theirs) as scope:
        assert uploads.get(scope, "upl_1") is None
        assert jobs.get(scope, "job_1") is None
        assert not jobs.end(scope, "job_1", "cancelled")
        assert mappings.several(scope) == []
        assert not mappings.remove(scope, "shop")
    with store.read(mine) as scope:
        assert uploads.get(scope, "upl_1") is not None
        assert jobs.waiting(scope)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    mine = project(store, "mine")
    with suppress(ZeroDivisionError), store.write(mine) as scope:
        uploads.begin(scope, "upl_1", "may.csv", 3)
        raise ZeroDivisionError
    with store.read(mine) as scope:
        assert uploads.get(scope, "upl_1") is None


def test_a_job_ends_once(store: Store) -> None:
    mine = project(store, "mine")
    with store.write(mine) as scope:
        jobs.add(scope, "job_1", "rep_1", [], {})
        assert jobs.begin(scope, "job_1")
        assert jobs.advance(scope, "job_1", "reading", 0.5, 10)
        assert jobs.end(scope, "job_1", "cancelled")
        assert not jobs.end(scope, "job_1", "succeeded")
        assert not jobs.advance(scope, "job_1", "reading", 0.6, 20)
        job = jobs.get(scope, "job_1")

    assert job is not None
    assert (job.state, job.version, job.rows) == ("cancelled", 4, 10)


def test_rows_without_a_project_cannot_be_made(store: Store) -> None:
    with store.write() as scope, pytest.raises(ValueError, match="one project"):
        uploads.begin(scope, "upl_1", "may.csv", 3)


def test_on_postgres_the_database_holds_the_line_when_the_code_does_not(on_postgres: str) -> None:
    store = Store.open(on_postgres)
    upgrade(store)
    mine, theirs = project(store, "one"), project(store, "other")
    with store.write(mine) as scope:
        uploads.begin(scope, "upl_2", "may.csv", 3)
    with store.write(theirs) as scope:
        careless = Scope(scope.connection, "*")
        assert uploads.get(careless, "upl_2") is None
        assert careless.run(careless.remove(OWNED[0])) == 0
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM uploads")).scalar_one() == 0
    store.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nothing", "sqlserver://secret@x/y"])
def test_other_databases_are_refused_without_repeating_their_address(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Store.open(url)

    assert url not in str(caught.value.problem)
