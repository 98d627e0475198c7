"""A masked recording played again, in a frame of its own that can reach nothing: `/replay/{report}/{session}?at=`.

The document is sandboxed to an origin that is nobody's, may fetch nothing at all, and has everything it needs inside:
player, style and events. The recorded page is rebuilt in one more such frame (`stage.js`), where only the two scripts
that carry the nonce of this answer can run; styles of the recorded page may, since a page without them is none.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from .. import beside
from ..errors import Refused
from ..service import ServiceDep
from .assets import files
from .frame import rendered

router = APIRouter(include_in_schema=False)

PLAYER = "vendor/rrweb.min.js"
POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
BEFORE_MS = 5_000
"""How long before the moment playing begins."""
CLICKS = 2
"""Source of the events that say what was clicked."""


@router.get("/replay/{report_id}/{session_id:path}")
def show(
    report_id: str,
    session_id: str,
    request: Request,
    service: ServiceDep,
    at: Annotated[str | None, Query(max_length=40, description="the moment: ISO 8601 or epoch ms")] = None,
    tab: Annotated[int | None, Query(ge=1, le=100)] = None,
) -> Response:
    """The player, standing at the moment; raises `Refused` when the session has no recording."""
    tabs = beside.recording(service, report_id, session_id)
    moment = epoch_ms(at)
    number = tab - 1 if tab is not None and tab <= len(tabs) else nearest(tabs, moment)
    nonce = secrets.token_urlsafe(16)
    events = tabs[number]
    scripts = {name: _script(name) for name in (PLAYER, "stage.js", "player.js")}
    content = rendered(
        request,
        "replay.jinja",
        nonce=nonce,
        style=_text("tokens.css") + _text("player.css"),
        player=scripts[PLAYER],
        stage=scripts["stage.js"],
        controls=scripts["player.js"],
        events=_inert(events),
        start=events[0]["timestamp"],
        end=events[-1]["timestamp"],
        moment=moment,
        before=BEFORE_MS,
    )
    return Response(
        content,
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY.format(nonce=nonce), "Vary": "Cookie, Accept-Language"},
    )


def epoch_ms(at: str | None) -> int | None:
    """The moment in epoch milliseconds; null where none is asked for. Raises `Refused` for what is no time."""
    if not at:
        return None
    try:
        if at.isascii() and at.isdigit():
            return int(at)
        when = datetime.fromisoformat(at)
    except ValueError:
        remedy = "write it like 2026-03-01T10:00:00Z"
        raise Refused(422, "request.invalid", "at is no time", remedy=remedy) from None
    return round(when.replace(tzinfo=when.tzinfo or UTC).timestamp() * 1000)


def nearest(tabs: Sequence[Sequence[dict[str, Any]]], moment: int | None) -> int:
    """The tab in which something was done nearest to the moment; the first where nothing says."""
    if moment is None or len(tabs) == 1:
        return 0
    far = [min((abs(at - moment) for at in _acted(tab)), default=float("inf")) for tab in tabs]
    return far.index(min(far))


def _acted(tab: Sequence[dict[str, Any]]) -> list[int]:
    return [event["timestamp"] for event in tab if event["data"].get("source") == CLICKS]


def _text(name: str) -> str:
    return files()[name].decode()


def _script(name: str) -> str:
    """A script to stand inside a page; empty where it was not fetched."""
    content = files().get(name)
    return "" if content is None else content.decode().replace("</script", "<\\/script")


def _inert(events: Sequence[dict[str, Any]]) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(events, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
