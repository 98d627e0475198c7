"""The report: the ranked friction points of one analysis, as small frozen values.

Shares lie in 0–1, times are ISO 8601 text in UTC, durations are in the unit their name says. `null` means "cannot be
said", never zero. The same input, configuration and version give the same bytes (`Report.to_json`).
This module loads without Polars: the command line and the service read reports, they do not compute them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from friction.heard import Heard, Identity
from friction.journey_map import Journey
from friction.tallies import Marks, Tally

SCHEMA_VERSION = "1"

Confidence = Literal["high", "medium", "low"]
Metric = Literal["lost_conversions", "extra_exits"]
Precision = Literal["figure", "rough", "upper_end"]


@dataclass(frozen=True)
class FileBooks:
    """One input file; `rows_total = rows_accepted + rows_rejected`, exactly.

    Accepted are also records that tell an event once more, of which `facts["repeated"]` says how many, those outside
    the period asked for, and those of sessions that `[exclude]` left out.
    """

    name: str
    source: str
    sha256: str
    rows_total: int
    rows_accepted: int
    rows_rejected: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """One rejected record of the sample: physical line where known, column and reason code."""

    file: str
    line: int | None
    column: str | None
    reason: str


LOSSES = frozenset(
    "cut_off damaged wrong_size wrong_checksum encrypted unsupported input.damaged_archive input.unreadable".split()
)
"""Reasons for which members are passed over although they may hold events."""


@dataclass(frozen=True)
class PassedOver:
    """Members of an archive that were not read, for one reason: how many, and the first of them."""

    file: str
    """The archive."""
    reason: str
    """A code: `folder`, `system_file`, `empty`, `link`, `device`, `encrypted`, `unsupported`, `cut_off`, `damaged`,
    `wrong_size`, `wrong_checksum`, or that of the error with which the member was refused."""
    members: int
    example: str

    @property
    def is_loss(self) -> bool:
        """Data may be missing; otherwise the members were none."""
        return self.reason in LOSSES or self.reason.startswith("limit.")


@dataclass(frozen=True)
class Excluded:
    """Sessions that one line of `[exclude]` left out; one that several fit counts for the first."""

    rule: Literal["ips", "agents", "visitors", "pages"]
    pattern: str
    sessions: int
    events: int


@dataclass(frozen=True)
class Privacy:
    """Under which policy the words of the report were masked."""

    policy: str
    """Its version; `friction inspect --privacy` shows what it does."""
    visitors: Literal["keyed", "hashed"]
    """Whether ids of visitors were hashed with a key of the project."""


@dataclass(frozen=True)
class RejectCount:
    """How many records were set aside for one reason."""

    reason: str
    rows: int


@dataclass(frozen=True)
class Input:
    """What was read."""

    files: list[FileBooks]
    rows_total: int
    rows_accepted: int
    rows_rejected: int
    rejects: list[Reject]
    rejected_by_reason: list[RejectCount]
    events: int
    sessions: int
    visitors: int
    pages: int
    start: str | None
    end: str | None
    capabilities: list[str]
    passed_over: list[PassedOver] = field(default_factory=list)
    """What archives held and was not read."""
    excluded: list[Excluded] = field(default_factory=list)
    """What `[exclude]` left out; not part of `events` and `sessions`."""


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
    """An event or page that could serve as a goal, proposed when none is known."""

    definition: str
    sessions: int
    reason: str


@dataclass(frozen=True)
class Quality:
    """One check of the data: `good`, `remark` or `held_back`, with its figures."""

    check: str
    verdict: Literal["good", "remark", "held_back"]
    detail: dict[str, Any]


@dataclass(frozen=True)
class DetectorRun:
    """What became of one detector."""

    name: str
    preset: str | None
    parameters: dict[str, Any]
    status: Literal["ran", "skipped", "failed"]
    reason: str | None
    findings: int


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


@dataclass(frozen=True)
class TrendPoint:
    """One day: sessions that saw the page, sessions that met the friction."""

    start: str
    exposed: int
    affected: int


@dataclass(frozen=True)
class Segment:
    """Where a point is over-represented: its affected share there against elsewhere."""

    dimension: str
    value: str
    sessions_affected: int
    sessions_exposed: int
    lift: float


@dataclass(frozen=True)
class Rows:
    """Row numbers (`row_no`, from 1) in one file."""

    file: str
    rows: list[int]


@dataclass(frozen=True)
class Around:
    """One event, or a run of like ones, near a moment of evidence: `at_ms` from its start, negative before it."""

    at_ms: int
    for_ms: int
    """From the first to the last event of a run; 0 for a single event."""
    kind: str
    what: str | None
    """The page of a page view, the field of an input, else the element; null where none is known."""
    count: int
    row: int
    """Of the first event, in the file of the evidence or another one of `more`."""


@dataclass(frozen=True)
class Evidence:
    """One moment that shows the point, leading back to file and rows. `more` holds rows that lie in other files."""

    session_id: str
    start: str
    end: str
    events: int
    severity: float
    file: str
    rows: list[int]
    more: list[Rows]
    detail: dict[str, Any]
    replay_url: str | None = None
    around: list[Around] = field(default_factory=list)
    """What happened in the session from 20 s before to 30 s after, for the first moments of the costliest points."""


@dataclass(frozen=True)
class Recommendation:
    """What to do, how much work it is likely to be, and what would prove this point wrong.

    `text` and `check` are English, for reading: what shows a report to people says them in their language, by the
    detector of the point.
    """

    code: str
    effort: Literal["small", "medium", "large"]
    check: str
    text: str


@dataclass(frozen=True)
class Window:
    """When a series was out of its ordinary range; `end` null while it lasts."""

    start: str
    end: str | None
    baseline: float
    observed: float


@dataclass(frozen=True)
class FormField:
    """One field of a form: who touched it, who left the form there, how long and how often people worked on it."""

    field: str
    sessions: int
    abandoned_here: int
    hesitation_p50_ms: float | None
    corrections: int


@dataclass(frozen=True)
class Point:
    """One friction point: a detector's findings on one page template and target."""

    rank: int | None
    id: str
    detector: str
    page: str
    target: str | None
    title: str
    """What happens and where, in English, for reading; in other languages it is made from detector, page and label."""
    stage: str | None
    severity: float
    score: float | None
    score_parts: dict[str, float]
    findings: int
    sessions_affected: int
    sessions_exposed: int
    affected_share: float | None
    visitors_affected: int
    impact: Impact
    trend: list[TrendPoint]
    first_seen: str
    last_seen: str
    segments: list[Segment]
    window: Window | None
    steps: dict[str, str] | None
    fields: list[FormField]
    facts: dict[str, Any]
    evidence: list[Evidence]
    recommendation: Recommendation
    overlaps: list[str]
    reason: str | None = None
    part_of: str | None = None
    """The id of the point that stands for the same cause: the same element, in nearly all of the same page views."""
    label: str | None = None
    """What the element says, as recorded; null where it says nothing or different things."""


