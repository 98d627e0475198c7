"""The made-up visits as Snowplow's enriched events and as a dump of the warehouse table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from friction.sources.snowplow import FIELDS, PLACES
from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, table

NAMES = {
    **{"view": "page_view", "scroll": "page_ping", "click": "link_click", "change": "change_form"},
    **{"submit": "submit_form", "vital": "web_vitals", "error": "application_error", "order": "transaction"},
}
TOLD = {
    **{"view": "page_view", "scroll": "heartbeat", "click": "click", "change": "change", "submit": "submit"},
    **{"vital": "web_vital", "error": "error", "order": "conversion"},
}
OWN = ("page_view", "page_ping", "transaction")


def rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Fields of events by name; without a derived time on every fifth, without quotes anywhere."""
    return [_row(step) for step in steps if step.what in TOLD]


def _row(step: Step) -> dict[str, Any]:
    at, name = _written(step.at), NAMES[step.what]
    is_own = name in OWN
    return {
        "app_id": "<>shop" if step.number == 0 else "shop",
        "platform": "web",
        "collector_tstamp": _written(step.at + timedelta(seconds=3)),
        "dvce_created_tstamp": at,
        "event": name if is_own else "unstruct",
        "event_id": step.id,
        "domain_userid": step.person,
        "geo_country": "FR",
        "page_url": step.url,
        "page_title": step.title,
        "contexts": _self(
            "contexts", [{"schema": _schema("web_page"), "data": {"id": f"view-{step.visit}"}}]
        ),
        "unstruct_event": None if is_own else _self("unstruct_event", _inside(step, name)),
        "tr_total": step.more.get("revenue"),
        "tr_currency": step.more.get("currency"),
        "pp_yoffset_max": 900 if step.what == "scroll" else None,
        "useragent": step.agent,
        "br_family": "Safari" if step.is_phone else "Firefox",
        "br_viewwidth": 1280,
        "br_viewheight": 700,
        "dvce_type": "Mobile" if step.is_phone else "Computer",
        "doc_height": 2000,
        "domain_sessionid": step.session,
        "derived_tstamp": None if step.number % 5 == 0 else at,
        "event_name": name,
        "event_vendor": "com.snowplowanalytics.snowplow",
    }


def _written(at: Any) -> str:
    return str(at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3])


def _schema(name: str) -> str:
    return f"iglu:com.snowplowanalytics.snowplow/{name}/jsonschema/1-0-0"


def _self(name: str, data: Any) -> str:
    return json.dumps({"schema": _schema(name), "data": data}, separators=(",", ":"))


def _inside(step: Step, name: str) -> dict[str, Any]:
    element = step.element
    link: dict[str, Any] = {"targetUrl": element.href, "elementId": element.id} if element else {}
    data: dict[str, dict[str, Any]] = {
        "link_click": link,
        "change_form": {"formId": "checkout", "elementId": "email", "value": "ann@example.org"},
        "submit_form": {"formId": "checkout"},
        "web_vitals": {"lcp": step.more.get("lcp"), "cls": 0.02},
        "application_error": {"message": step.more.get("message")},
    }
    return {"schema": _schema(name), "data": data[name]}


def _bare(row: dict[str, Any]) -> str:
    cells = [""] * FIELDS
    for name, place in {**PLACES, "app_id": 0, "event_vendor": 125}.items():
        cells[place] = "" if row.get(name) is None else str(row[name])
    return "\t".join(cells) + "\n"


def files(steps: Sequence[Step]) -> Files:
    """The enriched form and a dump."""
    made = rows(steps)
    return {"enriched.bare.tsv": "".join(map(_bare, made)).encode(), "dump.csv": table(made, tuple(made[0]))}
