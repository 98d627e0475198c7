"""The customer journey of one analysis: the stage of every point and funnel step, and where asked for the whole map."""

from __future__ import annotations

from dataclasses import replace

from friction.config import Settings
from friction.ingest import Ingested
from friction.journey.asked import conditions
from friction.journey.signs import Signs, signs_of
from friction.report import Report
from friction.summary.journey.ground import Ground


def with_signs(ingested: Ingested, settings: Settings) -> tuple[Ingested, Signs]:
    """What tells stages in these events; they carry the names of events where one means something."""
    events = ingested.events
    signs = signs_of(events.words, own=bool(conditions(settings)))
    if signs.by_code and "name" not in events.want.on_rows:
        want = replace(events.want, on_rows=events.want.on_rows | {"name"})
        ingested = replace(ingested, events=replace(events, want=want))
    return ingested, signs


def with_journey(report: Report, under: Ground) -> Report:
    """The report with its journey, where that is asked for."""
    if not under.analysis.settings.analysis.journey:
        return report
    from friction.summary.journey.whole import journey

    return replace(report, journey=journey(report, under))
