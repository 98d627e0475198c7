"""Splunk RUM, event by event."""

# ruff: noqa: RUF007 - as plain as the text of the rule, on purpose

from __future__ import annotations

import math
from typing import Any

from tests.detectors.presets.oracles.common import (
    Hit,
    Node,
    Row,
    is_click,
    is_error,
    kind_of_input,
    node_of,
    nodes,
    us,
)


def rage_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    lists: dict[Any, list[int]] = {}
    for at, row in enumerate(rows):
        if not is_click(row) or node_of(row) is None:
            continue
        recent = [one for one in lists.get(node_of(row), []) if us(row) - us(rows[one]) < 1_000_000]
        recent.append(at)
        if len(recent) == 4:
            hits.append((at, tuple(recent), {}))
            recent = []
        lists[node_of(row)] = recent
    return hits


def candidate(own: Node) -> bool:
    attrs = own["attrs"]
    if "disabled" in attrs:
        return False
    if own["tag"] == "button":
        return True
    if own["tag"] == "a":
        return bool(attrs.get("href", "") == "" or attrs["href"].startswith("javascript:"))
    if own["tag"] == "input":
        return kind_of_input(own) == "submit"
    return bool(attrs.get("role") == "button")


def dead_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    for at, row in enumerate(rows):
        if not is_click(row) or node_of(row) is None or not candidate(nodes(row)[0]):
            continue
        alive = False
        for other in rows:
            d = us(other) - us(row)
            alive = alive or (other["kind"] == "mutation" and 0 < d < 1_000_000)
            alive = alive or (other["kind"] == "request" and -100_000 <= d < 1_000_000)
        if not alive:
            hits.append((at, (at,), {}))
    return hits


def error_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    remembered: list[int] = []
    for at, row in enumerate(rows):
        if is_click(row) and node_of(row) is not None and "disabled" not in nodes(row)[0]["attrs"]:
            remembered.append(at)
        if is_error(row) and remembered:
            fitting = [one for one in remembered if us(row) - us(rows[one]) <= 1_000_000]
            if fitting:
                remembered.remove(fitting[-1])
                hits.append((fitting[-1], (fitting[-1], at), {}))
    return hits


def thrashed_cursor(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    stored: list[int] = []
    last_pass: int | None = None
    detected: int | None = None
    seen: tuple[float, float] | None = None
    for at, row in enumerate(rows):
        if row["kind"] != "mouse_move":
            continue
        now = us(row)
        if last_pass is not None and now - last_pass < 16_000:
            continue
        last_pass = now
        place = (float(row["x"]), float(row["y"]))
        if stored and seen is not None:
            way = math.dist(place, seen)
            seconds = (now - us(rows[stored[-1]])) / 1e6
            if way / seconds > 5000:
                seen = place
                continue
        stored.append(at)
        seen = place
        if len(stored) < 3 or (detected is not None and now - detected < 2_000_000):
            continue
        window = [one for one in stored if us(rows[one]) >= now - 2_000_000]
        if len(window) < 3:
            continue
        score = score_of([rows[one] for one in window], row.get("dpr") or 1)
        if score is not None and score >= 0.65:
            detected = now
            hits.append((at, tuple(window), {"score": score}))
    return hits


def score_of(window: list[Row], dpr: float) -> float | None:
    lengths, speeds, angles = [], [], []
    for a, b in zip(window, window[1:], strict=False):
        dx, dy = b["x"] - a["x"], b["y"] - a["y"]
        length = math.sqrt(dx * dx + dy * dy)
        lengths.append(length)
        if us(b) > us(a):
            speeds.append(length / ((us(b) - us(a)) / 1e6))
        if length > 5 * dpr:
            angles.append(math.atan2(dy, dx) * 180 / math.pi)
    turns = 0
    for one, other in zip(angles, angles[1:], strict=False):
        apart = abs(one - other) % 360
        turns += min(apart, 360 - apart) >= 45
    speed = sum(speeds) / len(speeds) if speeds else 0
    if sum(lengths) < 300 or speed < 300 or turns < 4:
        return None
    xs, ys = [float(row["x"]) for row in window], [float(row["y"]) for row in window]
    side = max(max(xs) - min(xs), max(ys) - min(ys))
    quick: float = max(0.0, min(1.0, (speed - 300) / 300))
    return min(1.0, 0.4 * min(turns / 8, 1) + 0.3 * quick + 0.3 / (1 + (side / 200) ** 2))
