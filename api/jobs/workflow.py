"""The steps of a job as the durable engine knows them: what has ended is not done again when a worker was lost."""

from __future__ import annotations

import logging
from typing import Any

from dbos import DBOS

from friction.errors import FrictionError

from .analysis import Bench, begin, carry_out, failed, finish, keep
from .missed import at_work
from .queue import WORKFLOW

LOG = logging.getLogger("friction.jobs")
PATIENCE = 6
"""Tries of a step that only speaks to the store, pauses doubling: half a minute without it is survived."""
_BENCH: list[Bench] = []


def furnish(bench: Bench) -> None:
    """Say what the steps of this process work with."""
    _BENCH[:] = [bench]


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=100)
def analysis(job_id: str) -> str:
    """Carry out one job; its state in the store when this ends."""
    with at_work(job_id):
        return _ended(job_id)


def _ended(job_id: str) -> str:
    if not _begin(job_id):
        return "over"
    try:
        outcome = _carry_out(job_id)
    except Exception:
        LOG.exception("a job failed by our own fault", extra={"job_id": job_id})
        outcome = failed()
    state = _finish(job_id, outcome)
    if outcome.get("later"):
        _keep(job_id, outcome["forgotten"])
    return state


@DBOS.step(name="begin", retries_allowed=True, max_attempts=PATIENCE, interval_seconds=1.0)
def _begin(job_id: str) -> bool:
    return begin(_BENCH[0], job_id)


@DBOS.step(name="carry out", retries_allowed=True, max_attempts=3, interval_seconds=1.0)
def _carry_out(job_id: str) -> dict[str, Any]:
    return carry_out(_BENCH[0], job_id)


@DBOS.step(name="finish", retries_allowed=True, max_attempts=PATIENCE, interval_seconds=1.0)
def _finish(job_id: str, outcome: dict[str, Any]) -> str:
    return finish(_BENCH[0], job_id, outcome)


@DBOS.step(name="keep", retries_allowed=True, max_attempts=3, interval_seconds=1.0)
def _keep(job_id: str, known: int) -> None:
    try:
        keep(_BENCH[0], job_id, known)
    except FrictionError:  # the report is there; its uploads stay until their time is over
        LOG.exception("uploads could not be put into the lake", extra={"job_id": job_id})
