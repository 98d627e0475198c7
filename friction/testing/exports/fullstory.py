"""The made-up visits as FullStory exports them: rows as CSV and JSON, and events of its second API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, document, json_lines, table

NAMES = {
    **{"view": "navigate", "click": "click", "change": "change", "request": "request", "error": "exception"},
    **{
        "vital": "load",
        "custom": "custom",
        "identify": "uservar",
        "leave": "backgrounded",
        "form_start": "seen",
    },
}
TOLD = {
    **{"view": "page_view", "click": "click", "change": "change", "request": "request", "error": "error"},
    **{"vital": "navigation_perf", "custom": "custom", "identify": "identify", "leave": "visibility"},
    **{"form_start": "custom"},
}
HEADER = (
    *("IndvId", "UserId", "SessionId", "PageId", "UserAppKey", "UserEmail", "EventStart", "EventType"),
    *("EventSubType", "EventCustomName", "EventTargetText", "EventTargetSelector", "EventTargetSelectorTok"),
    *("EventModFrustrated", "EventModDead", "EventModError", "EventVarErrorKind", "PageUrl", "PageStart"),
    *("PageDuration", "PageActiveDuration", "PageBrowser", "PageDevice", "PageOperatingSystem"),
    *("LoadDomContentTime", "LoadEventTime", "LoadFirstPaintTime", "ReqUrl", "ReqMethod", "ReqStatus"),
)


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Rows of an export; what is not there is left out."""
    told = [step for step in steps if step.what in TOLD]
    marked: set[tuple[int, str, str]] = {
        (step.visit, step.path, step.what) for step in steps if step.what in {"rage", "dead"}
    }
    return [_row(step, marked) for step in told]


def _row(step: Step, marked: set[tuple[int, str, str]]) -> dict[str, Any]:
    buys = step.what == "click" and step.element is not None and step.element.id == "buy"
    element, more = step.element, step.more
    made: dict[str, Any] = {
        "IndvId": 6730658309947000 + step.visitor,
        "UserId": 6730658309947000 + step.visitor,
        "SessionId": 5563166426349000 + step.visit,
        "PageId": 6379961613762000 + step.visit,
        "EventStart": step.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "EventType": NAMES[step.what],
        "PageUrl": step.url,
        "PageDuration": 55338,
        "PageActiveDuration": 40913,
        "PageBrowser": "Safari" if step.is_phone else "Firefox",
        "PageDevice": "Mobile" if step.is_phone else "Desktop",
        "PageOperatingSystem": "iOS" if step.is_phone else "Linux",
    }
    if step.what == "view":
        made["EventSubType"] = "navigate"
    if element is not None and step.what in {"click", "change"}:
        classes = "".join(f" .{one}" for one in element.classes)
        name = f" #{element.id}" if element.id else ""
        made |= {
            "EventTargetText": element.text or None,
            "EventTargetSelector": f"html > body > main.app > {element.selector}",
            "EventTargetSelectorTok": f"html body main .app {element.tag}{name}{classes}",
        }
    if buys and (step.visit, step.path, "rage") in marked:
        made["EventModFrustrated"] = True
    if buys and (step.visit, step.path, "dead") in marked:
        made["EventModDead"] = True
    if step.what == "vital":
        made |= {"LoadDomContentTime": 400, "LoadEventTime": more["load"], "LoadFirstPaintTime": 390}
    if step.what == "request":
        made |= {
            "ReqUrl": "https://shop.example/api/stock?k=1",
            "ReqMethod": "GET",
            "ReqStatus": more["status"],
        }
    if step.what == "error":
        made |= {"EventVarErrorKind": more["kind"], "EventTargetText": more["message"]}
    return {key: value for key, value in made.items() if value is not None}


def _second(step: Step) -> dict[str, Any]:
    row = _row(step, set())
    properties = {
        **({"target": {"text": row.get("EventTargetText"), "raw_selector": row.get("EventTargetSelector")}}),
        **({"load_time": step.more["load"]} if step.what == "vital" else {}),
        **({"url": row["ReqUrl"], "status_code": row["ReqStatus"]} if step.what == "request" else {}),
    }
    return {
        "device_id": f"d-{step.visitor}",
        "session_id": f"s-{step.visit}",
        "view_id": f"v-{step.visit}",
        "event_id": step.id,
        "event_time": row["EventStart"],
        "event_type": row["EventType"],
        "event_properties": properties,
        "source_properties": {"url": {"full_url": step.url, "path": step.path}, "device": "Desktop"},
    }


def files(steps: Sequence[Step]) -> Files:
    """CSV, JSON list, NDJSON of the first generation, and events of the second API."""
    made = rows(steps)
    return {
        "segment.csv": table(made, HEADER),
        "segment.json": document(made),
        "segment.jsonl": json_lines(made),
        "second.jsonl": json_lines(_second(step) for step in steps if step.what in TOLD),
    }
