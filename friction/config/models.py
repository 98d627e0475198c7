"""What may be set: the sections of `friction.toml`, their keys, bounds and defaults.

Settings travel as JSON into the process that reads the data and, without what cannot change a result, into
the report. A section of a feature that does not exist yet is not here: it would be accepted and ignored.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator

from friction.config.funnels import Funnels
from friction.config.journey import JourneySettings, StageSettings
from friction.config.nights import BudgetSettings, NotifySettings, ScheduleSettings
from friction.config.rules import RuleName, RuleSettings
from friction.config.sources import SourceSettings
from friction.config.values import Count, Expression, Moment, Network, Pattern, Size, Zone
from friction.limits import NAMES, Limits

UNSEEN = {"memory", "time", "objects", "fetched", "output_size", "threads", "part_rows"}
"""Limits that end a run or leave its result alone: no part of a report."""


class Section(BaseModel):
    """A table of the configuration file: nothing but the keys named here, and never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GoalSettings(Section):
    """One `[goals.NAME]`; the first goal ranks."""

    when: Expression
    """What counts as a conversion, for example `event=purchase` or `page=/thanks`."""
    value: float | None = None
    """What one conversion is worth where the events themselves do not say."""
    currency: str | None = None
    """Currency of `value`, for example `EUR`."""


class PageSettings(Section):
    """`[pages]`: how addresses become page templates. Null and empty leave it to the addresses themselves."""

    templates: tuple[str, ...] = ()
    """Templates that hold whatever else is found, for example `/item/:slug`."""
    types: dict[str, tuple[str, ...]] = {}
    """Patterns of paths by page type, for example `checkout = ["/pay/*"]`."""
    main_host: str | None = None
    """The host whose pages are written without a host; null: the one with most views."""


class PrivacySettings(Section):
    """`[privacy]`: what is kept of people. Typed values, and what a file holds besides what is understood, are not."""

    keep: tuple[str, ...] = ()
    """Columns and properties besides those that are understood, by the names they have in the input; they are kept
    in `props`, masked like texts."""
    key: str | None = None
    """With which visitors are hashed; best given by FRICTION_PRIVACY__KEY. Never part of a report."""
    key_file: str | None = None
    """The file that holds the key, seen from the configuration file."""


class ExcludeSettings(Section):
    """`[exclude]`: sessions that do not count, such as those of the own people, of tests and of monitoring.

    A pattern holds for the whole text, `*` stands for anything in it.
    """

    ips: tuple[Network, ...] = ()
    """Networks, for example `203.0.113.0/24`, where the input says from where somebody came."""
    agents: tuple[Pattern, ...] = ()
    """What browsers send about themselves, for example `*Pingdom*`."""
    visitors: tuple[Pattern, ...] = ()
    """Ids of visitors, users or sessions as the input has them, for example `*@example.com`."""
    pages: tuple[Pattern, ...] = ()
    """Addresses, for example `*://staging.*` or `*/admin/*`: sessions that see one."""


class IdentitySettings(Section):
    """`[identity]`: who is the same person."""

    stitch: bool = True
    """Whether ids of devices and accounts and e-mail addresses are put together where events, tickets or customers
    name two of them; false: everybody is who the files say."""
    apart: tuple[str, ...] = ()
    """Ids and addresses, as the input has them, that are joined with nobody."""


class TimeSettings(Section):
    """`[time]`."""

    zone: Zone | None = None
    """Zone of days and hours, and of times that carry none; null: UTC is assumed, and the report says so."""


