"""Real servers and workers, ended in every way: nothing that was accepted is lost, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.api.instants import disturbed, ordered, report
from tests.api.real import Server, address, restarted, serving

CSV = (
    b"timestamp,session_id,event,url\n2026-05-01T10:00:00Z,s1,page_view,/\n2026-05-01T10:00:02Z,s1,click,/\n"
)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sqlite") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def on_postgres(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("postgres") / "data", address(database, "durable")) as server:
        yield server


def test_nothing_is_lost_whatever_is_killed_on_sqlite(on_sqlite: Server) -> None:
    assert disturbed(on_sqlite, instants=2, seed=11) == []


def test_nothing_is_lost_whatever_is_killed_on_postgres(on_postgres: Server) -> None:
    assert disturbed(on_postgres, instants=2, seed=12) == []


@pytest.mark.parametrize("kind", ["on_sqlite", "on_postgres"])
def test_simultaneous_deliveries_of_one_key_make_one_job(kind: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(kind)
    upload = server.ask("POST", "/v1/uploads", content=CSV).json()["upload_id"]

    def delivered(_: int) -> tuple[int, str | None]:
        once = {"Idempotency-Key": "once"}
        answer = server.ask("POST", "/v1/reports", json={"uploads": [upload]}, headers=once)
        return answer.status_code, answer.json().get("job_id")

    with ThreadPoolExecutor(24) as many:
        answers = set(many.map(delivered, range(24)))

    assert {status for status, _ in answers} == {202}
    assert len(answers) == 1


def test_a_cancelled_job_stops_what_runs(on_sqlite: Server) -> None:
    slow = b"".join([CSV, b"2026-05-01T10:00:02Z,s1,click,/a\n" * 2_000_000])
    job = ordered(on_sqlite, slow, "slow")
    on_sqlite.wait(lambda: bool(on_sqlite.pids("child")), "running")

    on_sqlite.ask("DELETE", f"/v1/jobs/{job}")

    on_sqlite.wait(lambda: not on_sqlite.pids("child"), "stopped", 10)
    assert on_sqlite.ask("GET", f"/v1/jobs/{job}").json()["state"] == "cancelled"


def test_a_server_that_is_told_to_end_does_so_and_loses_nothing(on_sqlite: Server) -> None:
    job = ordered(on_sqlite, CSV * 3, "term")
    started = time.monotonic()
    assert on_sqlite.stop(signal.SIGTERM) in (0, 128 + signal.SIGTERM)
    took = time.monotonic() - started
    on_sqlite.start()

    assert took <= 30
    assert report(on_sqlite, job)


def test_a_database_that_restarts_under_load_costs_nothing(on_postgres: Server, database: Any) -> None:
    with ThreadPoolExecutor(4) as many:
        ordering = many.map(lambda n: ordered(on_postgres, CSV * (4 + n), f"before-{n}"), range(5))
        time.sleep(0.5)
        restarted(database)
        started = time.monotonic()
        ordered(on_postgres, CSV * 3, "after")
        took = time.monotonic() - started
        jobs = list(ordering)

    print(f"PostgreSQL restarted under load: a job was accepted after {took:.1f} s")
    assert took <= 10
    assert len(set(jobs)) == len(jobs)
    assert all(report(on_postgres, job) for job in jobs)


def test_a_job_whose_taker_never_heard_of_it_is_carried_out(on_postgres: Server) -> None:
    before = ordered(on_postgres, CSV, "heard")
    assert report(on_postgres, before)
    for pid in on_postgres.pids("worker"):
        os.kill(pid, signal.SIGSTOP)
    job = ordered(on_postgres, CSV * 2, "unheard")
    as_if_taken_by_who_carried_out(on_postgres, job, before)
    for pid in on_postgres.pids("worker"):
        os.kill(pid, signal.SIGCONT)

    assert report(on_postgres, job)


def as_if_taken_by_who_carried_out(server: Server, job: str, before: str) -> None:
    """The line notes the taker of the earlier job for this one, and the answer is lost."""
    assert server.database is not None
    with psycopg.connect(server.database) as connection:
        (table,) = connection.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'workflow_status'"
        ).fetchone() or ("",)
        taken = connection.execute(
            f"UPDATE {table}.workflow_status SET status = 'PENDING', executor_id ="
            f" (SELECT executor_id FROM {table}.workflow_status WHERE workflow_uuid = %s)"
            " WHERE workflow_uuid = %s AND status = 'ENQUEUED'",
            (before, job),
        )
        assert taken.rowcount == 1
