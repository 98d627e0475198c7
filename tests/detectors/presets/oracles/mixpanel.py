"""Mixpanel, event by event."""

# ruff: noqa: SIM114 - as plain as the text of the rule, on purpose

from __future__ import annotations

from tests.detectors.presets.oracles.common import (
    Hit,
    Node,
    Row,
    is_click,
    node_of,
    nodes,
    page_point,
    rests,
    us,
)

NEVER = "base head html link meta script style title br hr wbr noscript picture source template track".split()
TEXTS = "article div h1 h2 h3 h4 h5 h6 p section span".split()
ROLES = (
    "button checkbox combobox grid link listbox menu menubar menuitem menuitemcheckbox menuitemradio navigation"
    " option radio radiogroup searchbox slider spinbutton switch tab tablist textbox tree treegrid treeitem"
).split()
WATCHED = "childList characterData style class hidden checked selected value display visibility".split()


def non_interactive(row: Row) -> bool:
    if node_of(row) is None:
        return True
    chain = nodes(row)
    tag = chain[0]["tag"]
    if tag in NEVER:
        return True
    for depth in range(min(len(chain), 6)):
        if hint(chain, depth):
            return False
    return tag in TEXTS


def hint(chain: list[Node], depth: int) -> bool:
    node = chain[depth]
    if node["tag"] in ("button", "input", "select", "textarea", "details", "dialog"):
        return True
    for outer in chain[depth:]:
        if "contenteditable" in outer["attrs"]:
            if outer["attrs"]["contenteditable"] in ("", "true"):
                return True
            break
    handlers = (
        "onclick onmousedown onmouseup onpointerdown onpointerup ontouchstart ontouchend tabindex".split()
    )
    if any(name in node["attrs"] for name in handlers):
        return True
    words = node["attrs"].get("role", "").split()
    return bool(words and words[0] in ROLES) or (node["tag"] == "a" and "href" in node["attrs"])


def rage_click(rows: list[Row], *, only_interactive: bool = False) -> list[Hit]:
    hits: list[Hit] = []
    queue: list[int] = []
    for at, row in enumerate(rows):
        if not is_click(row) or (only_interactive and non_interactive(row)):
            continue
        if queue:
            last = rows[queue[-1]]
            (x, y), (u, v) = page_point(row), page_point(last)
            near = (x - u) ** 2 + (y - v) ** 2 < 900 and us(row) - us(last) < 1_000_000
            queue = [*queue, at] if near else [at]
        else:
            queue = [at]
        if len(queue) == 4:
            hits.append((at, tuple(queue), {}))
            queue = []
    return hits


def dead_click(rows: list[Row], *, knows_rest: bool) -> list[Hit]:
    changes = []
    for row in rows:
        kind = row["kind"]
        if kind == "mutation":
            if row.get("name") is None or row["name"] in WATCHED:
                changes.append(us(row))
        elif kind in ("change", "input", "submit", "select", "hashchange", "selection"):
            changes.append(us(row))
        elif kind == "custom" and row.get("name") == "toggle":
            changes.append(us(row))
    changes += rests(rows, knows_rest)
    hits: list[Hit] = []
    for at, row in enumerate(rows):
        if is_click(row) and not non_interactive(row):
            delays = [change - us(row) for change in changes]
            if not any(-100_000 <= delay < 500_000 for delay in delays):
                hits.append((at, (at,), {}))
    return hits
