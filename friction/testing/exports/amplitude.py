"""The made-up visits as Amplitude's export API packs them, with the names of its autocapture plug-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, gzipped, json_lines, table, zipped

AUTO = "[Amplitude] "
NAMES = {
    **{
        "view": "Page Viewed",
        "click": "Element Clicked",
        "change": "Element Changed",
        "scroll": "Page Scrolled",
    },
    **{"form_start": "Form Started", "submit": "Form Submitted", "rage": "Rage Click", "dead": "Dead Click"},
    **{"request": "Network Request"},
}
OWN = {
    "order": "Order Completed",
    "cart": "Product Added to Cart",
    "custom": "voucher used",
    "search": "search",
}
TOLD = {
    **{"view": "page_view", "click": "click", "change": "change", "scroll": "scroll", "submit": "submit"},
    **{"form_start": "form_start", "rage": "rage_click", "dead": "dead_click", "request": "request"},
    **{"order": "conversion", "cart": "add_to_cart", "custom": "custom", "search": "search"},
}


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Events as the API gives them."""
    return [_row(step) for step in steps if step.what in TOLD]


def _row(step: Step) -> dict[str, Any]:
    uploaded = _written(datetime.fromisoformat("2026-03-02T12:00:00") + timedelta(minutes=step.visit))
    is_auto = step.what in NAMES
    return {
        "$insert_id": step.id,
        "uuid": step.id,
        "event_id": step.number,
        "event_type": AUTO + NAMES[step.what] if is_auto else OWN[step.what],
        "event_time": _written(step.at),
        "client_event_time": _written(step.at - timedelta(seconds=7)),
        "client_upload_time": uploaded,
        "server_received_time": uploaded,
        "server_upload_time": uploaded,
        "processed_time": uploaded,
        "session_id": step.began,
        "amplitude_id": 5_000_000_000 + step.visitor,
        "user_id": None,
        "device_id": step.person,
        "platform": "Web",
        "os_name": "Safari" if step.is_phone else "Firefox",
        "device_type": "Apple iPhone" if step.is_phone else "Linux",
        "language": "French",
        "country": "France",
        "ip_address": "192.0.2.17",
        "event_properties": _properties(step, is_auto=is_auto),
        "user_properties": {"initial_utm_source": "mail"},
        "group_properties": {},
        "library": "amplitude-ts/2.11.0",
        "version_name": None,
    }


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _properties(step: Step, *, is_auto: bool) -> dict[str, Any]:
    page: dict[str, Any] = {"Page URL": step.url, "Page Path": step.path, "Page Title": step.title}
    element = step.element
    if element is not None:
        page |= {
            "Element Tag": element.tag,
            "Element ID": element.id,
            "Element Class": " ".join(element.classes),
            "Element Text": element.text,
            "Viewport Width": 1280,
        }
    if step.what == "request":
        page |= {
            "URL": "https://shop.example/api/stock?k=1",
            "Status Code": step.more["status"],
            "Duration": 250,
        }
    if step.what == "rage":
        page |= {"Clicks": [{"X": 10, "Y": 20, "Time": step.ms}] * 3, "Click Count": 3}
    own = {key: value for key, value in step.more.items() if key in {"revenue", "currency"}}
    return {**{AUTO + key: value for key, value in page.items()}, **({} if is_auto else own)}


def files(steps: Sequence[Step]) -> Files:
    """The archive with a file an hour, one of its files unpacked, and a connector's table."""
    made = rows(steps)
    half = len(made) // 2
    members = {
        "1234/1234_2026-03-02_8#0.json.gz": gzipped(json_lines(made[:half])),
        "1234/1234_2026-03-02_8#1.json.gz": gzipped(json_lines(made[half:])),
    }
    names = ("amplitude_id", "device_id", "event_properties", "event_time", "event_type", "session_id", "_insert_id",
             "server_upload_time", "client_event_time", "country", "id")  # fmt: skip
    copied = [{**row, "_insert_id": row["$insert_id"], "id": row["event_id"]} for row in made]
    return {
        "export.zip": zipped(members),
        "hour.jsonl": json_lines(made),
        "warehouse.csv": table(copied, names),
    }
