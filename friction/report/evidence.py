"""Moments that show a point, leading back to file and rows."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from friction.values import dataclass


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
