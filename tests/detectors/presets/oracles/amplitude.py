"""Amplitude: what happens, in the order in which the tool sees it; timers run before what has their time."""

# ruff: noqa: PLR0912 - as plain as the text of the rule, on purpose

from __future__ import annotations

from typing import Any

from tests.detectors.presets.oracles.common import (
    Hit,
    Row,
    is_click,
    is_error,
    kind_of_input,
    node_of,
    nodes,
    page_point,
    pressed,
    selects,
    us,
)

ROLES = "button link menuitem menuitemcheckbox menuitemradio option tab treeitem".split()
Seen = tuple[int, int, Row]
"""Time, number, row."""


def seen(rows: list[Row]) -> list[Seen]:
    """Clicks at their press, the rest at its stamp."""
    order = [(pressed(row) if row["kind"] == "click" else us(row), at, row) for at, row in enumerate(rows)]
    return sorted(order, key=lambda one: one[:2])


def rage_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    run: list[Seen] = []

    def report() -> None:
        if len(run) >= 4:
            took = (run[-1][0] - run[0][0]) / 1000
            numbers = tuple(at for _, at, _ in run)
            hits.append((numbers[0], numbers, {"count": len(run), "duration_ms": took}))
        run.clear()

    for time, at, row in seen(rows):
        if run and time - run[-1][0] >= 1_000_000 and len(run) >= 4:
            report()
        if selects(row):
            run.clear()
        if row["kind"] != "click" or node_of(row) is None:
            continue
        if kind_of_input(nodes(row)[0]) in ("password", "hidden"):
            continue
        if run and breaks(run, time, row):
            report()
        run.append((time, at, row))
    report()
    return hits


def breaks(run: list[Seen], time: int, row: Row) -> bool:
    if node_of(row) != node_of(run[-1][2]):
        return True
    reference = run[-3] if len(run) >= 3 else run[0]
    if time - reference[0] >= 1_000_000:
        return True
    points = [page_point(one) for _, _, one in run] + [page_point(row)]
    wide = max(x for x, _ in points) - min(x for x, _ in points)
    high = max(y for _, y in points) - min(y for _, y in points)
    return wide > 50 or high > 50


def tracked(row: Row) -> bool:
    if not is_click(row) or node_of(row) is None:
        return False
    chain = nodes(row)
    own = chain[0]
    kind = kind_of_input(own)
    if kind in ("password", "hidden"):
        return False
    if any(node["tag"] == "a" and node["attrs"].get("target") == "_blank" for node in chain):
        return False
    if own["tag"] in ("a", "button") or own["attrs"].get("role") in ROLES:
        return True
    if own["tag"] == "input" and kind in ("button", "submit", "reset", "image", "file"):
        return True
    return bool(own["attrs"].get("contenteditable") == "true")


def dead_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    pending: Seen | None = None
    for time, at, row in seen(rows):
        if pending is not None and time >= pending[0] + 3_000_000:
            hits.append((pending[1], (pending[1],), {}))
            pending = None
        if row["kind"] in ("mutation", "route_change", "hashchange"):
            pending = None
        if tracked(row) and pending is None:
            pending = (time, at, row)
    if pending is not None:
        hits.append((pending[1], (pending[1],), {}))
    return hits


def error_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    remembered: Seen | None = None
    for time, at, row in seen(rows):
        if tracked(row):
            remembered = (time, at, row)
        if is_error(row) and remembered is not None and time - remembered[0] < 2_000_000:
            hits.append((remembered[1], (remembered[1], at), {}))
            remembered = None
    return hits


def thrashed_cursor(rows: list[Row]) -> list[int]:
    """Triggers alone."""
    width, needed = 2_000_000, 20
    state: dict[str, Any] = {"pending": None, "due": None}
    lists: dict[str, list[tuple[int, int]]] = {"x": [], "y": []}
    starts: dict[str, tuple[int, int] | None] = {"x": None, "y": None}
    direction = {"x": 0, "y": 0}
    hits: list[int] = []
    before: Row | None = None

    def emit() -> None:
        if state["pending"] is not None:
            hits.append(state["pending"][1])
            for axis in "xy":
                lists[axis].clear()
                starts[axis] = None
            state["pending"] = state["due"] = None

    for at, row in enumerate(rows):
        if row["kind"] != "mouse_move":
            continue
        if state["due"] is not None and us(row) >= state["due"]:
            emit()
        for axis in "xy":
            if before is None or row[axis] == before[axis]:
                continue
            new = 1 if row[axis] > before[axis] else -1
            changed = direction[axis] == -new
            direction[axis] = new
            if not changed:
                continue
            stamp = (us(row), at)
            lists[axis].append(stamp)
            del lists[axis][:-needed]
            if starts[axis] is None:
                starts[axis] = stamp
            hot = []
            for one in "xy":
                series = lists[one]
                if len(series) == needed and series[-1][0] - series[0][0] < width:
                    hot.append(starts[one])
            if hot:
                if state["pending"] is None:
                    state["pending"] = min(one for one in hot if one is not None)
                state["due"] = us(row) + width
            else:
                emit()
            for one in "xy":
                dropped = False
                while lists[one] and lists[one][-1][0] - lists[one][0][0] >= width:
                    lists[one].pop(0)
                    dropped = True
                if dropped:
                    starts[one] = lists[one][0]
        before = row
    emit()
    return hits