def leading(points: Sequence[Point]) -> list[Point]:
    """The points that lead, in order: those that are part of another one's cause are left to it."""
    return [point for point in points if point.part_of is None]


def parts_of(point: Point, points: Sequence[Point]) -> list[Point]:
    """The points that stand for the same cause as this one, in order."""
    return [other for other in points if other.part_of == point.id]


@dataclass(frozen=True)
class Suppressed:
    """Findings that have the shape of friction and are not counted, with the reason."""

    detector: str
    page: str
    target: str | None
    findings: int
    reason: str


@dataclass(frozen=True)
class Rare:
    """Points too rare to judge that are not in `points` one by one."""

    points: int
    findings: int
    listed: int


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


@dataclass(frozen=True)
class SeriesChange:
    """A stretch out of the ordinary of a series: a *spike*, a lasting *shift*, or a *fall*, which is an improvement."""

    kind: Literal["spike", "shift", "fall"]
    start: str
    end: str | None
    """Null while it lasts."""
    n: int
    k: int
    expected: float
    """What the series before lets expect in place of `k`."""
    rate_before: float
    rate_in: float
    ratio: Range
    """`k` over `expected`."""
    p_value: float
    """The chance of as much anywhere in a series this long where nothing happens."""
    q_value: float
    """The share of false ones among all changes at least this clear, over all series that were watched."""
    segments: list[Segment]
    """The visitors it comes from, where some rose alone."""
    reason: str | None = None
    """Why a rise is no alarm, as a code: `other_visitors`, when it came with a surge of a kind that leaves more."""


