"""The made-up visits as Mixpanel's raw export gives them back, and as a connector copies them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, json_lines, table

NAMES = {
    **{
        "view": "$mp_web_page_view",
        "click": "$mp_click",
        "change": "$mp_input_change",
        "submit": "$mp_submit",
    },
    **{"scroll": "$mp_scroll", "rage": "$mp_rage_click", "dead": "$mp_dead_click", "leave": "$mp_page_leave"},
    **{"order": "Order Completed", "cart": "Add to Cart", "custom": "Voucher used", "search": "Search"},
}
TOLD = {
    **{"view": "page_view", "click": "click", "change": "change", "submit": "submit", "scroll": "scroll"},
    **{"rage": "rage_click", "dead": "dead_click", "leave": "page_leave", "order": "conversion"},
    **{"cart": "add_to_cart", "custom": "custom", "search": "search"},
}


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Events of the raw export; times in whole seconds."""
    return [
        {"event": NAMES[step.what], "properties": _properties(step)} for step in steps if step.what in TOLD
    ]


def _properties(step: Step) -> dict[str, Any]:
    made: dict[str, Any] = {
        "time": step.ms // 1_000,
        "distinct_id": f"$device:{step.person}",
        "$device_id": step.person,
        "$insert_id": step.id,
        "mp_processing_time_ms": step.ms + 90_000,
        "mp_lib": "web",
        "mp_country_code": "FR",
        "$browser": "Safari" if step.is_phone else "Firefox",
        "$os": "iOS" if step.is_phone else "Linux",
        "$current_url": step.url,
        "current_page_title": step.title,
        "$screen_width": 1920,
        "utm_source": "mail",
    }
    element = step.element
    if element is not None:
        made |= {
            "$el_id": element.id,
            "$el_tag_name": element.tag,
            "$el_classes": list(element.classes),
            "$el_text": element.text,
            "$elements": [{"$el_tag_name": element.tag}, {"$el_tag_name": "body"}],
        }
    if step.what in {"scroll", "leave"}:
        made["$max_scroll_percentage"] = 75
    return made | {key: value for key, value in step.more.items() if key in {"revenue", "currency"}}


def files(steps: Sequence[Step]) -> Files:
    """The raw export, and a connector's table: a column a property without its `$`, all of them as JSON besides."""
    made = rows(steps)
    columns = ("distinct_id", "device_id", "insert_id", "mp_processing_time_ms", "mp_country_code", "mp_lib", "browser",
               "os", "current_url")  # fmt: skip
    copied = [
        {
            "name": row["event"],
            "time": step.at.strftime("%Y-%m-%d %H:%M:%S"),
            "properties": row["properties"],
            **{name: row["properties"].get(name, row["properties"].get(f"${name}")) for name in columns},
        }
        for step, row in zip((step for step in steps if step.what in TOLD), made, strict=True)
    ]
    return {
        "raw.jsonl": json_lines(made),
        "warehouse.csv": table(copied, ("name", "time", *columns, "properties")),
    }
