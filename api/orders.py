"""From a request for a report to a job in the line: the job's row first, the line afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from . import lake, settled
from .clock import new_id
from .errors import Refused, busy
from .keyed import without_key
from .service import Service
from .store import Scope, jobs, uploads
from .store.jobs import Job


def order(service: Service, ids: Sequence[str], settings: dict[str, Any], key: str | None = None) -> Job:
    """The job for a report of these uploads; with an `Idempotency-Key` that is known, the job it made before.

    Raises `Refused` when an upload is not there, the key stands for another request, or too many jobs wait.
    """
    settings = without_key(settings)
    try:
        job = _ordered(service, ids, settings, key)
    except IntegrityError:  # the same key came twice at one moment: the other delivery has made the job
        job = _ordered(service, ids, settings, key)
    if not job.is_over:
        service.queue.put(job)
    return job


def _ordered(service: Service, ids: Sequence[str], settings: dict[str, Any], key: str | None) -> Job:
    digest = hashlib.sha256(json.dumps([list(ids), settings], sort_keys=True).encode()).hexdigest()
    with service.store.write(service.project) as scope:
        job = _before(scope, key, digest) if key is not None else None
        if job is None:
            job = _new(service, scope, ids, settings)
            if key is not None:
                jobs.deliver(scope, key, digest, job.id)
    return job


def _before(scope: Scope, key: str, digest: str) -> Job | None:
    known = jobs.delivered(scope, key)
    if known is None:
        return None
    if known[0] != digest:
        remedy = "use a new key for a new request"
        raise Refused(
            409, "request.key_reused", "this Idempotency-Key came with another request", remedy=remedy
        )
    return jobs.get(scope, known[1])


def _new(service: Service, scope: Scope, ids: Sequence[str], settings: dict[str, Any]) -> Job:
    settings = settled.under(scope, settings)
    sent = [uploads.get(scope, upload_id) for upload_id in ids]
    if not lake.is_usable(service.folder, sent, settings):
        wrong = [
            (name, each) for name, each in zip(ids, sent, strict=True) if each is None or not each.is_stored
        ]
        raise unusable(wrong[0][0], wrong[0][1].state if wrong[0][1] else None)
    if jobs.count_waiting(scope) >= service.bounds.waiting_jobs:
        raise busy("too many analyses are waiting", 30, status=429)
    job_id = new_id("job")
    jobs.add(scope, job_id, new_id("rep"), ids, settings)
    job = jobs.get(scope, job_id)
    assert job is not None
    return job


def unusable(upload_id: str, state: str | None) -> Refused:
    """Why an upload cannot be analysed; `state` is null when there is none."""
    why = {
        None: "there is no such upload",
        "receiving": "the upload is not complete",
        "kept": "the upload is no longer there, and its events were read in another way",
    }.get(state, "the upload is no longer there")
    return Refused(409, "upload.unusable", f"{upload_id}: {why}", remedy="send the file once more")
