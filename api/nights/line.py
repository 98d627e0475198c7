"""The line of scans: one of a project at a time, each night once."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from dbos import DBOS, DBOSClient

from friction.errors import InternalError
from friction.nightly.calendar import due

from ..clock import now
from ..jobs.missed import at_work
from ..jobs.queue import VERSION
from ..store import Scope, Store, nights
from .carrying import Yard, carry_out, failed, send_all

LOG = logging.getLogger("friction.nights")
NAME, WORKFLOW = "scans", "scan"
PATIENCE = 3
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (10, 40, 160, 320))
"""After each failure of a night, before it is tried once more; after the last it waits for the next night, or for
somebody to start it."""
_YARD: list[Yard] = []


def furnish(yard: Yard) -> None:
    """Say where the steps of this process work."""
    _YARD[:] = [yard]


def register(poll_s: float) -> None:
    """The queue of a worker that has been launched: the scans of a project one after the other."""
    DBOS.register_queue(
        NAME,
        worker_concurrency=1,
        partition_concurrency=1,
        polling_interval_sec=poll_s,
        on_conflict="always_update",
    )


def put(client: DBOSClient, project: str, scan_id: str) -> None:
    """Put a scan into the line; once more is harmless."""
    client.enqueue(
        {
            "workflow_name": WORKFLOW,
            "queue_name": NAME,
            "workflow_id": scan_id,
            "app_version": VERSION,
            "queue_partition_key": project,
        },
        project,
        scan_id,
    )


def of_night(project: str, night: str) -> str:
    """The id of the scan that the schedule asks for: one a night, whatever the clock does."""
    return f"{project}-{night}"


def sweep(store: Store, client: DBOSClient) -> None:
    """Ask for the nights that are due, also those that were missed, and for scans that were noted and got lost."""
    with store.read() as scope:
        schedules = nights.every(scope)
    moment = now()
    for each in schedules:
        night = due(moment, each.zone, each.at or "00:00", each.late_hours)
        if each.last_night is None or night > each.last_night:
            with store.write(each.project_id) as scope:
                if (scan_id := _wanted(scope, of_night(each.project_id, night), moment)) is not None:
                    nights.add_scan(scope, scan_id, night)
    with store.read() as scope:
        waiting = nights.open_scans(scope)
    for scan in waiting:
        put(client, scan.project_id, scan.id)


def _wanted(scope: Scope, scan_id: str, moment: dt.datetime) -> str | None:
    """The scan of the night to be asked for now: the first, or the next after one that failed a while ago."""
    tried = nights.tries(scope, scan_id)
    if not tried:
        return scan_id
    last, again = tried[-1], len(tried)
    if last.state != "failed" or last.ended is None or again > len(WAITS):
        return None
    return nights.repeated(scan_id, again + 1) if moment >= last.ended + WAITS[again - 1] else None


def deliver() -> None:
    """Send messages that wait; for a worker's regular round."""
    send_all(_YARD[0])


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=100)
def scan(project: str, scan_id: str) -> str:
    """Carry out one scan; its state in the end."""
    with at_work(scan_id):
        try:
            return _carry_out(project, scan_id)
        except Exception:
            LOG.exception("a scan failed by our own fault", extra={"scan_id": scan_id})
            return _fail(project, scan_id)


@DBOS.step(name="scan", retries_allowed=True, max_attempts=PATIENCE, interval_seconds=1.0)
def _carry_out(project: str, scan_id: str) -> str:
    return carry_out(_YARD[0], project, scan_id)


@DBOS.step(name="fail", retries_allowed=True, max_attempts=6, interval_seconds=1.0)
def _fail(project: str, scan_id: str) -> str:
    fault = InternalError(
        "internal.unexpected",
        "friction could not finish this scan",
        remedy="start it once more; the log of the service says what happened",
    )
    problem: dict[str, Any] = {**fault.problem.as_dict(), "status": fault.status}
    return failed(_YARD[0], project, scan_id, problem)
