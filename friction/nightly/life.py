"""What is known of one friction point over all nights, and what people have said about it."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.nightly.night import Cost, Days
from friction.values import dataclass

Course = Literal["new", "ongoing", "worse", "better", "fixed", "regressed"]
State = Literal["new", "ongoing", "worse", "better", "fixed", "regressed", "muted"]


@dataclass(frozen=True)
class Mute:
    """Say nothing of the point: until a day (included), until it is met `beyond` times as often, or for ever.

    `rate` is the share of sessions that met it when it was muted; `beyond` is measured against it.
    """

    until: str | None = None
    beyond: float | None = None
    rate: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Match:
    """A point of another id that is the same one: since when, how sure (0–1), and why, as codes."""

    id: str
    night: str
    score: float
    reasons: tuple[str, ...]
    page: str
    target: str | None


@dataclass(frozen=True)
class Life:
    """A friction point. `id` is the one it had first; `also` are those that it was met under since.

    `since`: first day of the course it is on. `level_from`: first day of the rate that is ordinary now; what lies
    before is no yardstick any more; `cost_from`: the same of its cost. `told`: the night on which something was said of
    it last.
    """

    id: str
    detector: str
    page: str
    target: str | None
    label: str | None
    title: str
    course: Course
    since: str
    first_seen: str
    last_seen: str
    days: Days
    level_from: str | None = None
    cost_from: str | None = None
    told: str | None = None
    costs: tuple[Cost, ...] = ()
    part_of: str | None = None
    spike: str | None = None
    """When the last spike that was told began, as ISO time."""
    also: tuple[Match, ...] = ()
    apart: tuple[str, ...] = ()
    """Ids that a person said are not this point."""
    mute: Mute | None = None
    owner: str | None = None
    note: str | None = None
    link: str | None = None
    facts: dict[str, float] = field(default_factory=dict)
    """Of the last change: `before` and `now` (shares of sessions), `low` and `high` (times as often), `q`; where its
    cost changed and not its rate, `cost_before` and `cost_now` (of 1,000 sessions)."""

    def is_muted(self, day: str) -> bool:
        """Whether nothing is said of it on that day."""
        return self.mute is not None and (self.mute.until is None or day <= self.mute.until)

    def state(self, day: str) -> State:
        """The word people see."""
        return "muted" if self.is_muted(day) else self.course

    def rate(self, days: int = 14) -> float | None:
        """The share of sessions that met it over its latest days; null without any."""
        known = sorted(self.days.items())[-days:]
        seen, met = (sum(counts[at] for _, counts in known) for at in (0, 1))
        return met / seen if seen else None

    @property
    def cost(self) -> Cost | None:
        """The latest."""
        return self.costs[-1] if self.costs else None

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids it was met under."""
        return (self.id, *(match.id for match in self.also))
