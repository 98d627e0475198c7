"""The report of an input without any event: what the tools counted, and every detector as not assessable."""

from __future__ import annotations

from collections.abc import Mapping

from friction import __version__, quality
from friction.config import Settings
from friction.detectors.base import Detector
from friction.ingest import Ingested
from friction.report import DetectorRun, Input, LookAlikes, Quality, Rare, Report
from friction.summary.called import NOBODY
from friction.summary.heard import alone
from friction.summary.moments import counted

NO_EVENTS = "needs has_events"


def bare(
    ingested: Ingested, settings: Settings, detectors: Mapping[str, Detector], lacking: Mapping[str, str]
) -> Report:
    """Books and settings like any report; no session, no point, no goal."""
    runs = [
        DetectorRun(name, each.label, each.parameters, "skipped", lacking.get(name, NO_EVENTS), 0)
        for name, each in sorted(detectors.items())
    ]
    return Report(
        input=_input(ingested),
        goal=None,
        goals=[],
        candidates=[],
        quality=checks(ingested),
        detectors=runs,
        points=[],
        rare=Rare(0, 0, 0),
        aside=[],
        suppressed=[],
        look_alikes=LookAlikes(0, {}),
        settings=settings.in_report(),
        friction_version=__version__,
        heard=alone(ingested.heard.voices),
    )


def checks(ingested: Ingested) -> list[Quality]:
    """What can be said of the data without any event: how much of it was read."""
    return [quality.books(counted(ingested.books, NOBODY))]


def _input(ingested: Ingested) -> Input:
    books = ingested.books
    return Input(
        files=books.files,
        rows_total=sum(file.rows_total for file in books.files),
        rows_accepted=sum(file.rows_accepted for file in books.files),
        rows_rejected=sum(file.rows_rejected for file in books.files),
        rejects=books.rejects,
        rejected_by_reason=books.by_reason,
        events=0,
        sessions=0,
        visitors=0,
        pages=0,
        start=None,
        end=None,
        capabilities=sorted(ingested.capabilities),
        passed_over=books.passed_over,
    )
