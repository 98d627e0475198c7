"""Datadog, event by event: all three rules fall out of one walk."""

# ruff: noqa: SIM110 - as plain as the text of the rule, on purpose

from __future__ import annotations

import math
from typing import Any

from tests.detectors.presets.oracles.common import (
    Hit,
    Node,
    Row,
    control,
    is_error,
    kind_of_input,
    node_of,
    nodes,
    pressed,
    selects,
    us,
)

FAR = 10**18


def decide(rows: list[Row]) -> dict[str, list[Hit]]:
    clicks = [at for at, row in enumerate(rows) if counts(row)]
    ends = view_ends(rows)
    life = {at: life_of(rows, at, ends) for at in clicks}
    hits: dict[str, list[Hit]] = {"rage_click": [], "dead_click": [], "error_click": []}
    for chain, closed in chains(rows, clicks, ends):
        settled = max([closed, *(life[at]["end"] for at in chain)])
        judge(rows, clicks, chain, settled, life, hits)
    return hits


def counts(row: Row) -> bool:
    return row["kind"] == "click" and row.get("is_primary") is not False and node_of(row) is not None


def view_ends(rows: list[Row]) -> list[int]:
    found = []
    path: str | None = None
    for at, row in enumerate(rows):
        if row["kind"] == "page_leave" or (row["kind"] == "route_change" and row.get("url", "/a") != path):
            found.append(at)
        path = row.get("url", "/a")
    return found


def life_of(rows: list[Row], click: int, ends: list[int]) -> dict[str, Any]:
    up, down = us(rows[click]), pressed(rows[click])
    end, active = up + 100_000, False
    for row in rows:
        if row["kind"] in ("mutation", "window_open", "request") and down <= us(row) < down + 100_000:
            active = True
    pending: list[int] = []
    for time, _, what, start in activity(rows, click, ends):
        if time >= end:
            break
        if what == "left":
            return {"end": time, "active": True}
        if what == "request_end":
            if start not in pending:
                continue
            pending.remove(start)
        if what == "request":
            pending.append(start)
        active = True
        end = up + 10_000_000 if pending else min(time + 100_000, up + 10_000_000)
    return {"end": end, "active": active}


def activity(rows: list[Row], click: int, ends: list[int]) -> list[tuple[int, float, str, int]]:
    """What comes after the click in order: time, order, what, and the start of a request."""
    closes = closed_requests(rows)
    found: list[tuple[int, float, str, int]] = []
    for at, row in enumerate(rows):
        if at > click:
            if row["kind"] in ("mutation", "window_open"):
                found.append((us(row), at, "mutation", -1))
            if row["kind"] == "request":
                found.append((us(row), at, "request", at))
            if row["kind"] == "request_end":
                found.append((us(row), at, "request_end", closes.get(at, -1)))
            if at in ends:
                found.append((us(row), at, "left", -1))
        if row["kind"] == "request" and row.get("duration_ms") is not None and at > click:
            found.append((us(row) + round(row["duration_ms"] * 1000), at + 0.5, "request_end", at))
    return sorted(found)


def closed_requests(rows: list[Row]) -> dict[int, int]:
    """Row of an end → row of the start it closes."""
    open_requests: list[int] = []
    closes = {}
    for at, row in enumerate(rows):
        if row["kind"] == "request" and row.get("duration_ms") is None:
            open_requests.append(at)
        if row["kind"] == "request_end":
            for start in open_requests:
                if rows[start].get("request_id") == row.get("request_id"):
                    closes[at] = start
                    open_requests.remove(start)
                    break
    return closes


def chains(rows: list[Row], clicks: list[int], ends: list[int]) -> list[tuple[list[int], int]]:
    """Clicks of each chain, and when it closed."""
    found: list[tuple[list[int], int]] = []
    chain: list[int] = []
    for at in clicks:
        if chain and not joins(rows, chain[-1], at, ends):
            found.append((chain, closing(rows, chain[-1], at, ends)))
            chain = []
        chain.append(at)
    if chain:
        found.append((chain, closing(rows, chain[-1], None, ends)))
    return found


