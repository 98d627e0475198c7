"""What a service answers, as values. Their members are those of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, Self

from friction.values import dataclass

State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True)
class Upload:
    """A file that was sent."""

    id: str
    name: str
    state: Literal["receiving", "stored", "kept", "removed"]
    bytes: int
    sha256: str | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """From the answer's members."""
        return cls(answer["upload_id"], answer["name"], answer["state"], answer["bytes"], answer["sha256"])


@dataclass(frozen=True)
class Job:
    """One analysis; `share` is what is done of `stage`, 0–1; `problem` says why it failed."""

    id: str
    report_id: str
    state: State
    stage: str | None
    share: float
    rows: int
    problem: dict[str, Any] | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """From the answer's members."""
        rest = (answer[name] for name in ("report_id", "state", "stage", "share", "rows", "problem"))
        return cls(answer["job_id"], *rest)

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Report:
    """A finished report, in short."""

    id: str
    job_id: str
    created: dt.datetime
    summary: dict[str, Any]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """From the answer's members."""
        created = dt.datetime.fromisoformat(answer["created"])
        return cls(answer["report_id"], answer["job_id"], created, answer["summary"])
