"""Which detectors an analysis asks, with which thresholds, and which of them the input cannot answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friction import detectors
from friction.config import Settings
from friction.config.values import json_or_text
from friction.detectors import presets
from friction.detectors.base import Detector
from friction.errors import UsageError
from friction.ingest import Ingested
from friction.rules import detectors_of

SERIES = ("dropoff_spike",)
"""Detectors of series over time: they have no findings of single sessions."""


def detectors_for(settings: Settings) -> list[Detector]:
    """The detectors asked for; with a preset its rules, besides friction's own for what the tool has none for."""
    names, preset = settings.analysis.detectors or None, settings.analysis.preset
    if preset is None:
        return detectors.configure(names, _options(settings), detectors_of(settings.rules))
    theirs = presets.rules(preset, names)
    if names:
        return list(theirs)
    replaced = {rule.name for rule in theirs}
    every = detectors.configure(None, _options(settings), detectors_of(settings.rules))
    ours = [one for one in every if one.name not in replaced]
    return [*theirs, *ours]


def unassessable(detector: Detector, ingested: Ingested) -> str | None:
    """What the input lacks for this detector, as codes; null when it can be asked."""
    if not detector.is_published:
        return "unpublished"
    have = ingested.capabilities | ingested.at_hand
    reactions = detector.reactions
    if "mutation" in reactions - have and "response_delay_ms" in have:
        # The source has summed up all reactions in one figure, which says nothing to a rule that asks for kinds.
        reactions = frozenset({"mutation"})
    if detector.preset and "few_rows" in have:
        have |= {"has_order"}
    alternatives = [frozenset(column.split("|")) for column in sorted(detector.filled)]
    alternatives += [each for each in (detector.needs_one_of, reactions) if each]
    lacking = [
        *sorted(detector.needs - have),
        *("|".join(sorted(each)) for each in alternatives if not each & have),
    ]
    lacking = [detector.described_by if each in detector.facts else each for each in lacking]
    return f"needs {', '.join(lacking)}" if lacking else None


def detectors_named(
    names: Sequence[str], options: Mapping[str, str], settings: Settings
) -> Sequence[Detector]:
    """The detectors with their thresholds; of a preset its rules alone, with the tool's own names for what is set."""
    if settings.analysis.preset is None:
        own = detectors_of(settings.rules)
        known = _options(settings)
        options_of = _thresholds(names, options, known)
        return detectors.configure(names or None, {**known, **options_of}, own)
    return presets.rules(settings.analysis.preset, names or None, _thresholds(names, options, {}))


def _options(settings: Settings) -> dict[str, dict[str, Any]]:
    """`[detectors.NAME]`, with the funnels there are: who gives some, looks for what drops off in them."""
    found: dict[str, dict[str, Any]] = {name: dict(own) for name, own in settings.detectors.items()}
    if settings.funnels:
        steps = [list(funnel.steps) for funnel in settings.funnels.values()]
        found["funnel_dropoff"] = {"enabled": True, "funnels": steps, **found.get("funnel_dropoff", {})}
    return found


def _thresholds(
    names: Sequence[str], options: Mapping[str, str], configured: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """`--set DETECTOR.KEY=VALUE`, or `KEY=VALUE` for the one detector asked for; values are read as JSON or text."""
    found: dict[str, dict[str, Any]] = {}
    for key, text in options.items():
        name, _, option = key.rpartition(".")
        if not name and len(names) != 1:
            raise UsageError(
                "usage.wrong",
                "--set needs exactly one --detector that it is for",
                remedy="write it like --detector rage_click --set min_clicks=5, or --set rage_click.min_clicks=5",
            )
        name = name or names[0]
        found.setdefault(name, dict(configured.get(name, {})))[option] = json_or_text(text)
    return found
