"""The data folder: where the service keeps what is no row of a table. Private (0700), and complete or not there.

friction.sqlite   the store            spool/ID      an upload as it was sent, until it is no longer needed
jobs.sqlite       the durable jobs     reports/ID/   a report: report.json, and other forms of it made on demand
                                       lake/         masked events by project and data set (`friction.lake`)
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from friction.errors import UsageError

PRIVATE = 0o077
REPORT, OWNERS, LISTED = "report.json", "whose.json", "listed.json"
KEPT = (REPORT, OWNERS)
"""What is not made from anything else in the folder of a report."""


@dataclass(frozen=True)
class DataFolder:
    """The folder at `root`."""

    root: Path

    @classmethod
    def prepared(cls, root: Path) -> DataFolder:
        """Make what is missing; from here on nothing this process writes can be read by others."""
        os.umask(PRIVATE)
        folder = cls(root.absolute())
        try:
            for place in (folder.root, folder.spool, folder.reports):
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise UsageError(
                "serve.data_folder",
                f"the data folder cannot be used ({fault.strerror})",
                remedy="choose another with --data-dir",
                file=str(root),
            ) from None
        return folder

    @property
    def spool(self) -> Path:
        """Uploads as they were sent."""
        return self.root / "spool"

    @property
    def reports(self) -> Path:
        """Reports, one folder each."""
        return self.root / "reports"

    @property
    def lake(self) -> Path:
        """Masked events (`friction.lake`)."""
        return self.root / "lake"

    @property
    def store_url(self) -> str:
        """The store, where no other database is named."""
        return f"sqlite:///{self.root / 'friction.sqlite'}"

    @property
    def jobs_url(self) -> str:
        """The durable jobs beside it."""
        return f"sqlite:///{self.root / 'jobs.sqlite'}"

    def upload(self, upload_id: str) -> Path:
        """The bytes of an upload."""
        return self.spool / upload_id

    def report(self, report_id: str) -> Path:
        """The report as JSON; its folder exists afterwards."""
        return self.form(report_id, REPORT)

    def form(self, report_id: str, name: str) -> Path:
        """A file of the report's folder."""
        folder = self.reports / report_id
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder / name

    def listed(self, report_id: str) -> Path:
        """The report while it is being completed (`api.listed`); gone when it is there."""
        return self.reports / report_id / LISTED

    def beside(self, report_id: str) -> Path:
        """What lies beside the report (`friction.beside.folder`); gone with it. The folder exists afterwards."""
        folder = self.form(report_id, "beside")
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder

    def has_beside(self, report_id: str) -> bool:
        """Whether anything lies beside the report."""
        place = self.reports / report_id / "beside"
        return place.is_dir() and any(place.iterdir())

    def forget_beside(self, report_id: str) -> None:
        """Remove what lies beside the report."""
        shutil.rmtree(self.reports / report_id / "beside", ignore_errors=True)

    def forget_forms(self, report_id: str) -> None:
        """Remove every form of the report but its JSON; they are made again when they are asked for."""
        for path in (self.reports / report_id).iterdir():
            if path.is_file() and path.name not in KEPT:
                path.unlink(missing_ok=True)

    def forget_upload(self, upload_id: str) -> None:
        """Remove its bytes."""
        self.upload(upload_id).unlink(missing_ok=True)

    def forget_report(self, report_id: str) -> None:
        """Remove all its files."""
        shutil.rmtree(self.reports / report_id, ignore_errors=True)
