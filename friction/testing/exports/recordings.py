"""A small recording as PostHog gives it back (in the forms before and since October 2024), and as Sentry stores it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, document

Event = dict[str, Any]


def _node(number: int, tag: str, children: Sequence[Event] = (), **attributes: str) -> Event:
    return {"id": number, "type": 2, "tagName": tag, "attributes": attributes, "childNodes": list(children)}


def recording(steps: Sequence[Step]) -> list[Event]:
    """A page, a button that is clicked and answers after 120 ms, a field with a hidden value."""
    first = steps[0].ms
    words = {"id": 6, "type": 3, "textContent": "Buy now"}
    body = _node(
        4, "body", [_node(5, "button", [words], id="buy"), _node(7, "input", id="email", type="email")]
    )
    page = {"id": 1, "type": 0, "childNodes": [_node(2, "html", [_node(3, "head"), body])]}
    return [
        {"type": 4, "timestamp": first, "data": {"href": steps[0].url, "width": 1280, "height": 720}},
        {"type": 2, "timestamp": first + 5, "data": {"node": page, "initialOffset": {"top": 0, "left": 0}}},
        {"type": 3, "timestamp": first + 900, "data": {"source": 2, "type": 2, "id": 5, "x": 40, "y": 20}},
        {"type": 3, "timestamp": first + 1020, "data": _changed()},
        {
            "type": 3,
            "timestamp": first + 2500,
            "data": {"source": 5, "id": 7, "text": "***", "isChecked": False},
        },
    ]


def _changed() -> Event:
    added = {"parentId": 4, "nextId": None, "node": {"id": 8, "type": 3, "textContent": "Thank you"}}
    return {"source": 0, "texts": [], "attributes": [], "removes": [], "adds": [added]}


def packed(value: Any) -> str:
    """Gzip bytes, one character a byte."""
    return gzip.compress(json.dumps(value).encode(), mtime=0).decode("latin-1")


def compressed(events: Sequence[Event]) -> list[Event]:
    """The form since October 2024: snapshots, and the lists of mutations, are packed."""
    made = []
    for event in events:
        data = event["data"]
        if event["type"] == 2:
            made.append({**event, "cv": "2024-10", "data": packed(data)})
        elif data.get("source") == 0:
            lists = {key: packed(data[key]) for key in ("texts", "attributes", "removes", "adds")}
            made.append({**event, "cv": "2024-10", "data": {"source": 0, **lists}})
        else:
            made.append(event)
    return made


def posthog_files(steps: Sequence[Step]) -> Files:
    """The page's export, and lines of the storage."""
    events = recording(steps)
    windows = [{**event, "windowId": "w1"} for event in events]
    export = {"version": "2023-04-28", "data": {"id": "0190", "person": {"id": 7}, "snapshots": windows}}
    lines = [{"window_id": "w1", "data": [event]} for event in compressed(events)]
    return {
        "export.json": document(export),
        "storage.json": "".join(json.dumps(line) + "\n" for line in lines).encode(),
    }


def crumb(at: int, category: str, **data: Any) -> Event:
    """A breadcrumb: milliseconds outside, seconds inside."""
    payload = {
        "timestamp": at / 1_000,
        "type": "default",
        "category": category,
        "message": "body > button#buy",
    }
    return {"type": 5, "timestamp": at, "data": {"tag": "breadcrumb", "payload": {**payload, "data": data}}}


def span(at: int, op: str, took: float, description: str, **data: Any) -> Event:
    """A performance span, its times in seconds."""
    payload = {
        "op": op,
        "description": description,
        "startTimestamp": at / 1_000,
        "endTimestamp": at / 1_000 + took,
    }
    return {
        "type": 5,
        "timestamp": at,
        "data": {"tag": "performanceSpan", "payload": {**payload, "data": data}},
    }


def sentry_files(steps: Sequence[Step]) -> Files:
    """Segments as the API gives them."""
    first, address = steps[0].ms, steps[0].url
    added = [
        crumb(first + 901, "ui.click"),
        crumb(
            first + 8_000, "ui.slowClickDetected", endReason="timeout", timeAfterClickMs=7_000, clickCount=3
        ),
        crumb(
            first + 8_100, "ui.slowClickDetected", endReason="mutation", timeAfterClickMs=3_100, clickCount=1
        ),
        crumb(first + 8_200, "ui.multiClick", clickCount=4),
        span(
            first + 8_300,
            "resource.fetch",
            0.25,
            "https://shop.example/api/stock?k=1",
            method="GET",
            statusCode=500,
        ),
        span(first + 8_400, "largest-contentful-paint", 0.0, "largest-contentful-paint", value=2_100.5),
        span(first + 9_000, "navigation.push", 0.0, address + "cart"),
    ]
    return {"segments.json": document([recording(steps), added])}
