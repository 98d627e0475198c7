"""Reports of nights after somebody was erased.

A night whose events are all there is analysed once more, by the settings of today. Of an older one the moments go
altogether, since nobody knows any more whose they are, and the sums stay. What is known of each point by day is counts,
which name nobody; nights to come are counted without the visitor.
"""

from __future__ import annotations

from friction import isolate
from friction.lake import Manifest
from friction.nightly.letters import silent
from friction.nightly.scan import Scan
from friction.report import Report

from ..clock import now
from ..evidence import sessions_of, without
from ..store import nights
from ..store.reports import ReportRow
from .carrying import Yard, settings_of
from .desk import DATASET, StoreDesk


def is_of_night(row: ReportRow) -> bool:
    """Whether a scan made the report; it has no job."""
    return row.job_id == row.id


def renewed(yard: Yard, row: ReportRow, touched: set[str]) -> bytes:
    """The report as it is to be, after the visitor has gone out of the `touched` data sets."""
    desk = yard.desk(row.project_id)
    written = yard.folder.report(row.id).read_bytes()
    with yard.store.read(row.project_id) as scope:
        schedule = nights.schedule(scope)
    date = _date(desk, row.id)
    if schedule is None or date is None or not _is_there(desk, Report.from_json(written)):
        return without(written, sessions_of(written))
    if DATASET not in touched:
        return written
    with isolate.workspace():
        settings, inbox = settings_of(schedule, yard.folder), yard.inbox(row.project_id)
        return Scan(desk, settings, inbox, now(), silent).analysed(date)


def _date(desk: StoreDesk, report_id: str) -> str | None:
    return next((note.date for note in desk.load().book.nights if note.report == report_id), None)


def _is_there(desk: StoreDesk, report: Report) -> bool:
    """Whether the events of every day that the report saw are in the data set."""
    manifest = Manifest.of(desk.dataset)
    return (
        manifest is not None
        and bool(manifest.days)
        and (not report.days or manifest.days[0] <= report.days[0].start)
    )
