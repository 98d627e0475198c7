"""OpenReplay, message by message."""

from __future__ import annotations

from typing import Any

from tests.detectors.presets.oracles.common import Hit, Row, is_click, is_window, node_of, nodes, us


def label(row: Row) -> str:
    own = nodes(row)[0]
    first_class = own["classes"][0] if own["classes"] else ""
    return own["text"] or own["attrs"].get("aria-label") or own["attrs"].get("id") or first_class or ""


def rage_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    run: list[int] = []

    def end() -> None:
        if len(run) >= 3:
            hits.append((run[0], tuple(run), {"count": len(run)}))
        run.clear()

    for at, row in enumerate(rows):
        if not is_click(row) or node_of(row) is None:
            continue
        if not label(row):
            end()
            continue
        if run:
            last = rows[run[-1]]
            if label(last) != label(row) or us(row) - us(last) >= 300_000:
                end()
        run.append(at)
    end()
    return hits


def dead_click(rows: list[Row]) -> list[Hit]:
    hits: list[Hit] = []
    state: dict[str, Any] = {"pending": None, "inputs": set(), "last": 0}

    def settle() -> None:
        pending = state["pending"]
        if pending is not None and state["last"] - us(rows[pending]) >= 1_234_000:
            hits.append((pending, (pending,), {}))
        state["pending"] = None
        state["inputs"] = set()

    for at, row in enumerate(rows):
        kind = row["kind"]
        if is_click(row) and node_of(row) is not None:
            state["last"] = us(row)
            if label(row):
                known = node_of(row) in state["inputs"]
                settle()
                if not known:
                    state["pending"] = at
        elif kind == "input_target":
            state["last"] = us(row)
            state["inputs"].add(node_of(row))
        elif kind == "page_view":
            state["last"] = us(row)
            state["inputs"] = set()
        elif kind in ("mutation", "input", "change") or (kind == "focus" and not is_window(row)):
            state["last"] = us(row)
            settle()
    settle()
    return hits
