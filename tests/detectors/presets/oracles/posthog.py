"""PostHog, event by event."""

# ruff: noqa: PLR0911, PLR0912 - as plain as the text of the rule, on purpose

from __future__ import annotations

from tests.detectors.presets.oracles.common import (
    Hit,
    Node,
    Row,
    is_click,
    is_window,
    kind_of_input,
    node_of,
    nodes,
    selects,
    us,
)

CAPTURED = ["a", "button", "form", "input", "select", "textarea", "label"]


def rage_click(rows: list[Row], version: str) -> list[Hit]:
    hits: list[Hit] = []
    run: list[int] = []
    for at, row in enumerate(rows):
        if not is_click(row):
            continue
        if run:
            last = rows[run[-1]]
            step = abs(row["x"] - last["x"]) + abs(row["y"] - last["y"])
            run = [*run, at] if step < 30 and us(row) - us(last) < 1_000_000 else [at]
        else:
            run = [at]
        if len(run) == 3 and node_of(row) is not None and fires(nodes(row), version):
            hits.append((at, tuple(run), {}))
    return hits


def fires(chain: list[Node], version: str) -> bool:
    own, outer = chain[0], chain[1:]
    if own["tag"] in ("html", "form"):
        return False
    capturable = own["attrs"].get("cursor") == "pointer"
    capturable = capturable or own["tag"] in ("input", "select", "textarea", "a", "button", "label")
    capturable = capturable or own["attrs"].get("contenteditable") == "true"
    for node in outer:
        capturable = capturable or node["tag"] in CAPTURED or node["attrs"].get("cursor") == "pointer"
    if not capturable:
        return False
    for node in chain:
        for name in ("ph-no-rageclick", "ph-no-capture", "ph-no-autocapture"):
            if name in node["classes"]:
                return False
        if "data-ph-no-autocapture" in node["attrs"]:
            return False
    if version == "posthog":
        return True
    if version == "posthog-2026-05-30" and text_surface(own):
        return False
    equalities = [">", "<"]
    if version == "posthog-2026-05-30":
        equalities += ["+", "-", "\u2212", "\u2013"]
    for depth, node in enumerate(chain):
        for word in (direct_text(node, chain[depth:]), node["attrs"].get("aria-label", "")):
            said = word.strip().lower()
            if "next" in said or "previous" in said or "prev" in said or said in equalities:
                return False
    return True


def direct_text(node: Node, from_here: list[Node]) -> str:
    if node["tag"] in ("select", "textarea") or node["attrs"].get("contenteditable") == "true":
        return ""
    if node["tag"] == "input" and kind_of_input(node) not in ("button", "checkbox", "submit", "reset"):
        return ""
    for one in from_here:
        if "ph-sensitive" in one["classes"] or "ph-no-capture" in one["classes"]:
            return ""
    return str(node["text"])


def text_surface(node: Node) -> bool:
    if node["tag"] == "textarea":
        return True
    if node["tag"] == "input":
        types = ("", "text", "search", "email", "password", "url", "tel", "number")
        return kind_of_input(node) in types
    return node["attrs"].get("contenteditable") in ("", "true")


def dead_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    candidates: dict[object, int] = {}
    for at, row in enumerate(rows):
        if not is_click(row) or not possible(row):
            continue
        node = node_of(row)
        if node in candidates and us(row) - candidates[node] < 1_000_000:
            continue
        candidates[node] = us(row)
        if not alive(rows, row):
            hits.append((at, (at,), {}))
    return hits


def possible(row: Row) -> bool:
    if node_of(row) is None or row.get("modifiers"):
        return False
    chain = nodes(row)
    if chain[0]["tag"] == "html":
        return False
    for node in chain:
        if node["tag"] == "a" or "ph-no-deadclick" in node["classes"] or "ph-no-capture" in node["classes"]:
            return False
    return True


def alive(rows: list[Row], click: Row) -> bool:
    selected_before = False
    for row in rows:
        d = us(row) - us(click)
        kind = row["kind"]
        if kind == "mutation" and 0 <= d < 2_500_000:
            return True
        if kind == "scroll" and 0 <= d < 100_000:
            return True
        if (kind == "visibility" or is_window(row)) and -1_000_000 < d < 1_000_000:
            return True
        if kind == "selection":
            counts = selects(row) or selected_before or text_surface(nodes(click)[0])
            selected_before = selects(row)
            press = 0
            if click.get("pointer") in (None, "mouse"):
                press = round((click.get("press_ms") or 0) * 1000)
            if counts and (d > -100_000 or d >= -press) and d < 100_000:
                return True
    return False
