"""What a worker had begun and did not end is taken over, however that worker went away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from api.clock import new_id
from api.jobs.missed import Missed, at_work
from api.jobs.queue import Queue, sweep
from api.service import Service
from api.store import jobs, workers


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service.open(tmp_path / "data")
    yield service
    service.queue.close()
    service.store.close()


@pytest.fixture
def job(service: Service) -> str:
    found = new_id("job")
    with service.store.write(service.project) as scope:
        jobs.add(scope, found, new_id("rep"), [], {})
    sweep(service.store, service.queue)
    return found


def begun(service: Service, job: str, worker: str) -> None:
    """As if `worker` had taken the job from the line."""
    engine = sa.create_engine(service.folder.jobs_url)
    with engine.begin() as connection:
        held = sa.text(
            "UPDATE workflow_status SET status = 'PENDING', executor_id = :worker WHERE workflow_uuid = :job"
        )
        assert connection.execute(held, {"worker": worker, "job": job}).rowcount == 1
    engine.dispose()


def state(queue: Queue, job: str) -> str:
    client: DBOSClient = queue.client
    return str(client.list_workflows(workflow_ids=[job])[0].status)


def test_what_was_begun_by_one_who_has_left_is_taken_over(service: Service, job: str) -> None:
    begun(service, job, "left")

    sweep(service.store, service.queue)

    assert state(service.queue, job) == "ENQUEUED"


def test_what_a_worker_is_at_stays_with_it(service: Service, job: str) -> None:
    with service.store.write() as scope:
        workers.renew(scope, "here")
    begun(service, job, "here")

    sweep(service.store, service.queue)

    assert state(service.queue, job) == "PENDING"


def test_what_a_worker_was_given_and_never_began_goes_back_into_the_line(service: Service, job: str) -> None:
    missed = Missed("here")
    begun(service, job, "here")

    assert missed.sweep(service.queue) == []
    assert missed.sweep(service.queue) == [job]
    assert state(service.queue, job) == "ENQUEUED"


def test_what_a_worker_carries_out_is_not_put_back(service: Service, job: str) -> None:
    missed = Missed("here")
    begun(service, job, "here")

    with at_work(job):
        assert [missed.sweep(service.queue) for _ in range(3)] == [[], [], []]
    assert state(service.queue, job) == "PENDING"
