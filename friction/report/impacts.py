"""What a point costs, with its interval."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.values import dataclass

Metric = Literal["lost_conversions", "extra_exits"]
Confidence = Literal["high", "medium", "low"]
Precision = Literal["figure", "rough", "upper_end"]


@dataclass(frozen=True)
class Range:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Money:
    """A cost in one currency (null: none is said), with its 95 % interval."""

    currency: str | None
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Impact:
    """What a point costs over the analysed data; positive is a loss. All figures null: cannot be said (`reason`)."""

    metric: Metric
    estimate: float | None
    low: float | None
    high: float | None
    per_1000_sessions: float | None
    revenue: Range | None
    p_value: float | None
    q_value: float | None
    e_value: float | None
    method: str
    confidence: Confidence
    reason: str | None
    naive: float | None = None
    """For comparison only: sessions hit against sessions spared on the same page, in the unit of the metric. It mixes
    up people and cause. Null where all or none were hit."""
    e_value_low: float | None = None
    """The E-value of the lower limit: how strong an unknown cause must be for there to be no effect at all."""
    says: Precision = "figure"
    """How much of it bears reading, by the conversions there are: the figure (300 and more, or exits), a rough one (100
    and more), or the upper end only."""
    revenues: list[Money] = field(default_factory=list)
    """What the conversions lost would have brought, one entry a currency, by whose they were; never to be added up."""
    ranks: list[int] | None = None
    """The best and the worst rank that chance leaves open, at nine in ten."""
    odds_to_fall: float | None = None
    """How many times likelier to leave anyway (as odds) who meets it must be, for a reason nobody knows, for the point
    to change places with the next one; null where no plausible reason (below 2.7) would do."""
