"""The audit trail: every change that succeeded, and every look at what shows single visits, in one place.

A row says who, what was done and to which thing by its id; never what the thing holds. It is written before the answer
begins, so that what was answered is in it.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..service import Service
from ..store import audit
from .caller import NOBODY, Caller
from .policy import SAFE

LOG = logging.getLogger("friction.audit")
LOOKED_AT = (
    "/v1/reports/{report_id}.{form}",
    "/v1/reports/{report_id}",
    "/v1/reports/{report_id}/points/{point_id}/evidence",
    "/v1/compare",
    "/v1/export",
    "/v1/audit",
)
"""Routes whose reading is noted; so is everything below `REPLAYS`."""
REPLAYS = "/replay/"
AGAIN_S = 3600.0
"""The same person looking at the same thing is noted once in this time."""
QUIET = ("/v1/uploads/resumable/{upload_id}",)
"""Pieces of one upload: its beginning is noted."""
REMEMBERED = 10_000


class Trail:
    """Middleware: writes the trail."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self.service = service
        self._looks: OrderedDict[tuple[str, ...], float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; note it when it succeeds."""
        caller: Caller = scope.get("state", {}).get("caller", NOBODY)
        if scope["type"] != "http" or caller is NOBODY:
            await self.app(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                action, thing = told(scope, message)
                if self._is_wanted(scope, caller, action, thing):
                    await run_in_threadpool(self._write, caller, action, thing)
            await send(message)

        await self.app(scope, receive, noted)

    def _is_wanted(self, scope: Scope, caller: Caller, action: str, thing: str | None) -> bool:
        route = pattern(scope)
        if scope["method"] not in SAFE:
            return route not in QUIET or scope["method"] == "DELETE"
        if not (scope["method"] == "GET" and (route in LOOKED_AT or route.startswith(REPLAYS))):
            return False
        return self._is_first_look((caller.project, caller.actor, action, thing or ""))

    def _is_first_look(self, look: tuple[str, ...]) -> bool:
        moment = time.monotonic()
        before = self._looks.pop(look, None)
        self._looks[look] = moment if before is None or moment - before > AGAIN_S else before
        if len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)
        return self._looks[look] == moment

    def _write(self, caller: Caller, action: str, thing: str | None) -> None:
        try:
            with self.service.store.write(caller.project) as scope:
                audit.note(scope, caller.actor, action, thing)
        except SQLAlchemyError:  # what was done is done; the log has it where the store cannot
            LOG.exception("not in the audit trail", extra={"action": action, "thing": thing})


def told(scope: Scope, message: Message) -> tuple[str, str | None]:
    """What was done, as method and route, and the id of what it was done to or has made."""
    parameters: dict[str, Any] = scope.get("path_params", {})
    things = [str(value) for name, value in parameters.items() if name != "form"]
    place = ""
    with suppress(KeyError):
        place = Headers(raw=message["headers"])["location"].rstrip("/").rpartition("/")[2]
    return f"{scope['method']} {pattern(scope)}", " ".join(things) or place[:64] or None


def pattern(scope: Scope) -> str:
    """The route's pattern, never the address."""
    return str(getattr(scope.get("route"), "path", "none")).replace(":plain}", "}")
