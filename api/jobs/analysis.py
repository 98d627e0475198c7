"""The steps of one job. Each may be carried out twice, after a worker was lost in the middle, and the end is the same:
the result is a file under the job's own name that appears only when it is complete.

Large uploads are read once, into the lake, and analysed from there. Small ones are analysed at once and put into the
lake when their report is there (`keep`): reading them twice costs a moment of the machine and none of the reader's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from friction import isolate
from friction.errors import FrictionError, InternalError
from friction.files import write
from friction.isolate import memory
from friction.lake import Lake, is_dataset

from .. import erasure, lake
from ..folder import DataFolder
from ..hooks import tell
from ..keyed import with_key
from ..store import Scope, Store, erased, jobs, reports, uploads
from .queue import GAVE_UP

ATTEMPTS = 5
"""Beginnings of one job; after so many lost workers it is the job that ends them."""
SEEN_S = 0.2
"""Between two notes of how far a stage is."""
QUICK_BYTES = 64_000_000
"""Uploads of at most so many bytes together are analysed first and kept afterwards."""


@dataclass(frozen=True)
class Bench:
    """What a worker works with: the store, the folder, how many jobs share the machine, and a child that waits."""

    store: Store
    folder: DataFolder
    at_once: int
    spare: isolate.Spare | None = None


def begin(bench: Bench, job_id: str) -> bool:
    """Take the job on; false when it was cancelled or has failed too often."""
    with bench.store.write() as scope:
        job = jobs.get(scope, job_id)
        if job is not None and job.attempts >= ATTEMPTS:
            jobs.end(scope, job_id, "failed", GAVE_UP)
        return jobs.begin(scope, job_id)


def carry_out(bench: Bench, job_id: str) -> dict[str, Any]:
    """Analyse in a child process: the `bytes` of the report, the `problem` of the input, or `cancelled`; `later` where
    `keep` is still to be done."""
    with bench.store.read() as scope:
        job = jobs.get(scope, job_id)
        if job is None or job.is_over:
            return {"cancelled": True}
        sent = [each for each in (uploads.get(scope, one) for one in job.uploads) if each]
    with bench.store.read(job.project_id) as scope:
        known = len(erased.several(scope))
    try:
        if job.kind == erasure.KIND:
            return erasure.carry_out(bench, job)
        later = {"later": True} if _is_quick(bench, job, sent, known) else {}
        return {**_analysed(bench, job, sent, at_once=bool(later)), "forgotten": known, **later}
    except isolate.Stopped:
        return {"cancelled": True, "forgotten": known}
    except InternalError:
        raise
    except FrictionError as error:
        problem = {**error.problem.as_dict(), "status": error.status}
        return {"problem": problem, "forgotten": known}


def failed() -> dict[str, Any]:
    """The outcome of a job that could not be carried out by our own fault; the log has the details."""
    unexpected = InternalError(
        "internal.unexpected",
        "friction could not finish this analysis",
        remedy="send it once more; the log of the service says what happened",
    )
    return {"problem": {**unexpected.problem.as_dict(), "status": unexpected.status}}


def planned(bench: Bench, job: jobs.Job, sent: Sequence[uploads.Upload]) -> dict[str, Any]:
    """What the child is to do for this job: read the uploads into the lake unless they are there, and analyse them
    from there, without the visitors who are to stay forgotten."""
    with bench.store.read(job.project_id) as scope:
        forgotten = erased.several(scope)
    settings = with_key(bench.folder, job.project_id, json.loads(json.dumps(job.settings)))
    limits = settings.setdefault("limits", {})
    limits["memory"] = limits.get("memory") or memory.ceiling(bench.at_once)
    return {
        "command": "analyze",
        "inputs": [str(bench.folder.upload(upload)) for upload in job.uploads],
        "names": [each.name for each in sent],
        "dataset": str(lake.dataset(bench.folder, sent, job.settings)),
        "forgotten": forgotten,
        "settings": settings,
        "output": "report.json",
        "beside": str(bench.folder.beside(job.report_id)),
    }


def _is_quick(bench: Bench, job: jobs.Job, sent: Sequence[uploads.Upload], forgotten: int) -> bool:
    """Whether the uploads themselves can be analysed; somebody who is to stay forgotten is taken out in the lake."""
    is_small = sum(each.bytes for each in sent) <= QUICK_BYTES and all(each.is_stored for each in sent)
    return is_small and not forgotten and not is_dataset(lake.dataset(bench.folder, sent, job.settings))


def _analysed(
    bench: Bench, job: jobs.Job, sent: Sequence[uploads.Upload], *, at_once: bool
) -> dict[str, Any]:
    bench.folder.report(job.report_id)  # so that there is a folder
    plan = planned(bench, job, sent) | {"listed": str(bench.folder.listed(job.report_id))}
    if at_once:
        del plan["dataset"]
    heard = _Follower(bench.store, job.id)
    with isolate.workspace():
        done = isolate.run(plan, progress=heard.progress, stop=heard.is_over, spare=bench.spare)
        content = done.read_bytes()
    write(bench.folder.report(job.report_id), content)
    return {"bytes": len(content)}


class _Follower:
    """Writes down how far a job is, and hears whether it is still wanted.

    A store that is away for a while neither ends the work nor the watch over it: both come through here.
    """

    def __init__(self, store: Store, job_id: str) -> None:
        self._store, self._job_id = store, job_id
        self._stage, self._written = "", 0.0

    def progress(self, message: dict[str, Any]) -> None:
        """One line of the child: each new stage at once, of the same one as many as somebody could see."""
        if message["stage"] == self._stage and time.monotonic() - self._written < SEEN_S:
            return
        self._stage, self._written = message["stage"], time.monotonic()
        with suppress(SQLAlchemyError), self._store.write() as scope:
            said = str(message["stage"]), float(message.get("share", 0.0)), int(message.get("rows", 0))
            jobs.advance(scope, self._job_id, *said)

    def is_over(self) -> bool:
        """Whether somebody has ended the job."""
        with suppress(SQLAlchemyError), self._store.read() as scope:
            job = jobs.get(scope, self._job_id)
            return job is None or job.is_over
        return False


def _announced(scope: Scope, job: jobs.Job) -> dict[str, Any]:
    """What a webhook hears of a report: where it is and how much is in it, none of its contents."""
    report = reports.get(scope, job.report_id)
    assert report is not None
    books = {name: report.summary["input"][name] for name in ("events", "sessions", "start", "end")}
    return {"report_id": report.id, "job_id": job.id, "points": report.summary["points"], **books}


def _empty_spool(bench: Bench, job: jobs.Job) -> None:
    """Remove the uploads whose events are in the lake now and that no other job needs as they were sent."""
    with bench.store.write(job.project_id) as scope:
        sent = [each for each in (uploads.get(scope, one) for one in job.uploads) if each]
        if not is_dataset(lake.dataset(bench.folder, sent, job.settings)):
            return
        gone = [each.id for each in sent if not jobs.using(scope, each.id)]
        for upload_id in gone:
            uploads.kept(scope, upload_id)
            bench.folder.forget_upload(upload_id)


def finish(bench: Bench, job_id: str, outcome: dict[str, Any]) -> str:
    """Make the report visible and end the job, in one transaction; the job's state."""
    with bench.store.read() as scope:
        job = jobs.get(scope, job_id)
    if job is None:
        return "gone"
    if "problem" in outcome:
        with bench.store.write(job.project_id) as scope:
            jobs.end(scope, job_id, "failed", outcome["problem"])
    elif "bytes" in outcome and not job.is_over:
        written = bench.folder.report(job.report_id).read_bytes()
        with bench.store.write(job.project_id) as scope:
            if jobs.end(scope, job_id, "succeeded"):
                reports.publish(scope, job.report_id, job_id, written)
                tell(scope, "report.ready", _announced(scope, job))
        bench.folder.listed(job.report_id).unlink(missing_ok=True)
    elif "erased" in outcome:
        with bench.store.write(job.project_id) as scope:
            jobs.note(scope, job_id, {})
            jobs.end(scope, job_id, "succeeded")
    if "forgotten" in outcome and "later" not in outcome:
        with bench.store.write(job.project_id) as scope:
            erasure.follow(scope, outcome["forgotten"])
    with bench.store.read() as scope:
        ended = jobs.get(scope, job_id)
    if ended is None or ended.state != "succeeded":
        bench.folder.forget_report(job.report_id)
    elif job.uploads:
        _empty_spool(bench, job)
    return ended.state if ended is not None else "gone"


