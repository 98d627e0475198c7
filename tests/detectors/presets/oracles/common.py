"""What every oracle asks of an event, in plain words of the rule text. Times are whole microseconds."""

from __future__ import annotations

import json
from typing import Any

Row = dict[str, Any]
Node = dict[str, Any]
Hit = tuple[int, tuple[int, ...], dict[str, Any]]
"""Trigger, rows, details; rows are numbers of events in their stream."""


def us(row: Row) -> int:
    return round(float(row["ms"]) * 1000)


def pressed(row: Row) -> int:
    return us(row) - round((row.get("press_ms") or 0) * 1000)


def node_of(row: Row) -> Any:
    """What two clicks on the same node share; null on no element."""
    if row.get("node_id") is not None:
        return ("number", row["node_id"])
    if row.get("target") is not None:
        return ("target", row["target"])
    return None


def is_click(row: Row) -> bool:
    return row["kind"] == "click" and (row.get("button") or 0) == 0


def nodes(row: Row) -> list[Node]:
    """The element and its ancestors: tag, classes, text, and all attributes by name."""
    own = {
        name: row.get(f"el_{name}")
        for name in ("tag", "id", "role", "type", "name", "href", "aria_label", "text", "classes")
    }
    own["attrs"] = json.loads(row.get("el_attrs") or "{}")
    return [_flat(own), *(_flat(one) for one in json.loads(row.get("el_ancestors") or "[]"))]


def control(row: Row) -> Node | None:
    text = row.get("el_control")
    return _flat(json.loads(text)) if text else None


def _flat(one: dict[str, Any]) -> Node:
    attrs = dict(one.get("attrs") or {})
    for name in ("id", "role", "type", "name", "href"):
        if one.get(name) is not None:
            attrs[name] = one[name]
    if one.get("aria_label") is not None:
        attrs["aria-label"] = one["aria_label"]
    return {
        "tag": (one.get("tag") or "").lower(),
        "classes": list(one.get("classes") or []),
        "text": one.get("text") or "",
        "attrs": attrs,
        "node_id": one.get("node_id"),
    }


def kind_of_input(node: Node) -> str:
    return str(node["attrs"].get("type", "")).lower()


def is_error(row: Row) -> bool:
    if row["kind"] == "error":
        return True
    name = (row.get("name") or "").lower()
    level = name in {"error", "console.error"} or row.get("error_kind") == "error"
    return row["kind"] == "console" and level


def is_window(row: Row) -> bool:
    return row["kind"] in {"focus", "blur"} and node_of(row) is None


def selects(row: Row) -> bool:
    return row["kind"] == "selection" and row.get("selection_empty") is not True


def page_point(row: Row) -> tuple[float, float]:
    def axis(name: str) -> float:
        if row.get(f"page_{name}") is not None:
            return float(row[f"page_{name}"])
        return float(row[name]) + float(row.get(f"scroll_{name}") or 0)

    return axis("x"), axis("y")


def rests(rows: list[Row], knows: bool) -> list[int]:
    """When scrolling comes to rest."""
    if knows:
        return [us(row) for row in rows if row["kind"] == "scroll_end"]
    times = [us(row) for row in rows if row["kind"] == "scroll"]
    found = []
    for at, time in enumerate(times):
        if at + 1 == len(times) or times[at + 1] - time >= 100_000:
            found.append(time + 100_000)
    return found
