"""Did the page answer a click, and after how long?

An answer is the first of these after the press of the click and within `LOOK_AHEAD_MS`: a change of the
page, a new style sheet rule, a drawing on a canvas, a page view or route change, a request, a media event,
an input elsewhere, a focus that goes to another control, a non-empty selection; a scroll only within
`SCROLL_MS`, because people scroll on their own; a hidden or shown window within `VISIBILITY_MS`. Looking
back to the press covers menus that open on it.

What changes all the time answers nobody. A node (or the children of one parent together) is restless when
it changed at least `RESTLESS` times in the `LOOK_BACK_MS` before the press, was still changing in the last
second, and not merely once after each thing the visitor did: the number in a stepper changes with every
click and does answer it. So is what keeps time by itself, however slowly (`friction.recordings.rhythm`).
Changes of restless nodes and of cursor overlays are no answers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from friction.recordings.mirror import Mirror, arrivals, items
from friction.recordings.nodes import attribute
from friction.recordings.rhythm import BEATS, keeps_time

LOOK_AHEAD_MS = 3_000.0
LOOK_BACK_MS = 3_000.0
RESTLESS = 3
STILL_MS = 1_000.0
SCROLL_MS = 300.0
VISIBILITY_MS = 1_000.0
NO_PRESS_MS = 100.0
"""How far to look back where the press was not recorded."""
KEPT_MS = 2 * LOOK_BACK_MS
LATE_MS = 30_000.0
"""How long an open click is kept: a request is recorded when it ends, but counts when it started."""

_OVERLAY = re.compile(r"cursor|(?:mouse|pointer)[-_]?follow", re.IGNORECASE)
_UNTOUCHABLE = re.compile(r"pointer-events\s*:\s*none")

Change = tuple[int, int | None]
"""A changed node, and for changed attributes its parent."""


@dataclass
class _Burst:
    """What one mutation event changed; when the visitor had last done something, and how much in all."""

    ts: float
    acted: float
    acts: int
    mirror: Mirror
    data: dict[str, Any]
    _changes: tuple[Change, ...] | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """Worked out only when a click is near, which most changes are not."""
        if self._changes is None:
            self._changes = tuple(_changes(self.mirror, self.data))
        return self._changes


@dataclass
class _Open:
    """A click that still waits for an answer."""

    row: dict[str, Any]
    ts: float
    nodes: frozenset[int]
    groups: frozenset[int]
    own: frozenset[int]


@dataclass
class Reactions:
    """The open clicks and the recent changes of one window. Times are milliseconds."""

    mirror: Mirror
    _recent: deque[_Burst] = field(default_factory=deque)
    _open: list[_Open] = field(default_factory=list)
    _acted: float = float("-inf")
    _acts: int = 0

    def act(self, ts: float) -> None:
        """The visitor did something."""
        self._acted = ts
        self._acts += 1

    def click(self, row: dict[str, Any], ts: float, press: float | None, own: frozenset[int]) -> None:
        """Open a click; `own` are the clicked node and those above and below it."""
        since = ts - NO_PRESS_MS if press is None else press
        nodes, groups = self._restless(since)
        opened = _Open(row, ts, nodes, groups, own)
        if any(burst.ts >= since and _is_seen(burst.changes, opened) for burst in self._recent):
            row["response_delay_ms"] = 0.0
        else:
            self._open.append(opened)

    def mutation(self, ts: float, data: dict[str, Any]) -> None:
        """A change of the page, already applied to the mirror."""
        burst = _Burst(ts, self._acted, self._acts, self.mirror, data)
        self._recent.append(burst)
        while self._recent and self._recent[0].ts < ts - KEPT_MS:
            self._recent.popleft()
        if self._open:
            self._answer(ts, [one for one in self._open if _is_seen(burst.changes, one)], LOOK_AHEAD_MS)

    def other(self, ts: float, within: float = LOOK_AHEAD_MS) -> None:
        """An answer of any other kind."""
        if self._open:
            self._answer(ts, list(self._open), within)

    def focus(self, ts: float, number: int) -> None:
        """A focus answers the clicks on other elements than the one that takes it."""
        self._answer(ts, [one for one in self._open if number not in one.own], LOOK_AHEAD_MS)

    def _answer(self, ts: float, answered: list[_Open], within: float) -> None:
        for one in answered:
            if -NO_PRESS_MS <= ts - one.ts < within:
                one.row["response_delay_ms"] = max(ts - one.ts, 0.0)
        self._open = [
            one for one in self._open if "response_delay_ms" not in one.row and ts - one.ts < LATE_MS
        ]

    def forget(self) -> None:
        """A new page: the numbers of nodes start anew."""
        self._recent.clear()

    def _restless(self, before: float) -> tuple[frozenset[int], frozenset[int]]:
        """Nodes, and parents of nodes, that change without being asked."""
        if len(self._recent) < RESTLESS:
            return frozenset(), frozenset()
        times: Counter[tuple[str, int]] = Counter()
        asked: set[tuple[str, int, float]] = set()
        latest: dict[tuple[str, int], float] = {}
        start = before - LOOK_BACK_MS
        for burst in self._recent:
            if not start <= burst.ts < before:
                continue
            for key in {("node", node) for node, _ in burst.changes} | _groups(burst.changes):
                times[key] += 1
                latest[key] = burst.ts
                if burst.acted >= start:
                    asked.add((*key, burst.acted))
        times.subtract(key[:2] for key in asked)
        found = [key for key, n in times.items() if n >= RESTLESS and latest[key] >= before - STILL_MS]
        found += self._ticking(before)
        return _numbers(found, "node"), _numbers(found, "group")

    def _ticking(self, before: float) -> list[tuple[str, int]]:
        """Nodes that change to a beat of their own. What stands together need not: one of them is the clock."""
        seen: defaultdict[int, list[_Burst]] = defaultdict(list)
        for burst in self._recent if len(self._recent) >= BEATS else ():
            for node in {node for node, _ in burst.changes} if burst.ts < before else ():
                seen[node].append(burst)
        return [
            ("node", node)
            for node, bursts in seen.items()
            if keeps_time([burst.ts for burst in bursts], [burst.acts for burst in bursts], before)
        ]


def _changes(mirror: Mirror, data: dict[str, Any]) -> Iterator[Change]:
    """The nodes a mutation changed; of a subtree that came, only the place where it hangs."""
    came = arrivals(data)
    for key, place in (("adds", "parentId"), ("removes", "parentId"), ("texts", "id")):
        for item in items(data, key):
            if type(item.get(place)) is int and item[place] not in came:
                yield item[place], None
    for item in items(data, "attributes"):
        number = item.get("id")
        if (
            type(number) is int
            and number not in came
            and not _is_overlay(mirror, number, item.get("attributes"))
        ):
            yield number, _group(mirror, number)


def _group(mirror: Mirror, number: int) -> int | None:
    """The parent of a node, unless nearly everything is a child of it."""
    parent = mirror.element(mirror.parent(number))
    return None if parent is None or parent.get("tagName") in {"html", "head", "body"} else parent["id"]


def _is_overlay(mirror: Mirror, number: int, changed: Any) -> bool:
    node = mirror.nodes.get(number)
    if node is None or not isinstance(changed, dict) or not changed.keys() <= {"style", "class"}:
        return False
    named = f"{attribute(node, 'id') or ''} {attribute(node, 'class') or ''}"
    return bool(_OVERLAY.search(named) or _UNTOUCHABLE.search(attribute(node, "style") or ""))


def _is_seen(changes: tuple[Change, ...], by: _Open) -> bool:
    return any(node not in by.nodes and (group is None or group not in by.groups) for node, group in changes)


def _groups(changes: tuple[Change, ...]) -> set[tuple[str, int]]:
    return {("group", group) for _, group in changes if group is not None}


def _numbers(keys: list[tuple[str, int]], kind: str) -> frozenset[int]:
    return frozenset(number for name, number in keys if name == kind)
