"""Sentry, event by event."""

from __future__ import annotations

from typing import Any

from tests.detectors.presets.oracles.common import Hit, Row, is_click, kind_of_input, node_of, nodes, us


def stands_for(row: Row) -> tuple[Any, Any]:
    """What tells the closest link or button, and the node itself."""
    chain = nodes(row)
    for depth, node in enumerate(chain):
        if node["tag"] in ("a", "button"):
            if depth == 0:
                return node_of(row), node
            if node["node_id"] is not None:
                return ("number", node["node_id"]), node
            return ("looks", repr(chain[depth:])), node
    return node_of(row), chain[0]


def slow_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    candidates: dict[Any, int] = {}
    for at, row in enumerate(rows):
        if not is_click(row) or node_of(row) is None or row.get("modifiers"):
            continue
        key, node = stands_for(row)
        if not allowed(node):
            continue
        if key in candidates and us(row) - candidates[key] < 1_000_000:
            continue
        candidates[key] = us(row)
        after, scrolled = reaction(rows, row)
        if scrolled or (after is not None and after <= 3_000_000):
            continue
        counted = []
        for other in range(at, len(rows)):
            same = (
                is_click(rows[other])
                and node_of(rows[other]) is not None
                and stands_for(rows[other])[0] == key
            )
            if same and us(rows[other]) - us(row) < 7_000_000:
                counted.append(other)
        detail = {
            "count": len(counted),
            "reason": "timeout" if after is None else "mutation",
            "after": 7000.0 if after is None else after / 1000,
        }
        hits.append((at, tuple(counted), detail))
    return hits


def allowed(node: dict[str, Any]) -> bool:
    if node["tag"] == "button":
        return True
    if node["tag"] == "input":
        return kind_of_input(node) in ("submit", "button")
    if node["tag"] == "a":
        return "download" not in node["attrs"] and node["attrs"].get("target", "_self") == "_self"
    return False


def reaction(rows: list[Row], click: Row) -> tuple[int | None, bool]:
    delays = []
    scrolled = False
    for row in rows:
        d = us(row) - us(click)
        if row["kind"] in ("mutation", "selection", "window_open") and 0 < d < 7_000_000:
            delays.append(d)
        if row["kind"] == "scroll" and 0 < d <= 300_000:
            scrolled = True
    return (min(delays) if delays else None), scrolled


def dead_click(rows: list[Row]) -> list[Hit]:
    return [hit for hit in slow_click(rows) if hit[2]["reason"] == "timeout"]


def rage_click(rows: list[Row]) -> list[Hit]:
    return [hit for hit in dead_click(rows) if hit[2]["count"] >= 5]
