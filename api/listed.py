"""Reports that are being completed: the list of friction points is there, what takes longer follows.

An analysis writes down its list as soon as the points are ranked, and goes on with the journey, sessions and
recordings. Until its job ends the pages show that list, which does not change any more, and say what follows; as a
report of the API there is only the whole one. A job that is begun again, after a worker was lost, leaves the list where
it is; one that fails or is cancelled takes it along.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress

from .service import Service
from .store import jobs, reports
from .store.jobs import Job
from .store.reports import ReportRow


def document(service: Service, job: Job) -> bytes | None:
    """The report of a job that runs, all there but its journey; null as long as there is no list."""
    if job.state == "running":
        with suppress(FileNotFoundError):
            return service.folder.listed(job.report_id).read_bytes()
    return None


def early(service: Service, report_id: str) -> tuple[ReportRow, bytes] | None:
    """A report that is being completed as it is so far; null where there is none."""
    with service.store.read(service.project) as scope:
        job = jobs.making(scope, report_id)
    written = document(service, job) if job is not None else None
    if job is None or written is None:
        return None
    summary, digest = reports.summary(json.loads(written)), hashlib.sha256(written).hexdigest()
    began = job.started or job.created
    row = ReportRow(
        report_id, job.project_id, job.id, digest, len(written), summary, began, is_complete=False
    )
    return row, written
