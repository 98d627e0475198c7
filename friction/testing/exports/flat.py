"""The made-up visits as the flat tables of AWS Clickstream, Heap and LogRocket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, json_lines, table

AWS = {
    **{"view": "_page_view", "scroll": "_scroll", "outlink": "_click", "search": "_search"},
    **{"vital": "_user_engagement", "order": "purchase", "cart": "add_to_cart", "custom": "voucher"},
}
AWS_TOLD = {
    **{
        "view": "page_view",
        "scroll": "scroll",
        "outlink": "outlink",
        "search": "search",
        "vital": "heartbeat",
    },
    **{"order": "conversion", "cart": "add_to_cart", "custom": "custom"},
}
HEAP = {"view": "pageview", "click": "click", "change": "change", "submit": "submit"}
HEAP_TOLD = {"view": "page_view", "click": "click", "change": "change", "submit": "submit"}
ROCKET = {
    **{"view": "navigation", "click": "click", "dead": "deadClick", "change": "inputChange"},
    **{"error": "exception", "request": "networkResponse", "identify": "user", "custom": "customEvent"},
}
ROCKET_TOLD = {
    **{"view": "page_view", "click": "click", "dead": "dead_click", "change": "change", "error": "error"},
    **{"request": "request", "identify": "identify", "custom": "custom"},
}


def aws(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Rows of `event_v2`; `NULL` is a text there."""
    return [
        {
            "event_timestamp": step.at.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "event_id": step.id,
            "event_time_msec": step.ms,
            "event_name": AWS[step.what],
            "user_pseudo_id": step.person,
            "user_id": "NULL",
            "session_id": f"session-{step.visit}",
            "device_operating_system": "iOS" if step.is_phone else "NULL",
            "geo_country": "France",
            "traffic_source_source": "NULL",
            "page_view_page_url": step.url,
            "page_view_page_title": step.title,
            "click_link_url": step.element.href if step.what == "outlink" and step.element else None,
            "event_value": step.more.get("revenue"),
            "event_value_currency": step.more.get("currency"),
        }
        for step in steps
        if step.what in AWS
    ]


def aws_files(steps: Sequence[Step]) -> Files:
    """JSON lines and a table."""
    made = aws(steps)
    return {"event_v2.jsonl": json_lines(made), "event_v2.csv": table(made, tuple(made[0]))}


def heap_files(steps: Sequence[Step]) -> Files:
    """The table of events."""
    made = [
        {
            "event_id": 4_000_000_000_000 + step.number,
            "session_id": 7_000_000 + step.visit,
            "user_id": 9_000_000 + step.visitor,
            "time": step.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
            "type": HEAP[step.what],
            "event_table_name": HEAP[step.what],
            "path": step.path,
            "domain": "shop.example",
            "title": step.title,
            "target_text": step.element.text if step.element and step.what == "click" else None,
            "platform": "web",
            "device_type": "Mobile" if step.is_phone else "Desktop",
        }
        for step in steps
        if step.what in HEAP
    ]
    return {"events.csv": table(made, tuple(made[0])), "events.jsonl": json_lines(made)}


def logrocket_files(steps: Sequence[Step]) -> Files:
    """The table of events."""
    made = [
        {
            "app_id": "acme/shop",
            "session_id": step.session,
            "tab_id": "0",
            "seq_id": step.number,
            "user_id": None,
            "anonymous_id": step.person,
            "event_type": ROCKET[step.what],
            "time": step.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "updated_at": "2026-03-02T12:00:00.000Z",
            "url": step.url,
            "text": "ann@example.org"
            if step.what == "change"
            else step.element.text
            if step.element
            else None,
            "selector": step.element.selector if step.element else None,
            "message": step.more.get("message"),
            "status": step.more.get("status"),
            "duration": 250 if step.what == "request" else None,
            "custom_event_name": "voucher" if step.what == "custom" else None,
        }
        for step in steps
        if step.what in ROCKET
    ]
    return {"events.csv": table(made, tuple(made[0])), "events.jsonl": json_lines(made)}
