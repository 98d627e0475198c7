"""What is kept how long: `[retention]` of friction.toml, or FRICTION_RETENTION__EVENT_DAYS and the like.

Whoever moves the clock sees things go, the most telling first: what was sent (a day), masked events, recordings and
sessions (90 days), reports (13 months, which is how long the French authority lets a tracker live), the audit trail.
Of a report whose sessions are gone, `whose.json` still says which of its evidence is of which keyed visitor, so that
they can be erased from it later.
"""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress

from friction import isolate
from friction.config import load
from friction.config.models import RetentionSettings
from friction.errors import FrictionError
from friction.lake import Lake, trim_plan

from . import lake as held
from .clock import now
from .evidence import keep_owners, rewrite
from .folder import DataFolder
from .store import Store, audit, hooks, jobs, logins, points, projects, reports, uploads

LOG = logging.getLogger("friction.retention")
UPLOADS = dt.timedelta(hours=RetentionSettings().upload_hours)
"""So long at most, where nothing else is set, does what was sent lie in the spool."""
TRIM_TIMEOUT_S = 600.0


def apply(store: Store, folder: DataFolder, rules: RetentionSettings | None = None) -> None:
    """Remove everything that has been kept for long enough; what a job still needs waits for its end."""
    rules = rules or load().retention
    moment = now()
    _uploads(store, folder, moment - dt.timedelta(hours=rules.upload_hours))
    _events(store, folder, moment - dt.timedelta(days=rules.event_days))
    _reports(store, folder, moment - dt.timedelta(days=rules.report_days))
    with store.write() as scope:
        hooks.forget_old(scope)
        logins.forget_old(scope)
        audit.forget(scope, moment - dt.timedelta(days=rules.audit_days))


def _uploads(store: Store, folder: DataFolder, before: dt.datetime) -> None:
    with store.read() as scope:
        old = uploads.expired(scope, before)
    for upload in old:
        with store.write() as scope:
            if jobs.using(scope, upload.id):
                continue
            gone = uploads.kept if held.holds(folder, upload) else uploads.removed
            gone(scope, upload.id)
        folder.forget_upload(upload.id)
    _sweep(store, folder)


def _sweep(store: Store, folder: DataFolder) -> None:
    """Remove bytes whose upload was written down as gone by somebody who ended before they were."""
    with store.read() as scope:
        rows = [(path, uploads.get(scope, path.name)) for path in folder.spool.iterdir()]
    for path, upload in rows:
        if upload is not None and upload.state in ("kept", "removed"):
            path.unlink(missing_ok=True)


def _events(store: Store, folder: DataFolder, before: dt.datetime) -> None:
    """Days of the lake, and the sessions and recordings beside reports."""
    with store.read() as scope:
        homes, old = projects.several(scope), reports.older(scope, before)
    lake = Lake(folder.lake)
    for home in homes:
        for name in lake.datasets(home.id):
            if (until := _old_until(lake, home.id, name, before)) is not None:
                _trim(lake, home.id, name, until)
    for report in old:
        if folder.has_beside(report.id):
            rewrite(store, folder, report, keep_owners(folder, report.id))
            folder.forget_beside(report.id)


def _old_until(lake: Lake, project: str, dataset: str, before: dt.datetime) -> str | None:
    """The date before which days of a data set are to go; null where none is.

    Time counts from the delivery: an export of last year is not gone the moment it was sent. A part that was written
    anew, without a visitor, is as old as the others of its delivery.
    """
    folder, old = lake.folder(project, dataset), None
    manifest = lake.datasets(project)[dataset]
    came: dict[int, float] = {}
    for part in manifest.parts:
        written = (folder / part.path).stat().st_mtime
        came[part.delivery] = min(written, came.get(part.delivery, written))
    for day in manifest.days:
        latest = max(came[part.delivery] for part in manifest.parts if part.day == day)
        if day >= before.date().isoformat() or latest >= before.timestamp():
            break
        old = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    return old


def _trim(lake: Lake, project: str, dataset: str, before: str) -> None:
    plan = trim_plan(lake.folder(project, dataset), before)
    try:
        with isolate.workspace():
            isolate.run(plan, timeout_s=TRIM_TIMEOUT_S)
    except FrictionError as error:  # it is tried again at the next sweep; the log has why
        LOG.warning("old days could not be removed: %s", error.problem.code, extra={"dataset": dataset})
        return
    if not lake.datasets(project)[dataset].days:
        lake.remove(project, dataset)


def _reports(store: Store, folder: DataFolder, before: dt.datetime) -> None:
    with store.read() as scope:
        old = reports.older(scope, before)
    for report in old:
        with store.write(report.project_id) as scope:
            reports.remove(scope, report.id)
        with suppress(OSError):
            folder.forget_report(report.id)
    with store.write() as scope:
        points.forget(scope, before)
        jobs.forget(scope, before)
        uploads.forget(scope, before)
