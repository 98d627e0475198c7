"""The start page: where files go, what is under way, and the reports there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from friction.config import load
from friction.i18n import Language
from friction.i18n.problems import say
from friction.render.safe import clean

from ..routes import jobs as job_routes
from ..routes import reports as report_routes
from ..service import Service, ServiceDep
from ..store import uploads
from . import stages
from .frame import page
from .taste import speaking

router = APIRouter(include_in_schema=False)

SHOWN = 20


@dataclass(frozen=True)
class Line:
    """A report in the list of reports."""

    id: str
    name: str
    result: str
    sessions: int
    finished: str


@router.get("/")
def start(request: Request, service: ServiceDep, cursor: str | None = None) -> Response:
    """Drop zone, jobs that are not over, the last ones that stopped, recent reports."""
    speak = speaking(request)
    open_jobs = job_routes.several(service, state=["queued", "running"], limit=10).jobs
    failed = job_routes.several(service, state=["failed"], limit=3).jobs
    reports = report_routes.several(service, limit=SHOWN, cursor=cursor)
    return page(
        request,
        "start.jinja",
        at="reports",
        jobs=[
            (job, stages.done(job), stages.word(job, speak), name_of_job(service, job, speak))
            for job in open_jobs
        ],
        stopped=[(job, name_of_job(service, job, speak), why(job, speak)) for job in failed],
        lines=[line(each, speak) for each in reports.reports],
        more=reports.next,
        kept=load().retention,
    )


def name_of_job(service: Service, job: job_routes.JobAnswer, speak: Language) -> str:
    """What the report of a job would be called: its first file; empty for one whose files are not or no longer here."""
    with service.store.read(service.project) as scope:
        sent = [each for each in (uploads.get(scope, one) for one in job.uploads) if each]
    return name_of({"files": [{"name": each.name} for each in sent], "start": None}, speak) if sent else ""


def why(job: job_routes.JobAnswer, speak: Language) -> str:
    """Why a job stopped, as a sentence without a stop."""
    return clean(say(str((job.problem or {}).get("detail", "")), speak))


def line(each: report_routes.ReportAnswer, speak: Language) -> Line:
    """One report of the list."""
    books = each.summary["input"]
    return Line(
        id=each.report_id,
        name=name_of(books, speak),
        result=speak.plural("{n} friction point", "{n} friction points", each.summary["points"]),
        sessions=books["sessions"],
        finished=speak.moment(each.created, "UTC"),
    )


def name_of(books: dict[str, Any], speak: Language) -> str:
    """What a report is called: its first file and its days."""
    names = [clean(file["name"].rpartition("/")[2], 60) for file in books["files"]]
    first = names[0] if names else speak.text("Report")
    if len(names) > 1:
        first = speak.plural("{first} and {n} more", "{first} and {n} more", len(names) - 1, first=first)
    if not (books["start"] and books["end"]):
        return first
    days = speak.text("{start} to {end}", start=speak.day(books["start"]), end=speak.day(books["end"]))
    return f"{first}, {days}"
