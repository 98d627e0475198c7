"""The recorded shop as a report of a service, with all that lies beside it; analysed once for all tests."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from api.clock import new_id
from api.service import Service
from api.store import reports
from friction import scan
from friction.beside.write import write_beside
from friction.config import read

RECORDINGS = sorted(Path("fixtures/sites/recorded/recordings").glob("*.json.gz"))[:40]


@cache
def made() -> tuple[bytes, Path]:
    """The report's JSON, and the folder beside it."""
    folder = Path(mkdtemp(prefix="recorded-"))
    names = [path.name for path in RECORDINGS]
    settings = read({"goals": {"order": {"when": "page=/checkout/done"}}}, "the test")
    report = scan.analyze(
        RECORDINGS,
        names,
        settings,
        also=lambda analysis, report: write_beside(analysis, report, RECORDINGS, names, folder),
    )
    return report.to_json(), folder


def recorded(service: Service) -> str:
    """The id of that report in this service."""
    written, beside = made()
    report_id = new_id("rep")
    service.folder.report(report_id).write_bytes(written)
    shutil.copytree(beside, service.folder.beside(report_id), dirs_exist_ok=True)
    with service.store.write(service.project) as scope:
        reports.publish(scope, report_id, new_id("job"), written)
    return report_id
