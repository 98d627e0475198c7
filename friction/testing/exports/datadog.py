"""The made-up visits as RUM documents of Datadog: an answer of the API, lines, and the explorer's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, document, json_lines, table

TYPES = {"view": "view", "click": "action", "request": "resource", "error": "error", "custom": "action"}
TOLD = {
    **{"view": "page_view", "click": "click", "request": "request", "error": "error", "custom": "custom"},
}
NS = 1_000_000


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Documents. A view is there three times, as it grew; the order of its versions is mixed."""
    made: list[dict[str, Any]] = []
    for step in steps:
        if step.what == "view":
            made += [_view(step, version) for version in (2, 3, 1)]
        elif step.what in TYPES:
            made.append(_document(step) | _inside(step))
    return made


def _document(step: Step) -> dict[str, Any]:
    return {
        "type": TYPES[step.what],
        "date": step.ms,
        "application": {"id": "ac8218cf-498b-4d33-bd44-151095959547"},
        "session": {"id": step.session, "type": "user"},
        "usr": {"anonymous_id": step.person},
        "view": {"id": f"view-{step.visit}-{step.path}", "url": step.url, "referrer": ""},
        "device": {"type": "Mobile" if step.is_phone else "Desktop"},
        "os": {"name": "iOS" if step.is_phone else "Linux"},
    }


def _view(step: Step, version: int) -> dict[str, Any]:
    made = _document(step)
    made["view"] |= {
        "id": f"view-{step.number}",
        "loading_time": 1_900 * NS,
        "time_spent": version * 4_000 * NS,
        "largest_contentful_paint": 2_100 * NS,
        "cumulative_layout_shift": 0.02,
        "action": {"count": version},
    }
    return made | {"_dd": {"format_version": 2, "document_version": version}}


def _inside(step: Step) -> dict[str, Any]:
    if step.what == "click" and step.element is not None:
        is_buy = step.element.id == "buy"
        return {
            "action": {
                "type": "click",
                "id": step.id,
                "loading_time": 350 * NS,
                "target": {"name": step.element.text},
                "frustration": {"type": ["rage_click", "dead_click"] if is_buy else []},
            },
            "_dd": {
                "format_version": 2,
                "action": {
                    "target": {"selector": step.element.selector, "width": 120, "height": 40},
                    "position": {"x": 60, "y": 20},
                },
            },
        }
    if step.what == "custom":
        return {"action": {"type": "custom", "id": step.id, "target": {"name": "voucher"}}}
    if step.what == "request":
        return {
            "resource": {
                "id": step.id,
                "type": "fetch",
                "method": "GET",
                "url": "https://shop.example/api/stock?k=1",
                "status_code": step.more["status"],
                "duration": 250 * NS,
            }
        }
    return {
        "error": {"id": step.id, "message": step.more["message"], "type": "TypeError", "source": "source"}
    }


def files(steps: Sequence[Step]) -> Files:
    """An answer of the API's search, documents line by line, and the explorer's table."""
    made = rows(steps)
    answer = {
        "data": [
            {"id": f"AQ{at}", "type": "rum", "attributes": {"timestamp": one["date"], "attributes": one}}
            for at, one in enumerate(made)
        ],
        "meta": {"status": "done"},
    }
    names = ("Date", "@type", "@session.id", "@usr.anonymous_id", "@view.id", "@view.url", "@_dd.document_version",
             "@action.type", "@action.target.name", "@resource.status_code", "@error.message")  # fmt: skip
    flat = [{name: _at(one, name) for name in names} for one in made]
    return {
        "search.json": document(answer),
        "documents.jsonl": json_lines(made),
        "explorer.csv": table(flat, names),
    }


def _at(one: dict[str, Any], name: str) -> Any:
    value: Any = one
    for key in ("date",) if name == "Date" else name[1:].split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
