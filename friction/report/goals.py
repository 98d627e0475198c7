"""What counts as a conversion, and how many reach it on which way."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.values import dataclass


@dataclass(frozen=True)
class Earned:
    """What conversions brought in one currency; null: none is said."""

    currency: str | None
    conversions: int
    revenue: float


@dataclass(frozen=True)
class Goal:
    """What counts as a conversion; a session converts once."""

    definition: str
    conversions: int
    conversion_rate: float | None
    revenue: float | None
    """Null when unknown or in several currencies, which are never added up."""
    currency: str | None
    earned: list[Earned] = field(default_factory=list)
    """What its conversions said they brought, by currency, that of most conversions first."""


@dataclass(frozen=True)
class Candidate:
    """An event or page that could serve as a goal, proposed when none is known, or when nothing fits it."""

    definition: str
    sessions: int
    reason: str


@dataclass(frozen=True)
class FunnelStep:
    """Sessions that reached this step and all before it."""

    name: str
    sessions: int
    stage: str | None = None
    """The stage of the journey in which most sessions are on this page."""


@dataclass(frozen=True)
class Funnel:
    """Ordered steps towards the goal. `proposed`: the pages that nearly all converting sessions saw, in their order."""

    goal: str
    origin: Literal["proposed", "configured"]
    steps: list[FunnelStep]
    """All sessions first, then the pages; the last are those that also converted."""


@dataclass(frozen=True)
class Day:
    """A day of the report's zone: sessions of people that began on it, and those of them that reached the goal."""

    start: str
    sessions: int
    conversions: int


@dataclass(frozen=True)
class PageSeen:
    """How many sessions saw a page."""

    page: str
    sessions: int
