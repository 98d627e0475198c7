"""The recognition card: what the files are and what can be said with them, as small values without sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from friction.i18n import Language
from friction.render.notes import left_out
from friction.render.safe import clean
from friction.render.words import members
from friction.report import PassedOver


@dataclass(frozen=True)
class File:
    """One file: its source in words, its rows, and by which of its columns it was known."""

    name: str
    source: str
    rows: int
    rejected: int
    used: tuple[str, ...]
    unused: tuple[str, ...]
    confidence: float | None
    """How sure the source is, 0–1; null for a table of no tool."""
    told_by: tuple[str, ...]
    """Names in the file that the source is known by."""


@dataclass(frozen=True)
class Check:
    """One check of the data's quality with its verdict and what is to be said about it."""

    check: str
    verdict: str
    detail: str


@dataclass(frozen=True)
class Card:
    """What is known before anything is analysed."""

    files: list[File]
    passed_over: list[str]
    """Each file that was not read, with why."""
    files_passed_over: int
    """How many of the files that were sent, members of archives not counted."""
    has_events: bool
    rows: int
    rejected: int
    events: int
    sessions: int
    visitors: int
    start: str | None
    end: str | None
    pages: list[tuple[str, int]]
    assessable: list[str]
    not_assessable: list[tuple[str, str]]
    checks: list[Check]
    rejects: list[tuple[str, int]]
    has_goal: bool

    @property
    def is_held_back(self) -> bool:
        """Whether a check says that findings would mislead."""
        return any(each.verdict == "held_back" for each in self.checks)

    @property
    def remarks(self) -> int:
        """How many checks have something to say."""
        return sum(each.verdict == "remark" for each in self.checks)


WITHIN = " › "
"""Between the name of an archive and that of what lies in it (`friction.tables.archives`)."""
_ORDER = {"held_back": 0, "remark": 1, "good": 2}


def card(found: Mapping[str, Any], speak: Language) -> Card:
    """The card of an inspection."""
    why = {each["name"]: each for each in found.get("recognition", ())}
    passed = [PassedOver(**each) for each in found.get("passed_over", ())]
    checks = [
        Check(each["check"], each["verdict"], members(each["detail"], speak)) for each in found["quality"]
    ]
    return Card(
        files=[_file(each, why.get(each["name"], {})) for each in found["files"]],
        passed_over=[left_out(each, speak) for each in passed],
        files_passed_over=sum(each.members for each in passed if each.file == each.example),
        has_events=bool(found["events"]),
        rows=sum(each["rows_total"] for each in found["files"]),
        rejected=sum(each["rows_rejected"] for each in found["files"]),
        events=found["events"],
        sessions=found.get("sessions", 0),
        visitors=found.get("visitors", 0),
        start=found.get("start"),
        end=found.get("end"),
        pages=[(each["page"], each["views"]) for each in found.get("pages", [])],
        assessable=list(found["assessable"]),
        not_assessable=sorted(found["not_assessable"].items()),
        checks=sorted(checks, key=lambda each: _ORDER.get(each.verdict, 3)),
        rejects=sorted(found["rejected"].items(), key=lambda pair: -pair[1]),
        has_goal="has_conversion" in found["capabilities"],
    )


def _file(each: Mapping[str, Any], why: Mapping[str, Any]) -> File:
    columns: Mapping[str, str | None] = each["facts"].get("columns") or {}
    return File(
        name=clean(WITHIN.join(part.rpartition("/")[2] for part in each["name"].split(WITHIN)), 120),
        source=each["source"],
        rows=each["rows_total"],
        rejected=each["rows_rejected"],
        used=tuple(theirs for theirs, ours in columns.items() if ours is not None),
        unused=tuple(theirs for theirs, ours in columns.items() if ours is None),
        confidence=why.get("confidence"),
        told_by=tuple(clean(str(name), 60) for name in why.get("told_by", ())),
    )
