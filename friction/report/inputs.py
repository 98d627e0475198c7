"""What was read, and under which conditions: files, books, what was set aside, checks, what ran."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from friction.values import dataclass


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
    """Members of an archive that were not read, for one reason: how many, and the first of them; or one file."""

    file: str
    """The archive; the file itself where it was an input among others."""
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
