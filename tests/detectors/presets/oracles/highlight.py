"""Highlight, click by click."""

from __future__ import annotations

from typing import Any

from tests.detectors.presets.oracles.common import Hit, Row, is_click, us


def rage_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    clicks: list[int] = []
    opened: dict[str, Any] | None = None
    for at, row in enumerate(rows):
        if not (is_click(row) or row["kind"] == "dblclick"):
            continue
        near = []
        for other in clicks:
            square = (row["x"] - rows[other]["x"]) ** 2 + (row["y"] - rows[other]["y"]) ** 2
            if us(row) - us(rows[other]) <= 5_000_000 and square <= 64:
                near.append(other)
        clicks.append(at)
        if len(near) >= 5:
            if opened is None:
                opened = {"rows": set(near), "count": len(near)}
            else:
                opened["count"] += 1
            opened["rows"].add(at)
            opened["end"] = at
        elif opened is not None:
            hits.append(closed(opened))
            opened = None
    if opened is not None:
        hits.append(closed(opened))
    return hits


def closed(opened: dict[str, Any]) -> Hit:
    return opened["end"], tuple(sorted(opened["rows"])), {"count": opened["count"]}
