"""The customer journey of one analysis: the stage of every point and funnel step, and where asked for the whole map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from friction.config import Settings
from friction.goals import Goal, parse
from friction.ingest import Ingested
from friction.journey.origins import COLUMNS
from friction.journey.signs import OWN_COLUMN, Signs, signs_of
from friction.report import Report
from friction.summary.journey.ground import Ground


def journey_columns(settings: Settings) -> frozenset[str]:
    """Columns to be read besides those of the detectors."""
    asked = _asked(settings)
    own = {OWN_COLUMN, "name"} | ({"target"} if asked else set()) if asked else set()
    return frozenset(own) | (COLUMNS | {"medium", "url"} if settings.analysis.journey else frozenset())


def journey_conditions(settings: Settings) -> dict[str, Sequence[Sequence[Goal]]]:
    """What `[stages]` and `[journey.segments]` ask of rows, as `Wanted.of_row` takes it."""
    asked = _asked(settings)
    return {OWN_COLUMN: asked} if asked else {}


def _asked(settings: Settings) -> list[list[Goal]]:
    own = [[parse(each) for each in stage] for stage in settings.stages.own()]
    segments = (
        [[parse(each)] for each in settings.journey.segments.values()] if settings.analysis.journey else []
    )
    return [*own, *segments] if segments or any(own) else []


def with_signs(ingested: Ingested, settings: Settings) -> tuple[Ingested, Signs]:
    """What tells stages in these events; they carry the names of events where one means something."""
    events = ingested.events
    signs = signs_of(events.words, own=bool(_asked(settings)))
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
