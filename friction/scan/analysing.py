"""The one flow: files → events → findings → friction points → cost → report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from friction.config import Settings
from friction.detectors.base import Detector
from friction.errors import InputError
from friction.ingest import Ingested
from friction.ingest.store import Slice
from friction.isolate import memory
from friction.marks import Beside
from friction.reduce import Plan, Tables, combined, reduce_part
from friction.report import Report
from friction.scan.asked import SERIES, detectors_for, unassessable
from friction.scan.reading import Progress, counts_of, ingested_for, quiet
from friction.summary.analysis import Analysis
from friction.summary.bare import bare
from friction.summary.build import build, workers
from friction.summary.costs import Away
from friction.summary.journey import with_journey, with_signs
from friction.summary.journey.ground import ground
from friction.summary.journey.stages import with_stages
from friction.summary.people import with_people
from friction.summary.reached import Reached, both
from friction.suppress import usual
from friction.threads import mapped, meanwhile
from friction.values import dataclass

Listed = Callable[[Report], None]
"""Hears the report as soon as its points are ranked, all there but the journey, where there were events."""
Also = Callable[[Analysis, Report], None]
"""Hears in the end what the report was made of, where there were events."""
Heard = tuple[tuple[Sequence[pl.DataFrame], Sequence[pl.DataFrame]], Sequence[Sequence[Sequence[int]]]]
"""What `Asked.beside` and `Asked.reached` noted."""
SPOTS = frozenset({"x", "y", "page_x", "page_y", "scroll_x", "scroll_y", "viewport_w"})
"""What says where a click fell (`friction.beside.spots`)."""


def analyze(
    inputs: Sequence[str | Path],
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    *,
    rejects: Path | None = None,
    progress: Progress = quiet,
    listed: Listed | None = None,
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

    def here(asked: Asked) -> tuple[Ingested, Tables]:
        return asked.ingested, reduced(asked.ingested, asked.plan, progress)

    return judged(ingested, settings, chosen, here, progress, listed=listed, also=also)


@dataclass(frozen=True)
class Asked:
    """What the parts of one analysis are asked, and who listens to the answers."""

    ingested: Ingested
    """With what the plan needs of its rows."""
    plan: Plan
    skipped: Mapping[str, str]
    """Detector → why it could not be asked."""
    beside: Beside
    reached: Reached

    @property
    def heard(self) -> Heard:
        """What the listeners noted: of one worker, for those of all (`hear`)."""
        return self.beside.noted, self.reached.noted

    def hear(self, heard: Heard) -> None:
        """What the listeners of a worker noted."""
        self.beside.hear(*heard[0])
        self.reached.hear(heard[1])


Reduce = Callable[[Asked], tuple[Ingested, Tables]]
"""The tables of all parts, and the events again: some engines know sessions and people only with the tables."""


def asked_of(ingested: Ingested, settings: Settings, chosen: Sequence[Detector]) -> Asked:
    """All that is asked of these events."""
    skipped = {detector.name: why for detector in chosen if (why := unassessable(detector, ingested))}
    running = [each for each in chosen if each.name not in skipped and each.name not in SERIES]
    beside = Beside(ingested, running)
    ingested, signs = with_signs(ingested, settings)
    reached = Reached(running)
    watch = both(beside.watch if beside.is_needed else None, reached.watch if reached.detector else None)
    plan = Plan(running, watch=watch, signs=signs, origins=settings.analysis.journey)
    return Asked(ingested, plan, skipped, beside, reached)


def judged(
    ingested: Ingested,
    settings: Settings,
    chosen: Sequence[Detector],
    reduce: Reduce,
    progress: Progress = quiet,
    *,
    listed: Listed | None = None,
    also: Also | None = None,
    away: Away | None = None,
) -> Report:
    """The report on events that were read; `reduce` answers with the tables of all parts, wherever they are.

    `away`: who is asked what friction costs, where that is not worked out from the tables.
    """
    counted = counts_of(ingested, settings)
    detectors = {detector.name: detector for detector in chosen}
    asked = asked_of(ingested, settings, chosen)
    if not ingested.has_events:
        return replace(bare(ingested, settings, detectors, asked.skipped), counted=counted)
    ingested, found = reduce(asked)
    tables = usual(found, asked.plan.detectors, ingested.capabilities)
    progress("ranking", 0.0, 0)
    analysed = Analysis(ingested, with_people(tables, ingested), settings, detectors, asked.skipped, away)
    with meanwhile(workers(analysed.tables)) as side:
        stages = side.start(partial(ground, analysed))
        report = build(analysed)
        under = stages()
    report = with_stages(report, under)
    report = replace(report, counted=counted, marks=asked.beside.marks(detectors, asked.skipped))
    report = replace(report, funnels=[*asked.reached.funnels(tables.sessions, settings), *report.funnels])
    if listed is not None:
        listed(report)
    report = with_journey(report, under)
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
    events = ingested.events

    def work(where: Slice) -> Tables:
        return reduce_part(events.part(where), plan)

    def told() -> Iterator[Tables]:
        parts = mapped(work, events.slices, pl.thread_pool_size())
        for done, tables in enumerate(parts, start=1):
            share = done / len(events.slices)
            progress("detecting", share, round(share * events.height))
            yield tables

    tables = combined(told(), events.store.shelf)
    memory.trim()
    return tables
