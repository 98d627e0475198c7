"""Two reports side by side: are they the same (`exact`), and what changed (`difference`).

Changes are judged per 1,000 sessions, since two analyses seldom cover the same number of sessions, and by the
intervals: a point is worse when the whole new interval lies above the whole old one. That is careful: of two
intervals that just touch, the difference is already beyond the usual 95 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from friction.errors import InputError
from friction.report import Point, Report

State = Literal["new", "worse", "same", "better", "gone", "unknown"]

POSITIONS = frozenset(
    {
        *("input.files", "input.rejects", "input.passed_over"),
        *(
            f"{points}[].evidence[].{name}"
            for points in ("points", "aside")
            for name in ("file", "rows", "more", "around[].row")
        ),
        *(f"{points}[].evidence[].line" for points in ("points", "aside")),
    }
)
"""What names a place in the input: the same events in other files or another order differ only there."""


@dataclass(frozen=True)
class Change:
    """One friction point in both reports; `old` or `new` is null where it is not in one of them."""

    id: str
    state: State
    old: Point | None
    new: Point | None

    @property
    def point(self) -> Point:
        """The point as it was seen last."""
        point = self.new or self.old
        assert point is not None
        return point


@dataclass(frozen=True)
class Difference:
    """What changed, new and worse points first; `remarks` are codes of what makes the two hard to compare."""

    changes: list[Change]
    remarks: list[str]


def exact(old: bytes, new: bytes) -> list[str]:
    """Paths of the members that differ, in the order of the old report, without those of `POSITIONS`."""
    return list(_differing(_read(old), _read(new), "", ""))


def difference(old: Report, new: Report) -> Difference:
    """Every point of either report with what became of it."""
    before = {point.id: point for point in old.points}
    after = {point.id: point for point in new.points}
    changes = [
        Change(id, _state(before.get(id), after.get(id), old, new), before.get(id), after.get(id))
        for id in sorted({*before, *after})
    ]
    order = ("new", "worse", "unknown", "same", "better", "gone")
    changes.sort(key=lambda change: (order.index(change.state), change.point.rank or 0, change.id))
    return Difference(changes, list(_remarks(old, new)))


def per_1000(point: Point, report: Report) -> tuple[float, float, float] | None:
    """Estimate, low and high end per 1,000 sessions; null where the cost cannot be said."""
    impact, sessions = point.impact, report.input.sessions
    if impact.estimate is None or impact.low is None or impact.high is None or not sessions:
        return None
    return (1000 * impact.estimate / sessions, 1000 * impact.low / sessions, 1000 * impact.high / sessions)


def _state(before: Point | None, after: Point | None, old: Report, new: Report) -> State:
    if before is None:
        return "new"
    if after is None:
        return "gone"
    was, now = per_1000(before, old), per_1000(after, new)
    if was is None or now is None or before.impact.metric != after.impact.metric:
        return "unknown"
    return "worse" if now[1] > was[2] else "better" if now[2] < was[1] else "same"


def _remarks(old: Report, new: Report) -> Iterator[str]:
    if (old.goal and old.goal.definition) != (new.goal and new.goal.definition):
        yield "goals_differ"
    if old.settings != new.settings:
        yield "settings_differ"
    if old.friction_version != new.friction_version:
        yield "versions_differ"


def _read(report: bytes) -> Any:
    try:
        return orjson.loads(report)
    except orjson.JSONDecodeError:
        remedy = "give the JSON that friction analyze -o report.json writes"
        raise InputError("report.unreadable", "this is not a report of friction", remedy=remedy) from None


def _differing(old: Any, new: Any, path: str, kind: str) -> Iterator[str]:
    """Differing paths below `path`; `kind` is the path without the indices."""
    if kind in POSITIONS:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = (f"{path}.{key}".lstrip("."), f"{kind}.{key}".lstrip("."))
            if key in old and key in new:
                yield from _differing(old[key], new[key], *inner)
            elif inner[1] not in POSITIONS:
                yield inner[0]
    elif isinstance(old, list) and isinstance(new, list):
        for index, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from _differing(one, other, f"{path}[{index}]", f"{kind}[]")
        yield from (f"{path}[{index}]" for index in range(min(len(old), len(new)), max(len(old), len(new))))
    elif type(old) is not type(new) or old != new:
        yield path