class LimitSettings(Section):
    """`[limits]`."""

    memory: Size | None = Limits.memory
    """Memory the analysis may use, in bytes or like `2GB`; null: 80 % of what the machine or its container has."""
    time: Annotated[float, Field(gt=0)] = Limits.time
    """Seconds the analysis may take."""
    size: Size = Limits.size
    """Size of one input file."""
    inflated_size: Size = Limits.inflated_size
    """What one compressed input may unpack to, all its members together."""
    ratio: Annotated[float, Field(ge=1)] = Limits.ratio
    """How many times larger than packed a content may be; judged from 64 MB of content on."""
    rows: Count = Limits.rows
    """Records of one file."""
    columns: Count = Limits.columns
    """Columns of one table."""
    line_length: Size = Limits.line_length
    """Size of one line of a table or of JSON lines."""
    depth: Annotated[int, Field(ge=1, le=1000)] = Limits.depth
    """Levels of nested JSON; the parsers themselves end soon after 1,000."""
    members: Count = Limits.members
    """Files in one archive."""
    nesting: Count = Limits.nesting
    """Archives and compressions inside one another."""
    objects: Count = Limits.objects
    """Objects of one place, such as the files below a folder of a bucket."""
    fetched: Size = Limits.fetched
    """What is fetched from one place."""
    output_size: Size = Limits.output_size
    """Size of any one file that is written, temporary ones included."""
    threads: Annotated[int, Field(ge=1)] | None = None
    """Threads of the analysis; null: one a processor. Never changes a result."""
    part_rows: Count | None = None
    """Rows worked on at a time; null: 250,000 to 750,000. Fewer need less memory. Never changes a result."""
    reject_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Share of rejected records above which a finished analysis ends with exit code 4."""

    def in_force(self) -> Limits:
        """As those want them who count."""
        return Limits(**{name: getattr(self, name) for name in NAMES})


class RetentionSettings(Section):
    """`[retention]`: how long a service keeps things; days from when they came about."""

    upload_hours: Annotated[float, Field(gt=0)] = 24
    """Hours that an upload waits as it was sent, if no analysis has used it up before."""
    event_days: Count = 90
    """Masked events, and the masked recordings and sessions that show friction points."""
    report_days: Count = 395
    """Reports, with all their forms, and friction points that were not seen for so long."""
    audit_days: Count = 395
    """Rows of the audit trail."""


class AnalysisSettings(Section):
    """`[analysis]`: what of the input is looked at, and for what."""

    detectors: tuple[str, ...] = ()
    """Names of the detectors to run; empty: all."""
    preset: str | None = None
    """The tool whose rules take the place of the detectors of the same name; null: friction's own."""
    since: Moment | None = None
    """Events from this date or time on, in `time.zone`."""
    until: Moment | None = None
    """Events before this time, or up to the end of this date, in `time.zone`."""

    @field_validator("until")
    @classmethod
    def _after(cls, until: str | None, given: ValidationInfo) -> str | None:
        """Times of which only one names its zone are left to the input, which tells what lies between them."""
        since = given.data.get("since")
        begins, ends = (_moment(text, days) for text, days in ((since, 0), (until, 1)))
        if begins and ends and (begins.tzinfo is None) == (ends.tzinfo is None) and ends <= begins:
            raise ValueError(f"{until} ends the period before it begins at {since}")
        return until

    top: Annotated[int, Field(ge=1)] = 10
    """Rows of the printed table; files hold all points."""
    journey: bool = False
    """Whether the report also holds the customer journey; `friction journey` always does."""


class Settings(Section):
    """Everything that is in force in one run."""

    analysis: AnalysisSettings = AnalysisSettings()
    budgets: BudgetSettings = BudgetSettings()
    detectors: dict[str, dict[str, JsonValue]] = {}
    """`[detectors.NAME]`: thresholds of a detector; `friction detectors show NAME` lists them."""
    exclude: ExcludeSettings = ExcludeSettings()
    funnels: Funnels = {}
    """`[funnels.NAME]`: steps that people pass in order."""
    goals: dict[str, GoalSettings] = {}
    identity: IdentitySettings = IdentitySettings()
    journey: JourneySettings = JourneySettings()
    lang: Literal["en", "fr"] | None = None
    """Language of what people read; null: the one of the system. Never changes a result."""
    limits: LimitSettings = LimitSettings()
    mapping: dict[str, str] = {}
    """Columns of the event table and the names they have in the input, where the guess is wrong."""
    notify: dict[str, NotifySettings] = {}
    """`[notify.NAME]`: who hears of nightly scans, and how."""
    pages: PageSettings = PageSettings()
    privacy: PrivacySettings = PrivacySettings()
    retention: RetentionSettings = RetentionSettings()
    rules: dict[RuleName, RuleSettings] = {}
    """`[rules.NAME]`: detectors of your own."""
    schedule: ScheduleSettings = ScheduleSettings()
    sources: dict[str, SourceSettings] = {}
    """`[sources.NAME]`: places outside, to be named as `source:NAME`."""
    stages: StageSettings = StageSettings()
    time: TimeSettings = TimeSettings()

    def in_report(self) -> dict[str, Any]:
        """The settings as the report keeps them: without those that cannot change a result, the key, and where the
        data lie."""
        unseen: dict[str, Any] = {
            **dict.fromkeys(("budgets", "lang", "notify", "retention", "schedule"), True),
            "limits": UNSEEN,
            "analysis": {"top"},
            "privacy": {"key", "key_file"},
            "sources": True,
        }
        return self.model_dump(mode="json", exclude=unseen)

    def period(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        """`since` and `until` as UTC instants, the first inclusive, the second exclusive."""
        zone = ZoneInfo(self.time.zone or "UTC")
        return _instant(self.analysis.since, zone, 0), _instant(self.analysis.until, zone, 1)


def _instant(text: str | None, zone: ZoneInfo, days: int) -> dt.datetime | None:
    """The UTC instant of a date or time in `zone`; a bare date is moved by `days` first."""
    moment = _moment(text, days)
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)


def _moment(text: str | None, days: int) -> dt.datetime | None:
    """The date or time as it is written; a bare date is moved by `days`."""
    if text is None:
        return None
    moment = dt.datetime.fromisoformat(text)
    return moment if "T" in text or " " in text else moment + dt.timedelta(days=days)


def json_schema() -> dict[str, Any]:
    """JSON Schema of the configuration file, as `friction schema config` prints it."""
    from friction.config.described import described

    return described(Settings.model_json_schema(), Settings)