@dataclass(frozen=True)
class Series:
    """A rate that was watched over time: `k` events out of `n` chances, and when it left its ordinary range."""

    measure: str
    """`exits` of a page, `step` (sessions at a funnel step that did not go on, in order), `step_any_order` (the same
    when the order does not matter), or the name of a detector: page views with its friction."""
    page: str | None
    """Null: the whole site."""
    to: str | None
    """Of a funnel step, the one after; null for the goal."""
    point: str | None
    """Id of the friction point whose views are counted."""
    bucket: Literal["hour", "day"]
    n: int
    k: int
    smallest_lift: float | None
    """The rise, as a share of the rate, below which 24 hours out of the ordinary are mostly missed."""
    reason: str | None
    """Why nothing can be said of it."""
    changes: list[SeriesChange]


@dataclass(frozen=True)
class Report:
    """The ranked friction points of one analysis, with everything that led to them."""

    input: Input
    goal: Goal | None
    goals: list[Goal]
    candidates: list[Candidate]
    quality: list[Quality]
    detectors: list[DetectorRun]
    points: list[Point]
    rare: Rare
    aside: list[Point]
    suppressed: list[Suppressed]
    settings: dict[str, Any]
    friction_version: str
    schema_version: str = SCHEMA_VERSION
    funnels: list[Funnel] = field(default_factory=list)
    privacy: Privacy | None = None
    series: list[Series] = field(default_factory=list)
    """Rates over time that were watched, those with a change first; only where spikes of exits are looked for."""
    days: list[Day] = field(default_factory=list)
    """Every day from the first to the last."""
    pages: list[PageSeen] = field(default_factory=list)
    """The pages that most sessions saw, at most 500."""
    counted: list[Tally] = field(default_factory=list)
    """What tools counted themselves, in files that hold no events; never part of `points`."""
    marks: list[Marks] = field(default_factory=list)
    """Verdicts of tools on single clicks or sessions, beside our own, with the agreement."""
    heard: Heard | None = None
    """What customers said in surveys and calls for help, and what a customer system knows; null without such files."""
    identity: Identity | None = None
    """How ids of devices, accounts and addresses were put together to people; null where nothing names two."""
    journey: Journey | None = None
    """The customer journey, where it was asked for (`[analysis] journey`)."""

    def to_json(self) -> bytes:
        """Canonical bytes: keys sorted, numbers rounded to six significant digits, a newline at the end."""
        import orjson

        options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(rounded(orjson.loads(orjson.dumps(self))), option=options)

    @classmethod
    def from_json(cls, data: bytes | str) -> Report:
        """Read a report back; raises `InputError` when it is none, or of a later schema."""
        import orjson
        from pydantic import TypeAdapter, ValidationError

        from friction.errors import InputError

        try:
            return TypeAdapter(cls).validate_python(orjson.loads(data))
        except (ValidationError, orjson.JSONDecodeError):
            remedy = "give the JSON that friction analyze -o report.json writes"
            raise InputError("report.unreadable", "this is not a report of friction", remedy=remedy) from None


def rounded(value: Any) -> Any:
    """The same JSON value with floats at six significant digits (`flow.md` §4); not-a-number becomes null.

    Looks at exact types, since a report has many values and what comes from JSON has no others.
    """
    kind = type(value)
    if kind is float:
        return float(f"{value:.6g}") + 0.0 if value - value == 0 else None
    if kind is dict:
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if kind is list else value


def json_schema() -> dict[str, Any]:
    """JSON Schema of the report, as `friction schema report` prints it."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report).json_schema(mode="serialization")
