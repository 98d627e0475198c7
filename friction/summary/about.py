"""What is told of friction points beside their cost: when, where, of whom, and the moments that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from friction.points import Points, segments, trends
from friction.report import Evidence, FormField, Segment, TrendPoint
from friction.summary import points as cards
from friction.summary.facts import ratings
from friction.summary.fields import form_fields
from friction.summary.naive import naive
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.summary.analysis import Analysis


@dataclass(frozen=True)
class About:
    """What is told of points beside their cost, by number."""

    trend: Mapping[int, Sequence[TrendPoint]]
    segments: Mapping[int, Sequence[Segment]]
    moments: Mapping[int, Sequence[Evidence]]
    naive: Mapping[int, float]
    speed: Mapping[int, Mapping[str, Any]]
    """By page."""
    fields: Mapping[tuple[int, int | None], Sequence[FormField]]
    """By page and form."""


def about(analysis: Analysis, points: Points, base: cards.Base, names: cards.Names) -> About:
    """All of it; needs no cost, so that it can be worked out beside them."""
    tables, words = analysis.tables, analysis.ingested.events.words
    keys = points.table.select("point", "detector", "page", "target")
    best = tables.evidence.join(
        keys, on=["detector", "page", "target"], nulls_equal=True, maintain_order="left"
    )
    return About(
        cards.grouped(trends(points, tables, analysis.zone), cards.trend_point()),
        cards.grouped(segments(points, tables, words), cards.segment),
        cards.evidence(best, names),
        naive(points, tables.sessions, tables.stretches("session_id", "page"), has_goal=base.has_goal),
        ratings(tables.timings, words),
        form_fields(tables.fields, words),
    )
