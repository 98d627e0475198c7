"""Forgetting a visitor, as a job. Done twice it has done the same.

1. What a report was made of and is not in the lake yet is put there: only from there it can be computed anew.
   Whatever else waits in the spool as it was sent goes, since it may hold the visitor's own id; what a job still needs
   goes with that job, and this one comes again after it.
2. The visitor's sessions go out of every data set of the lake.
3. Reports whose events are there are computed anew: they are then what an analysis without the visitor is. Of older
   ones the visitor's evidence goes, and the sums stay, which name nobody. So with those of nightly scans.
4. Other forms of these reports, sessions and recordings beside them, and what was looked up in files go.
5. The database writes its log into its file, so that nothing is left in either.

The visitor stays on the list of those who are forgotten (`store.erased`), as a keyed hash.
"""

from __future__ import annotations

import fcntl
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction import isolate
from friction.errors import FrictionError
from friction.lake import Lake, erase_plan, is_dataset

from . import evidence, lake
from .clock import new_id, now
from .keyed import with_key
from .nights.carrying import Yard
from .nights.forgetting import is_of_night, renewed
from .store import Scope, Store, audit, drops, erased, jobs, reports, uploads
from .store.jobs import Job
from .store.reports import ReportRow

if TYPE_CHECKING:
    from .jobs.analysis import Bench

LOG = logging.getLogger("friction.jobs")
KIND = "erasure"
ACTOR = "erasure"


def order(scope: Scope, visitor: str) -> Job:
    """The job that forgets this keyed visitor, who stays forgotten from now on."""
    erased.add(scope, visitor)
    job_id = new_id("job")
    jobs.add(scope, job_id, new_id("ers"), [], {"visitor": visitor}, KIND)
    job = jobs.get(scope, job_id)
    assert job is not None
    return job


def follow(scope: Scope, known: int) -> None:
    """A job has ended that knew of the first `known` forgotten visitors only: forget the others once more."""
    for visitor in erased.several(scope)[known:]:
        order(scope, visitor)


def carry_out(bench: Bench, job: Job) -> dict[str, Any]:
    """Do it; how many data sets and reports were changed. One after the other in a project: whoever comes second finds
    the reports as the first has left them."""
    with alone(bench, job.project_id):
        with bench.store.read(job.project_id) as scope:
            current = jobs.get(scope, job.id)
        if current is None or current.is_over:
            return {"cancelled": True}
        return _forgotten(bench, current)


@contextmanager
def alone(bench: Bench, project: str, *, shared: bool = False) -> Iterator[None]:
    """Nobody else is forgotten in the project meanwhile; those who ask `shared` may be several at a time."""
    with (bench.folder.root / f"erasing-{project}.lock").open("ab") as file:
        # let go when the file is closed, or the process is gone
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def _forgotten(bench: Bench, job: Job) -> dict[str, Any]:
    visitor = str(job.settings["visitor"])
    _into_lake(bench, job.project_id)
    _empty_spool(bench, job.project_id)
    touched = _out_of_lake(bench, job, visitor)
    with bench.store.read(job.project_id) as scope:
        found = reports.older(scope, now())
    changed = sum(_out_of_report(bench, row, visitor, touched) for row in found)
    with bench.store.write(job.project_id) as scope:
        drops.forget_looks(scope)
        audit.note(scope, ACTOR, "forgotten", job.id)
    settle(bench.store)
    return {"erased": {"datasets": len(touched), "reports": changed}}


def _into_lake(bench: Bench, project: str) -> None:
    """Reports of uploads that were analysed as they were sent: `keep` would come too late for them."""
    from .jobs.analysis import kept

    with bench.store.read(project) as scope:
        if not any(each.is_stored for each in uploads.expired(scope, now())):
            return
        found = reports.older(scope, now())
    for row in found:
        dataset, sent, job = _source(bench, row)
        if job is None or dataset is None or is_dataset(dataset) or not all(each.is_stored for each in sent):
            continue
        try:
            kept(bench, job)
        except FrictionError:  # it cannot be computed anew then; the evidence goes all the same
            LOG.exception("a report's uploads could not be put into the lake", extra={"job_id": job.id})


def _empty_spool(bench: Bench, project: str) -> None:
    with bench.store.write(project) as scope:
        stored = [each for each in uploads.expired(scope, now()) if each.is_stored]
        waiting = [each for each in stored if not jobs.using(scope, each.id)]
        for upload in waiting:
            gone = uploads.kept if lake.holds(bench.folder, upload) else uploads.removed
            gone(scope, upload.id)
    for upload in waiting:
        bench.folder.forget_upload(upload.id)


def _out_of_lake(bench: Bench, job: Job, visitor: str) -> set[str]:
    """The data sets that the visitor was in. Each is noted before it is changed, for whoever comes after a crash."""
    lakes = Lake(bench.folder.lake)
    touched = set(job.settings.get("touched", []))
    settings = with_key(bench.folder, job.project_id, {})
    for name in lakes.datasets(job.project_id):
        _note(bench, job, {*touched, name})
        plan = erase_plan(lakes.folder(job.project_id, name), [visitor], settings)
        with isolate.workspace():
            went = json.loads(isolate.run(plan).read_bytes())
        if went["files"]:
            touched.add(name)
        _note(bench, job, touched)
    return touched


def _note(bench: Bench, job: Job, touched: set[str]) -> None:
    with bench.store.write(job.project_id) as scope:
        jobs.note(scope, job.id, {**job.settings, "touched": sorted(touched)})


def _out_of_report(bench: Bench, row: ReportRow, visitor: str, touched: set[str]) -> bool:
    """Whether the report has changed."""
    theirs = evidence.forget(bench.folder, row.id, visitor)
    before = bench.folder.report(row.id)
    if not before.is_file():
        return False
    if is_of_night(row):
        written = renewed(Yard(bench.store, bench.folder), row, touched)
        return evidence.rewrite(bench.store, bench.folder, row, written)
    dataset, sent, job = _source(bench, row)
    is_there = dataset is not None and is_dataset(dataset)
    if job is not None and dataset is not None and dataset.name in touched and is_there:
        written = _computed(bench, job, sent)
    else:
        written = evidence.without(before.read_bytes(), theirs) if theirs else before.read_bytes()
    return evidence.rewrite(bench.store, bench.folder, row, written)


def _source(bench: Bench, row: ReportRow) -> tuple[Path | None, Sequence[uploads.Upload], Job | None]:
    """The data set that a report was made from, its uploads and its job, as far as they are known."""
    with bench.store.read(row.project_id) as scope:
        job = jobs.get(scope, row.job_id)
        sent = [each for each in (uploads.get(scope, one) for one in (job.uploads if job else [])) if each]
    return (lake.dataset(bench.folder, sent, job.settings) if job and sent else None), sent, job


def _computed(bench: Bench, job: Job, sent: Sequence[uploads.Upload]) -> bytes:
    from .jobs.analysis import planned

    with isolate.workspace():
        return isolate.run(planned(bench, job, sent)).read_bytes()


def settle(store: Store) -> None:
    """Let nothing that was removed be left in the log of the database. PostgreSQL does so by itself, in time."""
    if not store.is_postgres:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