def joins(rows: list[Row], last: int, at: int, ends: list[int]) -> bool:
    one, two = rows[last], rows[at]
    if node_of(one) != node_of(two) or math.hypot(two["x"] - one["x"], two["y"] - one["y"]) > 100:
        return False
    if us(two) - us(one) >= 1_000_000 or any(last < end < at for end in ends):
        return False
    return ("rage-click" in ignored(one)) == ("rage-click" in ignored(two))


def closing(rows: list[Row], last: int, following: int | None, ends: list[int]) -> int:
    times = [us(rows[last]) + 1_000_000]
    times += [us(rows[end]) for end in ends if end > last]
    if following is not None:
        times.append(us(rows[following]))
    return min(times)


def ignored(row: Row) -> set[str]:
    found: set[str] = set()
    for node in nodes(row):
        if "data-dd-ignore-frustration" in node["attrs"]:
            words = node["attrs"]["data-dd-ignore-frustration"].replace(",", " ").split()
            if not words or "all" in words:
                found |= {"rage-click", "dead-click", "error-click"}
            found |= set(words)
    return found


def judge(
    rows: list[Row],
    clicks: list[int],
    chain: list[int],
    settled: int,
    life: dict[int, dict[str, Any]],
    hits: dict[str, list[Hit]],
) -> None:
    did = {at: done(rows, clicks, at, settled) for at in chain}
    dead = []
    for at in chain:
        quiet = not life[at]["active"] and not did[at] & {"input", "scroll"}
        if quiet and not excluded(rows[at]) and "dead-click" not in ignored(rows[at]):
            dead.append(at)
    calm = not any(did[at] & {"selection", "scroll"} for at in chain)
    quick = any(us(rows[c]) - us(rows[a]) <= 1_000_000 for a, c in zip(chain, chain[2:], strict=False))
    if calm and quick and not any("rage-click" in ignored(rows[at]) for at in chain):
        hits["rage_click"].append((chain[-1], tuple(chain), {}))
        if dead:
            hits["dead_click"].append((chain[-1], tuple(chain), {}))
        error = first_error(rows, chain[0], settled)
        if error is not None and "error-click" not in ignored(rows[chain[0]]):
            hits["error_click"].append((chain[-1], (*chain, error), {}))
        return
    for at in chain:
        error = first_error(rows, at, life[at]["end"])
        if error is not None and "error-click" not in ignored(rows[at]):
            hits["error_click"].append((at, (at, error), {}))
        if at in dead and not any("selection" in did[other] for other in chain):
            hits["dead_click"].append((at, (at,), {}))


def done(rows: list[Row], clicks: list[int], click: int, settled: int) -> set[str]:
    """Input, scroll, selection of the visitor that belong to this click."""
    down = pressed(rows[click])
    later = [at for at in clicks if at > click]
    until = min(settled, pressed(rows[later[0]]) if later else FAR)
    found, held = set(), False
    for row in rows:
        if row["kind"] == "selection" and us(row) < down:
            held = selects(row)
    for row in rows:
        if down <= us(row) < until:
            if row["kind"] in ("input", "scroll"):
                found.add(row["kind"])
            if row["kind"] == "selection" and (held or selects(row)):
                found.add("selection")
    return found


def first_error(rows: list[Row], click: int, before: int) -> int | None:
    for at in range(click + 1, len(rows)):
        if is_error(rows[at]) and us(rows[at]) < before:
            return at
    return None


def excluded(row: Row) -> bool:
    chain = nodes(row)
    if chain[0]["tag"] == "label" and "for" in chain[0]["attrs"]:
        named = control(row)
        return named is not None and excluded_by([named])
    return excluded_by(chain)


def excluded_by(chain: list[Node]) -> bool:
    own = chain[0]
    if own["tag"] in ("textarea", "select", "canvas"):
        return True
    if own["tag"] == "input":
        allowed = ("checkbox", "radio", "button", "submit", "reset", "range")
        if kind_of_input(own) not in allowed:
            return True
    for node in chain:
        if "contenteditable" in node["attrs"] or (node["tag"] == "a" and "href" in node["attrs"]):
            return True
    return False
