"""What files are and what could be asked of them; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from friction.config import Settings
from friction.goals import parse
from friction.reduce import Plan
from friction.scan.analysing import reduced
from friction.scan.asked import detectors_for, unassessable
from friction.scan.reading import counts_of, ingested_for, quiet
from friction.summary.people import with_people


def inspect(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What the files are, how their columns were understood, and what can be found with them; changes nothing."""
    from friction.inspection import inspection, tallied, without_events
    from friction.recognition import recognition

    chosen = detectors_for(settings)
    ingested = ingested_for(inputs, names, settings, chosen, quiet)
    lacking = {detector.name: unassessable(detector, ingested) for detector in chosen}
    more: dict[str, Any] = {"counted": tallied(found)} if (found := counts_of(ingested, settings)) else {}
    more["recognition"] = recognition(inputs, names, settings, ingested.books)
    if not ingested.has_events:
        return without_events(ingested, lacking) | more
    tables = with_people(reduced(ingested, Plan([]), quiet), ingested)
    return inspection(ingested, tables, lacking, settings.time.zone or "UTC") | more


def propose(inputs: Sequence[str | Path], names: Sequence[str] | None, settings: Settings) -> dict[str, Any]:
    """What a configuration for these files could say (`friction.summary.proposals`)."""
    from friction.summary.funnel import common
    from friction.summary.proposals import proposals

    ingested = ingested_for(inputs, names, settings, [], quiet)
    found = proposals(ingested.events)
    if found.goals:
        events = replace(ingested.events, goals=(parse(found.goals[0].definition),))
        tables = with_people(reduced(replace(ingested, events=events), Plan([]), quiet), ingested)
        pages = common(tables)
        found = replace(found, steps=[events.words.word("page", page) or "" for page in pages])
    return asdict(found)
