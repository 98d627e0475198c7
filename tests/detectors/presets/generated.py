"""Seeded streams in which the rules of all presets are met and just missed often."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.detectors.presets.streams import Row

GAPS = (
    *(0, 0.5, 16, 50, 90, 99, 100, 101, 150, 200, 250, 299, 300, 301, 333, 400, 499, 500, 501, 700),
    *(999, 1000, 1001, 1234, 1500, 2000, 2500, 3000, 5000, 7000),
)
QUICK = (0, 50, 90, 100, 150, 200, 250, 299, 300, 333, 400, 500, 999)


def _one(tag: str, **told: Any) -> dict[str, Any]:
    return {"tag": tag, **told}


DIV, SPAN = _one("div"), _one("span")
BUTTON = _one("button", text="Buy", node_id=90)
CHAINS: tuple[tuple[dict[str, Any], ...], ...] = (
    (BUTTON, DIV),
    (_one("i", classes=["icon"]), BUTTON, DIV),
    (_one("button", text="Next"),),
    (_one("button", text="Go", aria_label="previous slide"),),
    (_one("button", text="+"),),
    (_one("button", text=" − "),),
    (_one("button", text="Buy"), _one("div", text="Prev")),
    (_one("p", text="Words"),),
    (_one("h1", text="Title"), DIV),
    (_one("a", text="Home", href="/x"),),
    (_one("a", text="Top", href="javascript:void(0)"),),
    (_one("a", text="Nothing"),),
    (_one("a", text="Out", href="/x", attrs={"target": "_blank"}),),
    (_one("a", text="Get", href="/x", attrs={"download": ""}),),
    (SPAN, _one("a", href="/y", attrs={"target": "_self"}), DIV),
    (_one("input", type="text"),),
    (_one("input", type="submit", text="Send"), _one("form")),
    (_one("input", type="button"),),
    (_one("input", type="checkbox", id="agree"),),
    (_one("input", type="password"),),
    (_one("input"),),
    (_one("textarea"),),
    (_one("select", text="next"),),
    (_one("canvas"),),
    (_one("html"),),
    (_one("div", role="button", classes=["b"]),),
    (_one("li", role="menuitem"),),
    (_one("div", attrs={"contenteditable": "true"}, text="next"),),
    (SPAN, _one("div", attrs={"contenteditable": ""})),
    (_one("b"), _one("p", attrs={"cursor": "pointer"})),
    (_one("div", attrs={"onclick": ""}),),
    (_one("div", attrs={"tabindex": "0"}, classes=["ph-no-rageclick"]),),
    (SPAN, DIV, DIV, DIV, DIV, DIV, _one("button")),
    (_one("button", attrs={"disabled": ""}),),
    (_one("button", attrs={"data-dd-ignore-frustration": "rage-click"}, classes=["ph-no-deadclick"]),),
    (_one("button", attrs={"data-dd-ignore-frustration": ""}, classes=["ph-no-capture"]),),
    (_one("i"), _one("button", attrs={"data-dd-ignore-frustration": "dead-click, error-click"})),
    (_one("label", attrs={"for": "q"}), DIV),
)
OTHERS = {
    "mutation": 14,
    "scroll": 6,
    "selection": 6,
    "request": 5,
    "request_end": 4,
    "error": 6,
    "console": 3,
    "input": 4,
    "change": 2,
    "focus": 3,
    "blur": 2,
    "visibility": 2,
    "window_open": 1,
    "route_change": 2,
    "hashchange": 1,
    "page_leave": 1,
    "page_view": 1,
    "keydown": 2,
    "copy": 1,
    "contextmenu": 1,
    "dblclick": 3,
    "submit": 1,
    "input_target": 2,
    "custom": 1,
    "heartbeat": 2,
}


def element(number: int) -> Row:
    """The columns of one element of the catalogue."""
    own, *outer = CHAINS[number]
    row: Row = {"target": f"e{number}", "el_tag": own["tag"]}
    for name in ("id", "role", "type", "text", "aria_label", "href", "classes"):
        if name in own:
            row[f"el_{name}"] = own[name]
    if "attrs" in own:
        row["el_attrs"] = json.dumps(own["attrs"])
    if outer:
        row["el_ancestors"] = json.dumps(outer)
    if own["tag"] == "label":
        row["el_control"] = json.dumps({"tag": "input", "type": "text" if number % 2 else "radio"})
    if own is BUTTON:
        row["node_id"] = own["node_id"]
    return row


def stream(seed: int, *, clicks: float = 0.45, knows_rest: bool = False) -> list[Row]:
    """One stream: few elements and places, that are mostly kept from click to click."""
    draw = random.Random(seed)
    elements = draw.sample(range(len(CHAINS)), 3)
    reach = draw.choice((0, 4, 15, 40))
    kinds = {**OTHERS, **({"scroll_end": 6} if knows_rest else {})}
    chosen = draw.sample(sorted(kinds), draw.randint(1, 9))
    pace = draw.choice((GAPS, QUICK, QUICK, (300, 333, 250), (100, 90, 99)))
    tabs = draw.choice((None, None, None, ("x", "y"), (None, "x")))
    now, at, place = 0.0, elements[0], (100, 100)
    rows: list[Row] = []
    for _ in range(draw.randint(8, 45)):
        now += draw.choice(pace)
        if draw.random() < 0.08:
            now += draw.choice(GAPS)
        if draw.random() < clicks:
            if draw.random() < 0.15:
                at = draw.choice(elements)
            if draw.random() < 0.2:
                place = (100 + draw.randint(-reach, reach), 100 + draw.randint(-reach, reach))
            row = _click(draw, at, place)
        else:
            weights = [kinds[kind] for kind in chosen]
            row = _other(draw, draw.choices(chosen, weights)[0], elements)
        row["ms"] = now
        if tabs:
            row["tab_id"] = draw.choice(tabs)
        rows.append(row)
    return rows


def _click(draw: random.Random, at: int, place: tuple[int, int]) -> Row:
    row: Row = {"kind": "click", "x": float(place[0]), "y": float(place[1])}
    if draw.random() < 0.94:
        row |= element(at)
    rare: list[tuple[str, Any]] = [
        ("button", draw.choice((0, 1))),
        ("modifiers", "shift"),
        ("is_primary", draw.choice((True, False))),
        ("scroll_y", float(draw.choice((0, 20, 60)))),
        ("page_x", float(place[0] + draw.choice((0, 20)))),
        ("node_id", draw.choice((90, 91))),
        ("pointer", draw.choice(("mouse", "touch"))),
    ]
    for name, value in rare:
        if draw.random() < 0.05:
            row[name] = value
    if draw.random() < 0.2:
        row["press_ms"] = float(draw.choice((10, 50, 99, 100, 101, 400, 1000)))
    return row


def _other(draw: random.Random, kind: str, elements: list[int]) -> Row:
    row: Row = {"kind": kind}
    if kind in {"focus", "blur"} and draw.random() < 0.4:
        return row
    if kind in {
        "focus",
        "blur",
        "input",
        "change",
        "input_target",
        "keydown",
        "copy",
        "dblclick",
        "contextmenu",
    }:
        row |= element(draw.choice(elements))
    if kind == "dblclick":
        row |= {"x": 100.0, "y": 100.0}
    if kind == "selection":
        row["selection_empty"] = draw.choice((True, False, None))
    if kind == "mutation":
        row["name"] = draw.choice((None, None, "childList", "style", "data-x", "aria-busy", "class"))
    if kind in {"request", "request_end"}:
        row["request_id"] = draw.choice((None, "r", "q"))
        if kind == "request" and draw.random() < 0.3:
            row["duration_ms"] = float(draw.choice((0, 40, 100, 250, 5000)))
    if kind == "console":
        row |= draw.choice(({"name": "console.error"}, {"name": "log"}, {"error_kind": "error"}))
    if kind == "custom":
        row["name"] = draw.choice(("toggle", "other"))
    if kind == "route_change":
        row["url"] = draw.choice(("/a", "/b"))
    return row


def movement(seed: int) -> list[Row]:
    """A pointer that goes to and fro, sometimes quickly enough."""
    draw = random.Random(seed)
    step, wide = draw.choice((10, 16, 40, 60, 90, 100, 104, 105, 106)), draw.choice((2, 20, 60, 120, 300))
    steady = draw.choice((0.1, 0.8, 0.97, 1.0))
    now, x, y, sign = 0.0, 500.0, 300.0, 1
    rows: list[Row] = []
    for _ in range(draw.randint(10, 90)):
        now += step if draw.random() < 0.95 else draw.choice((0, 5, 15, 16, 104, 105, 400, 1999, 2000, 2500))
        if draw.random() < steady:
            sign = -sign
        if draw.random() < 0.9:
            x += sign * draw.choice((wide, wide, wide, 1, 0))
        if draw.random() < 0.3:
            y += draw.choice((-1, 1)) * wide
        if draw.random() < 0.03:
            x += 2000.0
        rows.append({"ms": now, "kind": "mouse_move", "x": x, "y": y})
    return rows
