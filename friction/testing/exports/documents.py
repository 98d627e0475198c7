"""The made-up visits as documents: visits of Matomo, sessions of OpenReplay, captures as HAR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friction.testing.exports.visits import Step
from friction.testing.exports.writing import Files, document

MATOMO = {
    **{
        "view": "action",
        "custom": "event",
        "outlink": "outlink",
        "search": "search",
        "order": "ecommerceOrder",
    },
}
MATOMO_TOLD = {
    **{"view": "page_view", "custom": "custom", "search": "search", "order": "conversion"},
}
REPLAY = {"view": "LOCATION", "click": "CLICK", "change": "INPUT"}
REPLAY_TOLD = {
    **{"view": "page_view", "click": "click", "change": "input", "rage": "rage_click", "dead": "dead_click"},
    **{"error": "error"},
}
ISSUES = {"rage": "click_rage", "dead": "dead_click"}


def by_visit(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps of each visit."""
    return [
        [step for step in steps if step.visit == visit] for visit in sorted({step.visit for step in steps})
    ]


def matomo(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Visits of the Live API. The server's time is that of the last action."""
    return [_visit(own) for own in by_visit(steps)]


def _visit(own: Sequence[Step]) -> dict[str, Any]:
    return {
        "idVisit": str(1_000 + own[0].visit),
        "visitorId": own[0].person[:16],
        "userId": None,
        "serverTimestamp": own[-1].ms // 1_000,
        "firstActionTimestamp": own[0].ms // 1_000,
        "lastActionTimestamp": own[-1].ms // 1_000,
        "serverDatePretty": "Monday, March 2, 2026",
        "visitorType": "new",
        "deviceType": "Smartphone" if own[0].is_phone else "Desktop",
        "operatingSystemName": "iOS" if own[0].is_phone else "GNU/Linux",
        "browserName": "Mobile Safari" if own[0].is_phone else "Firefox",
        "countryCode": "fr",
        "actionDetails": [_action(step) for step in own if step.what in MATOMO_TOLD],
    }


def _action(step: Step) -> dict[str, Any]:
    return {
        "type": MATOMO[step.what],
        "url": step.url,
        "pageTitle": step.title,
        "timestamp": step.ms // 1_000,
        "timeSpent": 12,
        "timeSpentPretty": "12s",
        **({"pageLoadTimeMilliseconds": 640} if step.what == "view" else {}),
        **({"siteSearchKeyword": "chairs", "siteSearchCount": 0} if step.what == "search" else {}),
        **({"eventCategory": "shop", "eventAction": "voucher"} if step.what == "custom" else {}),
        **({"revenue": step.more["revenue"]} if step.what == "order" else {}),
    }


def matomo_files(steps: Sequence[Step]) -> Files:
    """The answer of the API."""
    return {"visits.json": document(matomo(steps))}


def openreplay_files(steps: Sequence[Step]) -> Files:
    """All sessions as a list."""
    return {"sessions.json": document({"data": [_session(own) for own in by_visit(steps)]})}


def _session(own: Sequence[Step]) -> dict[str, Any]:
    return {
        "sessionId": own[0].session,
        "startTs": own[0].began,
        "duration": 90_000,
        "userAnonymousId": own[0].person,
        "userBrowser": "Firefox",
        "userOs": "Linux",
        "userDeviceType": "desktop",
        "userCountry": "FR",
        "events": [_event(step) for step in own if step.what in REPLAY],
        "errors": [
            {"timestamp": step.ms, "message": step.more["message"], "name": "TypeError", "url": step.url}
            for step in own
            if step.what == "error"
        ],
        "issues": [
            {"type": ISSUES[step.what], "timestamp": step.ms - own[0].began, "url": step.url}
            for step in own
            if step.what in ISSUES
        ],
        "resources": [],
    }


def _event(step: Step) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": REPLAY[step.what],
        "timestamp": step.ms,
        "url": step.url,
        "messageId": step.number,
    }
    if step.what == "view":
        return made | {"path": step.path, "loadTime": 1200, "firstContentfulPaintTime": 800}
    element = step.element
    if step.what == "change":
        return made | {"label": "E-mail", "value": "ann@example.org"}
    return made | ({"label": element.text, "selector": element.selector} if element else {})


def har_files(steps: Sequence[Step]) -> Files:
    """A capture with pages, of which one was never finished, and one of redirects without pages."""
    own = [step for step in by_visit(steps)[0] if step.what in {"view", "request"}]
    pages, entries, page = [], [], ""
    for step in own:
        at = step.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        page = f"page_{step.number}" if step.what == "view" else page
        status = step.more.get("status", 200)
        kind = "text/html" if step.what == "view" else "application/json"
        address = step.url if step.what == "view" else "https://shop.example/api/stock?k=1"
        entries.append(_entry(at, page, address, status, kind, 250.5))
        if step.what == "view":
            load = -1 if step.path == "/" else 1825
            pages.append(
                {
                    "id": page,
                    "startedDateTime": at,
                    "title": step.title,
                    "pageTimings": {"onContentLoad": 900, "onLoad": load},
                }
            )
    first = own[0].at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    loop = [
        _entry(first, None, f"https://shop.example/again/{turn}", 302, "text/html", 20.0) for turn in range(3)
    ]
    creator = {"name": "made up", "version": "1"}
    return {
        "pages.har": document(
            {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}
        ),
        "redirects.har": document({"log": {"version": "1.2", "creator": creator, "entries": loop}}),
    }


def _entry(at: str, page: str | None, url: str, status: int, kind: str, took: float) -> dict[str, Any]:
    return {
        **({"pageref": page} if page else {}),
        "startedDateTime": at,
        "time": took,
        "request": {"method": "GET", "url": url, "headers": [], "queryString": []},
        "response": {"status": status, "content": {"mimeType": kind, "size": 10}},
        "timings": {"wait": took},
    }
