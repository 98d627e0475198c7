"""What a rule finds, event by event in plain Python: slow, and written from its words alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """Bits instead of conditions: `when` and `without` of a row are sets of numbers."""

    when: int
    times: int = 1
    within_ms: int | None = None
    without: int | None = None


@dataclass(frozen=True)
class Sequence:
    """The rule as the oracle wants it."""

    steps: tuple[Step, ...]
    within_ms: int | None = None
    unless: int | None = None
    unless_ms: int = 30_000
    across_pages: bool = False
    same_target: bool = False
    events: list[Step] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Way:
    """How a row came to be the latest event of a sequence."""

    rows: tuple[int, ...]
    since: datetime
    on: str | None


def occurrences(rule: Sequence, rows: list[Row]) -> list[tuple[int, tuple[int, ...], str | None]]:
    """Findings of one session: trigger, rows and target; `rows` have `ts, view, target, is_` (numbers that hold)."""
    events = [step for step in rule.steps for _ in range(step.times)]
    ways: list[dict[int, Way]] = [
        {
            at: Way((at,), row["ts"], row["target"])
            for at, row in enumerate(rows)
            if events[0].when in row["is_"]
        }
    ]
    for step in events[1:]:
        ways.append({at: way for at in range(len(rows)) if (way := _reached(rule, step, rows, at, ways[-1]))})
    ends = [(at, way) for at, way in sorted(ways[-1].items()) if not _taken_back(rule, rows, at)]
    found: list[tuple[int, tuple[int, ...], str | None]] = []
    last = -1
    for at, way in ends:
        if found and way.rows[0] <= last:
            trigger, held, on = found[-1]
            found[-1] = (trigger, tuple(sorted({*held, *way.rows})), on)
        else:
            found.append((at, way.rows, way.on))
        last = at
    return found


def _reached(rule: Sequence, step: Step, rows: list[Row], at: int, before: dict[int, Way]) -> Way | None:
    row = rows[at]
    came = [number for number in before if number < at]
    if step.when not in row["is_"] or not came:
        return None
    last = max(came)
    way = before[last]
    too_late = step.within_ms is not None and row["ts"] - rows[last]["ts"] > timedelta(
        milliseconds=step.within_ms
    )
    too_long = rule.within_ms is not None and row["ts"] - way.since > timedelta(milliseconds=rule.within_ms)
    elsewhere = not rule.across_pages and row["view"] != rows[last]["view"]
    excluded = step.without is not None and any(step.without in each["is_"] for each in rows[last + 1 : at])
    other = rule.same_target and None not in (row["target"], way.on) and row["target"] != way.on
    if too_late or too_long or elsewhere or excluded or other:
        return None
    return Way((*way.rows, at), way.since, row["target"] or way.on)


def _taken_back(rule: Sequence, rows: list[Row], at: int) -> bool:
    if rule.unless is None:
        return False
    soon = rows[at]["ts"] + timedelta(milliseconds=rule.unless_ms)
    return any(rule.unless in row["is_"] and row["ts"] <= soon for row in rows[at + 1 :])