def keep(bench: Bench, job_id: str, known: int) -> None:
    """Put what was analysed at once into the lake, with the recordings of its report; then the uploads can go.

    Whoever is to be forgotten since then (`known` are those before) is forgotten afterwards, also in the report.
    """
    with bench.store.read() as scope:
        job = jobs.get(scope, job_id)
    if job is None:
        return
    try:
        if job.state == "succeeded":
            with erasure.alone(bench, job.project_id, shared=True):
                kept(bench, job)
    finally:
        with bench.store.write(job.project_id) as scope:
            erasure.follow(scope, known)


def kept(bench: Bench, job: jobs.Job) -> None:
    """Put the uploads of a job into the lake, unless they are gone."""
    if not all(each.is_stored for each in _sent(bench, job)):
        return
    plan = planned(bench, job, _sent(bench, job)) | {"command": "keep", "forgotten": []}
    with isolate.workspace():
        isolate.run(plan)
    dataset = lake.dataset(bench.folder, sent := _sent(bench, job), job.settings)
    if all(each.is_stored or each.is_kept for each in sent):
        _empty_spool(bench, job)
    else:  # removed meanwhile, and what was read of it goes with it
        Lake(bench.folder.lake).remove(job.project_id, dataset.name)


def _sent(bench: Bench, job: jobs.Job) -> list[uploads.Upload]:
    with bench.store.read() as scope:
        return [each for each in (uploads.get(scope, one) for one in job.uploads) if each]
