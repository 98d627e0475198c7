"""The one flow: files → events → findings → friction points → cost → report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from friction.config import Settings
from friction.detectors.base import Detector
from friction.engines.local import mapped
from friction.errors import InputError
from friction.ingest import Ingested
from friction.ingest.store import Slice
from friction.marks import Beside
from friction.reduce import Plan, Tables, combined, reduce_part
from friction.report import Report
from friction.scan.asked import SERIES, detectors_for, unassessable
from friction.scan.reading import Progress, counts_of, ingested_for, quiet
from friction.summary import Analysis, build
from friction.summary.bare import bare
from friction.summary.journey import with_journey, with_signs
from friction.summary.people import with_people
from friction.summary.reached import Reached, both
from friction.suppress import usual

Also = Callable[[Analysis, Report], None]
"""Hears in the end what the report was made of, where there were events."""
SPOTS = frozenset({"x", "y", "page_x", "page_y", "scroll_x", "scroll_y", "viewport_w"})
"""What says where a click fell (`friction.beside.spots`)."""


def analyze(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    *,
    rejects: Path | None = None,
    progress: Progress = quiet,
    also: Also | None = None,
) -> Report:
    """The ranked report of these files. `names` is what the user calls them; `rejects` takes all rejected records."""
    settings = settings or Settings()
    chosen = detectors_for(settings)
    more = SPOTS if also is not None else frozenset[str]()
    ingested = ingested_for(inputs, names, settings, chosen, progress, more=more)
    if rejects:
        from friction.export import write_rejects

        write_rejects(ingested, rejects)

    def here(ingested: Ingested, plan: Plan) -> Tables:
        return reduced(ingested, plan, progress)

    return judged(ingested, settings, chosen, here, progress, also)


def judged(
    ingested: Ingested,
    settings: Settings,
    chosen: Sequence[Detector],
    reduce: Callable[[Ingested, Plan], Tables],
    progress: Progress = quiet,
    also: Also | None = None,
) -> Report:
    """The report on events that were read; `reduce` answers with the tables of all parts, wherever they are."""
    skipped = {detector.name: why for detector in chosen if (why := unassessable(detector, ingested))}
    running = [
        detector for detector in chosen if detector.name not in skipped and detector.name not in SERIES
    ]
    counted = counts_of(ingested, settings)
    asked = {detector.name: detector for detector in chosen}
    if not ingested.has_events:
        return replace(bare(ingested, settings, asked, skipped), counted=counted)
    beside = Beside(ingested, running)
    ingested, signs = with_signs(ingested, settings)
    reached = Reached(running)
    watch = both(beside.watch if beside.is_needed else None, reached.watch if reached.detector else None)
    plan = Plan(running, watch=watch, signs=signs, origins=settings.analysis.journey)
    tables = usual(reduce(ingested, plan), running, ingested.capabilities)
    progress("ranking", 0.0, 0)
    analysed = Analysis(ingested, with_people(tables, ingested), settings, asked, skipped)
    report = with_journey(build(analysed), analysed)
    report = replace(report, counted=counted, marks=beside.marks(asked, skipped))
    report = replace(report, funnels=[*reached.funnels(tables.sessions, settings), *report.funnels])
    if also is not None:
        also(analysed, report)
    return report


def analysis(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    progress: Progress = quiet,
) -> Analysis:
    """All that a report of these files is built from. Raises `InputError` for files without single events."""
    settings = settings or Settings()
    chosen = detectors_for(settings)
    ingested = ingested_for(inputs, names, settings, chosen, progress)
    if not ingested.has_events:
        remedy = "give an export of single events"
        raise InputError("input.no_events", "these files hold no single events to be compared", remedy=remedy)
    skipped = {detector.name: why for detector in chosen if (why := unassessable(detector, ingested))}
    running = [each for each in chosen if each.name not in {*skipped, *SERIES}]
    tables = reduced(ingested, Plan(running), progress)
    progress("ranking", 0.0, 0)
    return Analysis(ingested, with_people(tables, ingested), settings, {d.name: d for d in chosen}, skipped)


def reduced(ingested: Ingested, plan: Plan, progress: Progress) -> Tables:
    """All parts reduced, as many at a time as there are threads, each result on its own and then together."""
    events, found = ingested.events, []

    def work(where: Slice) -> Tables:
        return reduce_part(events.part(where), plan)

    for tables in mapped(work, events.slices, pl.thread_pool_size()):
        found.append(tables)
        share = len(found) / len(events.slices)
        progress("detecting", share, round(share * events.height))
    return combined(found)
