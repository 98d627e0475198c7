"""The server's side of the jobs: hand them over, and find again what was lost on the way."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from friction.errors import Problem

from ..store import Store, jobs, workers
from ..store.jobs import Job

NAME = "analyses"
WORKFLOW = "analysis"
LINES = {WORKFLOW: NAME, "scan": "scans"}
"""Workflow → the line in which it waits."""
APPLICATION = "friction"
VERSION = "1"
"""Of the steps, not of friction: it changes only when a job begun by the old steps cannot be ended by the new."""


def prepare(url: str) -> None:
    """Make or renew the job engine's own tables; the server does so before it takes requests."""
    DBOS.migrate(url)


class Queue:
    """The line of waiting jobs, seen from outside the workers."""

    def __init__(self, url: str) -> None:
        self._client = DBOSClient(
            system_database_url=url,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            retry_connection_errors=False,
        )

    def put(self, job: Job) -> None:
        """Enqueue the job; once more is harmless."""
        self._client.enqueue(
            {
                "workflow_name": WORKFLOW,
                "queue_name": NAME,
                "workflow_id": job.id,
                "app_version": VERSION,
                "queue_partition_key": job.project_id,
            },
            job.id,
        )

    @property
    def client(self) -> DBOSClient:
        """The engine, for other lines."""
        return self._client

    def take_over(self, worker_id: str, only: Set[str] | None = None) -> list[str]:
        """Put what a worker had begun back into its lines, all of it or `only` these; the ids."""
        found = []
        for workflow, line in LINES.items():
            held = self._client.list_workflows(
                status="PENDING", executor_id=worker_id, name=workflow, load_input=False, load_output=False
            )
            if ids := [each.workflow_id for each in held if only is None or each.workflow_id in only]:
                self._client.resume_workflows(ids, queue_name=line)
                found += ids
        return found

    def begun_by(self, worker_id: str) -> set[str]:
        """What a worker has taken from the lines and not ended."""
        held = self._client.list_workflows(
            status="PENDING", executor_id=worker_id, name=list(LINES), load_input=False, load_output=False
        )
        return {each.workflow_id for each in held}

    def held_by(self) -> set[str]:
        """The workers that have begun something of ours and not ended it, alive or not."""
        held = self._client.list_workflows(
            status="PENDING", name=list(LINES), load_input=False, load_output=False
        )
        return {each.executor_id for each in held if each.executor_id}

    def ended(self, ids: list[str]) -> set[str]:
        """Which of these jobs the engine has given up, whatever the store says of them."""
        over = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        found = self._client.list_workflows(
            workflow_ids=ids, status=over, load_input=False, load_output=False
        )
        return {each.workflow_id for each in found}

    def close(self) -> None:
        """Give the connections back."""
        self._client.destroy()


GAVE_UP: dict[str, Any] = {
    **Problem(
        "job.gave_up",
        "the analysis was begun several times and never came to an end",
        remedy="the log of the service says what happened; try a shorter period",
    ).as_dict(),
    "status": 500,
}


def sweep(store: Store, queue: Queue) -> None:
    """Enqueue what was accepted and is unknown to the engine, free what gone workers held, end what it gave up.

    Gone is also who has given back its lease while something of it still ran: told to end, a worker waits for it only
    so long. Holders are asked for first, since who has begun something had a lease before.
    """
    holders = queue.held_by()
    with store.read() as scope:
        open_jobs, expired, alive = jobs.waiting(scope), workers.gone(scope), workers.alive(scope)
    for job in open_jobs:
        queue.put(job)
    for worker_id in sorted({*expired, *holders}.difference(alive)):
        queue.take_over(worker_id)
        with store.write() as scope:
            workers.release(scope, worker_id)
    given_up = queue.ended([job.id for job in open_jobs]) if open_jobs else set()
    for job_id in sorted(given_up):
        with store.write() as scope:
            jobs.end(scope, job_id, "failed", GAVE_UP)
