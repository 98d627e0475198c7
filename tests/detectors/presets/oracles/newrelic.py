"""New Relic, action by action."""

from __future__ import annotations

from typing import Any

from tests.detectors.presets.oracles.common import (
    Hit,
    Row,
    is_click,
    is_window,
    kind_of_input,
    nodes,
    rests,
    us,
)

Entry = tuple[int, int, Any, int]
"""Time, order (a rest before the rows of its time), key, number of the row."""


def path(row: Row) -> Any:
    if row.get("target") is not None:
        return row["target"]
    return row["node_id"] if row.get("node_id") is not None else "document"


def actions(rows: list[Row], knows_rest: bool) -> list[Entry]:
    found: list[Entry] = []
    for at, row in enumerate(rows):
        if is_click(row):
            found.append((us(row), at, ("click", path(row)), at))
        elif row["kind"] in ("click", "contextmenu", "keydown", "copy", "paste"):
            found.append((us(row), at, (f"other {row['kind']}", path(row)), at))
        elif row["kind"] == "scroll_end":
            found.append((us(row), at, ("scroll_end",), at))
        elif is_window(row):
            found.append((us(row), at, (row["kind"], "window"), at))
    if not knows_rest:
        found += [(time, -1, ("scroll_end",), -1) for time in rests(rows, knows=False)]
    return sorted(found, key=lambda one: one[:2])


def decide(rows: list[Row], *, knows_rest: bool) -> dict[str, list[Hit]]:
    hits: dict[str, list[Hit]] = {"rage_click": [], "dead_click": [], "error_click": []}
    entries = actions(rows, knows_rest)
    at = 0
    while at < len(entries):
        last = at
        while last + 1 < len(entries) and entries[last + 1][2] == entries[at][2]:
            last += 1
        if entries[at][2][0] == "click":
            following = entries[last + 1] if last + 1 < len(entries) else None
            judge(rows, [one[3] for one in entries[at : last + 1]], following, hits)
        at = last + 1
    return hits


def judge(rows: list[Row], clicks: list[int], following: Entry | None, hits: dict[str, list[Hit]]) -> None:
    times = [us(rows[at]) for at in clicks]
    if any(four - one < 1_000_000 for one, four in zip(times, times[3:], strict=False)):
        hits["rage_click"].append((clicks[-1], tuple(clicks), {}))
    buttons = [
        node["tag"] in ("a", "button") or (node["tag"] == "input" and kind_of_input(node) == "button")
        for node in nodes(rows[clicks[0]])
    ]
    if not any(buttons):
        return
    until = times[0] + 2_000_000
    reacted = False
    error = None
    for at in range(clicks[0] + 1, len(rows)):
        row = rows[at]
        if us(row) >= until:
            break
        reacted = reacted or row["kind"] in ("mutation", "request", "route_change", "hashchange")
        ended = following is not None and (following[:2] < (us(row), at))
        if row["kind"] == "error" and error is None and not ended:
            error = at
    if not reacted and (following is None or following[0] >= until):
        hits["dead_click"].append((clicks[-1], tuple(clicks), {}))
    if error is not None:
        hits["error_click"].append((clicks[-1], (*clicks, error), {}))
