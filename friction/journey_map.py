"""The customer journey of one analysis, as small frozen values: what the map is drawn from.

Part of a report (`friction.report.Report.journey`) where it was asked for. Words are codes, for the languages: stages,
rules, channels, features and the like; only pages, events and names of settings are texts of the data. Shares lie in
0–1, scores of surveys on their own scales, durations in the unit their name says; null means "cannot be said".
This module loads without Polars.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from friction.values import dataclass

STAGES = ("awareness", "consideration", "decision", "retention", "advocacy")

Stage = Literal["awareness", "consideration", "decision", "retention", "advocacy"]
Unit = Literal["share", "score", "mean", "days", "touches", "per_1000"]


@dataclass(frozen=True)
class Figure:
    """An estimate with its 95 % interval; `n` is what it rests on: sessions, visitors, answers, conversions."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Part:
    """A named part of a whole: a channel of a stage, a stage of a persona; `share` is of the whole's sessions."""

    name: str
    sessions: int
    share: float


@dataclass(frozen=True)
class RuleFired:
    """How many sessions of a stage are in it by this rule (`friction.journey.stages.RULES`)."""

    rule: str
    sessions: int


@dataclass(frozen=True)
class Touchpoint:
    """Where people meet the product: a kind of page or event, reached through a channel."""

    channel: str
    group: str
    """A page type (`product`), `page` for pages without one, or an event: `search`, `cart`, `support`, `survey` …"""
    name: str | None
    """The page most seen in it, or the event's own name where it is none of the product."""
    in_product: bool
    """Whether it is a page or event of the product itself; a ticket, a call or a store visit is not."""
    stage: str
    """The stage most of its sessions had reached there."""
    sessions: int
    visitors: int
    conversion: Figure
    """Share of these sessions that convert."""


@dataclass(frozen=True)
class Emotion:
    """A stand-in for how people fare, -1 to +1; not a measurement of feelings.

    w x answers + (1 - w) x friction, with w = n / (n + 50) for n answers. `answers` is their mean on -1 to +1 (0–10:
    (s - 5) / 5; 1–5: (s - 3) / 2; 1–7: (s - 4) / 3), `friction` minus the share of sessions that met a friction point.
    """

    value: Figure
    answers: Figure
    friction: Figure
    is_thin: bool
    """Fewer than 50 answers: mostly friction speaks."""


@dataclass(frozen=True)
class Kpi:
    """One figure of the journey, for everybody or for a part of them."""

    name: str
    """`conversion, duration_mean, duration_median, touches, retention, repeat_purchase, nps, csat, ces, contacts`."""
    unit: Unit
    figure: Figure
    stage: str
    """The stage it speaks of."""
    dimension: Literal["all", "stage", "channel", "persona", "device", "month"] = "all"
    value: str | None = None
    """Of the dimension."""


@dataclass(frozen=True)
class StageColumn:
    """A stage of the map."""

    stage: str
    sessions: int
    share: float
    visitors: int
    rules: list[RuleFired]
    goes_on: Figure | None
    """Share of its visitors who also reach the next stage, then or later; of decision, those who convert."""
    channels: list[Part]
    touchpoints: list[Part]
    """What its sessions meet, most first: groups of touchpoints; of a contact outside of the product `=` and a name."""
    emotion: Emotion | None
    points: list[str]
    """Ids of the friction points that strike in it, costliest first."""
    friction: Figure
    """Share of its sessions that met any friction point in this stage."""


@dataclass(frozen=True)
class Transition:
    """Visitors whose next session was in another stage, or the same one."""

    origin: str
    to: str
    visitors: int


@dataclass(frozen=True)
class Met:
    """A friction point that visitors of a channel or kind meet."""

    point: str
    sessions: int
    """That met it."""
    share: float
    """Of the sessions of this channel or kind."""
    elsewhere: float
    """Share among all other sessions."""
    cost: float | None
    """Of the point's estimate, as much as these sessions are of those it hit; null where it cannot be costed."""


@dataclass(frozen=True)
class Channel:
    """A way by which people come (`friction.journey.channels`)."""

    channel: str
    sessions: int
    share: float
    visitors: int
    conversion: Figure
    credits: dict[str, float]
    """Conversions by model of attribution (`friction.journey.attribution.MODELS`)."""
    stages: list[Part]
    frictions: list[Met]
    told: list[Part]
    """What sources said that became this channel, most sessions first."""


@dataclass(frozen=True)
class Feature:
    """What sets a persona apart: its mean, and how far from that of all it lies, in standard deviations."""

    name: str
    distance: float
    mean: float
    overall: float


@dataclass(frozen=True)
class Persona:
    """A kind of visitors by behaviour, or a segment by a rule of the settings."""

    id: str
    """`persona_1` … by size; of a segment its name."""
    origin: Literal["behaviour", "rule"]
    features: list[Feature]
    """Strongest first; the first two name it. None for a segment by rule."""
    visitors: int
    share: float
    sessions: int
    conversion: Figure
    """Share of visitors who convert."""
    goals: list[Part]
    """Goals reached, by definition."""
    channels: list[Part]
    stages: list[Part]
    devices: list[Part]
    frictions: list[Met]
    """What they meet, costliest first, at most 8."""


@dataclass(frozen=True)
class VisitorPath:
    """A way over sessions, as channels and stages in turn, and how many visitors went it."""

    steps: list[str]
    visitors: int
    converted: int


@dataclass(frozen=True)
class Action:
    """What to do about a friction point; people's own words about it are kept beside, not here."""

    point: str
    stage: str
    code: str
    """The detector, by which the recommendation is said in words."""
    effort: Literal["small", "medium", "large"]
    confidence: Literal["high", "medium", "low"]
    gain: Figure
    """In the unit of the report's cost; `n` is the sessions it hit."""
    priority: float
    """Expected gain, weighed down by doubt and effort: gain x (1, 0.7, 0.3) / (1, 2, 4)."""


@dataclass(frozen=True)
class Segment:
    """A named segment by rule, as it was asked for."""

    name: str
    when: str


@dataclass(frozen=True)
class Journey:
    """Everything the map, its views and its exports are drawn from."""

    sessions: int
    visitors: int
    conversions: int
    goal: str | None
    start: str | None
    end: str | None
    stages: list[StageColumn]
    """Five, in order."""
    transitions: list[Transition]
    channels: list[Channel]
    """Most sessions first."""
    touchpoints: list[Touchpoint]
    """Most sessions first, at most 60."""
    personas: list[Persona]
    kpis: list[Kpi]
    attribution_paths: dict[str, float]
    """Books of attribution: `conversions, paths, touches, look_back_days, half_life_days`."""
    paths: list[VisitorPath]
    actions: list[Action]
    """By priority."""
    page_roles: dict[str, str] = field(default_factory=dict)
    """What the pages of friction points are for the journey: a page type, or more exactly `pricing, intent` …"""
    facts: dict[str, float] = field(default_factory=dict)
    """What the figures rest on: `stability_K` of K kinds, `answers`, `contacts`, `offline_sessions`, `no_channel`."""

    @property
    def has_service(self) -> bool:
        """Whether tickets, calls, chats or store visits are in the data: what a service blueprint needs."""
        return any(not each.in_product and each.group != "survey" for each in self.touchpoints) or bool(
            self.facts.get("contacts")
        )

    def stage(self, name: str) -> StageColumn:
        """The column of a stage."""
        return next(each for each in self.stages if each.stage == name)
