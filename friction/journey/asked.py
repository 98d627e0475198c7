"""What the journey asks of rows, as the settings say: known before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from friction.config import Settings
from friction.goals import Goal, parse
from friction.journey.origins import COLUMNS
from friction.journey.signs import OWN_COLUMN


def journey_columns(settings: Settings) -> frozenset[str]:
    """Columns to be read besides those of the detectors."""
    asked = conditions(settings)
    own = {OWN_COLUMN, "name"} | ({"target"} if asked else set()) if asked else set()
    return frozenset(own) | (COLUMNS | {"medium", "url"} if settings.analysis.journey else frozenset())


def journey_conditions(settings: Settings) -> dict[str, Sequence[Sequence[Goal]]]:
    """What `[stages]` and `[journey.segments]` ask of rows, as `Wanted.of_row` takes it."""
    asked = conditions(settings)
    return {OWN_COLUMN: asked} if asked else {}


def conditions(settings: Settings) -> list[list[Goal]]:
    """The conditions of own stages, then of segments; none where neither says anything."""
    own = [[parse(each) for each in stage] for stage in settings.stages.own()]
    segments = (
        [[parse(each)] for each in settings.journey.segments.values()] if settings.analysis.journey else []
    )
    return [*own, *segments] if segments or any(own) else []
