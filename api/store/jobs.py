"""Jobs: what is to be done, how far it is, how it ended. What a user sees of a job is read from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..clock import now
from .scope import Scope
from .tables import deliveries, jobs

FINAL = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """One job. `share` is what is done of `stage` (0–1); `version` grows with each change."""

    id: str
    project_id: str
    kind: str
    """`analysis` or `erasure`; only the first makes a report."""
    report_id: str
    state: str
    stage: str | None
    share: float
    rows: int
    version: int
    attempts: int
    uploads: list[str]
    settings: dict[str, Any]
    problem: dict[str, Any] | None
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in FINAL


def add(
    scope: Scope,
    job_id: str,
    report_id: str,
    uploads: Sequence[str],
    settings: Mapping[str, Any],
    kind: str = "analysis",
) -> None:
    """A job that waits."""
    row = {
        "id": job_id,
        "report_id": report_id,
        "state": "queued",
        "share": 0.0,
        "rows": 0,
        "version": 1,
        "kind": kind,
    }
    row |= {"attempts": 0, "uploads": list(uploads), "settings": dict(settings), "created": now()}
    scope.add(jobs, row)


def get(scope: Scope, job_id: str) -> Job | None:
    """The job; null when there is none in this project."""
    row = scope.first(scope.all(jobs).where(jobs.c.id == job_id))
    return None if row is None else Job(**row)


def waiting(scope: Scope) -> list[Job]:
    """All jobs that are not over, the oldest first."""
    chosen = scope.all(jobs).where(jobs.c.state.in_(("queued", "running")))
    return [Job(**row) for row in scope.rows(chosen.order_by(jobs.c.created, jobs.c.id))]


def making(scope: Scope, report_id: str) -> Job | None:
    """The job that is at this report now; null where none is."""
    chosen = scope.all(jobs).where(jobs.c.report_id == report_id, jobs.c.state == "running")
    row = scope.first(chosen)
    return None if row is None else Job(**row)


def count_waiting(scope: Scope) -> int:
    """How many jobs are not over."""
    chosen = scope.all(jobs).where(jobs.c.state.in_(("queued", "running"))).subquery()
    return int(scope.connection.execute(sa.select(sa.func.count()).select_from(chosen)).scalar_one())


def using(scope: Scope, upload_id: str) -> list[Job]:
    """Jobs that are not over and still need this upload."""
    return [job for job in waiting(scope) if upload_id in job.uploads]


def begin(scope: Scope, job_id: str) -> bool:
    """A worker takes it on, perhaps once more after another was lost; false when it is over."""
    changes = {
        "state": "running",
        "attempts": jobs.c.attempts + 1,
        "started": sa.func.coalesce(jobs.c.started, now()),
    }
    return _change(scope, job_id, {**changes, "stage": "starting", "share": 0.0, "rows": 0})


def advance(scope: Scope, job_id: str, stage: str, share: float, rows: int) -> bool:
    """How far it is; false when it is over, so that the work can stop."""
    return _change(scope, job_id, {"stage": stage, "share": share, "rows": rows})


def end(scope: Scope, job_id: str, state: str, problem: Mapping[str, Any] | None = None) -> bool:
    """Its final state; false when it had one already."""
    values = {"state": state, "problem": problem, "ended": now(), "stage": None}
    return _change(scope, job_id, values | ({"share": 1.0} if state == "succeeded" else {}))


def note(scope: Scope, job_id: str, settings: Mapping[str, Any]) -> None:
    """Keep what a job has to know if it is begun again, or forget what it no longer needs."""
    scope.run(scope.change(jobs).where(jobs.c.id == job_id).values(settings=dict(settings)))


def _change(scope: Scope, job_id: str, values: Mapping[str, Any]) -> bool:
    still = (jobs.c.id == job_id, jobs.c.state.not_in(FINAL))
    return scope.run(scope.change(jobs).where(*still).values(**values, version=jobs.c.version + 1)) == 1


def delivered(scope: Scope, key: str) -> tuple[str, str] | None:
    """The digest of the request that first came with this key, and the job it made; null for a new key."""
    row = scope.first(scope.all(deliveries).where(deliveries.c.key == key))
    return None if row is None else (row["request_sha256"], row["job_id"])


def deliver(scope: Scope, key: str, request_sha256: str, job_id: str) -> None:
    """Remember which job this key has made."""
    row = {"key": key, "request_sha256": request_sha256, "job_id": job_id, "created": now()}
    scope.add(deliveries, row)


def forget(scope: Scope, before: dt.datetime) -> None:
    """Remove jobs that ended before this time, and the keys under which they were asked for."""
    scope.run(scope.remove(jobs).where(jobs.c.ended < before))
    scope.run(scope.remove(deliveries).where(deliveries.c.created < before))
