"""Whose the evidence of a report is, and how it is taken out.

A report names sessions and nobody's visitor. As long as there are events, the lake knows whose a session is, and the
sessions that lie beside the report say so; when those have been kept for long enough, `whose.json` in the report's
folder keeps the pairs of its evidence, so that whoever wants to be forgotten still can be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import replace

from friction.beside import folder as beside
from friction.files import write
from friction.report import Point, Report

from .folder import OWNERS, DataFolder
from .store import Store, reports
from .store.reports import ReportRow


def owners(folder: DataFolder, report_id: str) -> dict[str, str]:
    """Session → keyed visitor, empty for one without, as far as it is known beside the report."""
    kept = folder.form(report_id, OWNERS)
    found: dict[str, str] = json.loads(kept.read_bytes()) if kept.is_file() else {}
    if (place := folder.form(report_id, "beside")).is_dir():
        listed = beside.session_list(place).get("sessions", ())
        found |= {each["id"]: each["visitor"] or "" for each in listed}
        found |= {name: each["visitor"] or "" for name, each in beside.recordings(place).items()}
    return found


def keep_owners(folder: DataFolder, report_id: str) -> bytes:
    """Write down whose the evidence is, before what lies beside the report goes.

    The answer is the report as it is to be from then on: without the evidence of sessions whose visitor nobody would
    know any more (beyond the few hundred that lie beside it), since it could never be erased.
    """
    written = folder.report(report_id).read_bytes()
    named, known = sessions_of(written), owners(folder, report_id)
    kept = {session: whose for session, whose in known.items() if session in named}
    write(folder.form(report_id, OWNERS), json.dumps(kept, sort_keys=True).encode())
    unknown = named - set(known)
    return without(written, unknown) if unknown else written


def sessions_of(written: bytes) -> set[str]:
    """The sessions that a report shows as evidence."""
    report = Report.from_json(written)
    return {each.session_id for point in report.all_points for each in point.evidence}


def without(written: bytes, sessions: Collection[str]) -> bytes:
    """The report without evidence of these sessions; its sums, which name nobody, stay."""
    report = Report.from_json(written)

    def left(points: Sequence[Point]) -> list[Point]:
        return [
            replace(one, evidence=[e for e in one.evidence if e.session_id not in sessions]) for one in points
        ]

    return replace(report, points=left(report.points), aside=left(report.aside)).to_json()


def forget(folder: DataFolder, report_id: str, visitor: str) -> set[str]:
    """Take a keyed visitor out of what lies in the report's folder; the sessions that were theirs.

    The report itself is left to the caller, since the store knows its bytes; other forms of it are removed.
    """
    known = owners(folder, report_id)
    theirs = {session for session, whose in known.items() if whose == visitor}
    if (place := folder.form(report_id, "beside")).is_dir():
        beside.forget(place, visitor)
    if (kept := folder.form(report_id, OWNERS)).is_file():
        left = {
            session: whose for session, whose in json.loads(kept.read_bytes()).items() if whose != visitor
        }
        write(kept, json.dumps(left, sort_keys=True).encode())
    return theirs


def rewrite(store: Store, folder: DataFolder, row: ReportRow, written: bytes) -> bool:
    """Put another report in the place of this one, whose other forms are made anew when they are asked for; whether it
    is another one."""
    if hashlib.sha256(written).hexdigest() == row.sha256:
        return False
    with store.write(row.project_id) as scope:
        write(folder.report(row.id), written)
        reports.renew(scope, row.id, written)
    folder.forget_forms(row.id)
    return True
