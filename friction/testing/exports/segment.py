"""The made-up visits as messages of Segment, and as the tables of a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, json_lines, table

EVENTS = {
    **{
        "cart": "Product Added",
        "order": "Order Completed",
        "submit": "Form Submitted",
        "search": "Products Searched",
    },
    **{"custom": "Coupon Applied", "click": "Button Clicked", "error": "Error Shown"},
}
TOLD = {
    **{"view": "page_view", "identify": "identify", "cart": "add_to_cart", "order": "conversion"},
    **{"submit": "submit", "search": "search", "custom": "custom", "click": "click", "error": "error"},
}
INDIA = timezone(timedelta(hours=5, minutes=30))


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Messages; every third one says its time in another zone. A group call, which is no event, is among them."""
    made = [_message(step) for step in steps if step.what in TOLD]
    return [*made, {**made[0], "type": "group", "messageId": "group-1", "groupId": "g1"}]


def _message(step: Step) -> dict[str, Any]:
    at = step.at.astimezone(INDIA) if step.number % 3 == 0 else step.at
    written = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    call = step.what if step.what == "identify" else "page" if step.what == "view" else "track"
    return {
        "type": call,
        "messageId": step.id,
        "anonymousId": step.person,
        "userId": step.more.get("user"),
        **(
            {"event": EVENTS[step.what]} if call == "track" else {"name": "Product"} if call == "page" else {}
        ),
        "timestamp": written,
        "originalTimestamp": (step.at + timedelta(hours=2)).isoformat(timespec="milliseconds"),
        "sentAt": "2026-03-02T12:00:00.000Z",
        "receivedAt": "2026-03-02T12:00:00.500Z",
        "context": {
            "page": {"url": step.url, "path": step.path, "title": step.title, "referrer": "", "search": ""},
            "userAgent": step.agent,
            "ip": "192.0.2.17",
            "locale": "fr-FR",
            "campaign": {"source": "mail", "name": "spring"},
            "library": {"name": "analytics.js", "version": "4.1.0"},
        },
        "properties": _properties(step),
        "integrations": {},
    }


def _properties(step: Step) -> dict[str, Any]:
    given = {key: value for key, value in step.more.items() if key in {"revenue", "currency", "message"}}
    if step.element is not None:
        given |= {"text": step.element.text, "form_id": step.element.id}
    return given


def files(steps: Sequence[Step]) -> Files:
    """Lines of an archive, and a table of tracks as a warehouse holds it."""
    made = rows(steps)
    names = ("id", "type", "anonymous_id", "user_id", "event", "name", "timestamp", "original_timestamp", "sent_at",
             "received_at", "context_page_url", "context_page_title", "context_library_name", "context_locale",
             "properties_text", "properties_form_id", "properties_message", "revenue", "currency")  # fmt: skip
    copied = [
        {
            "id": row["messageId"], "anonymous_id": row["anonymousId"], "user_id": row["userId"],
            "original_timestamp": row["originalTimestamp"], "sent_at": row["sentAt"], "received_at": row["receivedAt"],
            "context_page_url": row["context"]["page"]["url"], "context_page_title": row["context"]["page"]["title"],
            "context_library_name": "analytics.js", "context_locale": "fr-FR",
            **{f"properties_{name}": row["properties"].get(name) for name in ("text", "form_id", "message")},
            "revenue": row["properties"].get("revenue"), "currency": row["properties"].get("currency"),
            **{name: row.get(name) for name in ("type", "event", "name", "timestamp")},
        }
        for row in made
    ]  # fmt: skip
    return {"archive.jsonl": json_lines(made), "warehouse.csv": table(copied, names)}
