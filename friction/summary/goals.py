"""The goals of a report: who reached them, what they brought in, and what costs are measured against."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from friction.impact import Orders, orders
from friction.report import Earned, Goal
from friction.summary import points as cards
from friction.summary.analysis import Analysis


def goals_of(analysis: Analysis, people: pl.DataFrame) -> list[Goal]:
    """Each goal with the sessions that reached it; revenue of the first, where all is in one currency."""
    if not analysis.settings.goals and not ((people["goals"] & 1) > 0).any():
        return []
    found = []
    for bit, goal in enumerate(analysis.ingested.events.goals):
        reached = people.filter((pl.col("goals") & (1 << bit)) > 0)
        revenue, currency = _revenue(reached, analysis) if bit == 0 else (None, None)
        rate = reached.height / people.height if people.height else None
        earned = _earned(reached, analysis) if bit == 0 else []
        found.append(Goal(str(goal), reached.height, rate, revenue, currency, earned))
    return found


def base_of(goals: Sequence[Goal], people: pl.DataFrame, analysis: Analysis) -> cards.Base:
    """What costs are measured against: conversions where there are enough of them, else sessions."""
    first = goals[0] if goals and goals[0].conversions >= cards.MIN_CONVERSIONS else None
    if not first:
        return cards.Base(None, max(people.height, 1), None)
    value = first.revenue / first.conversions if first.revenue else None
    configured = next(iter(analysis.settings.goals.values()), None)
    fixed = configured is not None and configured.value is not None
    said = None if fixed else orders(analysis.tables.sessions, among=~pl.col("automated"))
    words = _currencies(said, analysis) if said else []
    return cards.Base(first.conversions, max(people.height, 1), value, said, words)


def _revenue(reached: pl.DataFrame, analysis: Analysis) -> tuple[float | None, str | None]:
    configured = next(iter(analysis.settings.goals.values()), None)
    if configured and configured.value is not None:
        return configured.value * reached.height, configured.currency
    if "revenue_millionths" not in reached.columns or not reached.height:
        return None, None
    currencies = reached["currency"].drop_nulls().unique() if "currency" in reached.columns else pl.Series()
    total = int(reached["revenue_millionths"].sum())
    if currencies.len() > 1 or total <= 0:
        return None, None
    code = currencies.first()
    return total / 1e6, analysis.ingested.events.words.word("currency", code)  # type: ignore[arg-type]


def _earned(reached: pl.DataFrame, analysis: Analysis) -> list[Earned]:
    found = orders(reached)
    if not found:
        return []
    words = _currencies(found, analysis)
    return [Earned(*each) for each in zip(words, found.conversions, found.revenue, strict=True)]


def _currencies(found: Orders, analysis: Analysis) -> list[str | None]:
    return [analysis.ingested.events.words.word("currency", code) for code in found.currencies]
