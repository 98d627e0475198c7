"""How much a request may send, and how many a caller may make: counted before anything is held or done.

FastAPI has a limit of its own, but answers with plain text; these answer with problem documents.
"""

from __future__ import annotations

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from friction.errors import LimitError

from .errors import answer, busy
from .spoken import Shown

FREE = ("/healthz", "/readyz", "/metrics")
"""Asked by machines, often, and cheap to answer."""
UPLOADS = ("/v1/uploads", "/v1/analyze", "/uploads")
"""Paths (and what is below them) that take files."""


class BodyLimit:
    """Middleware: a body beyond `upload_bytes` where files are taken, else `body_bytes`, raises `LimitError`."""

    def __init__(self, app: ASGIApp, upload_bytes: int, body_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes
        self.body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what arrives; a body announced as too large is refused before it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        takes_files = any(scope["path"] == path or scope["path"].startswith(f"{path}/") for path in UPLOADS)
        most = self.upload_bytes if takes_files else self.body_bytes
        announced = Headers(scope=scope).get("content-length", "")
        received = int(announced) if announced.isdecimal() and int(announced) > most else 0

        async def counted() -> Message:
            nonlocal received
            if received <= most:
                message = await receive()
                received += len(message.get("body", b""))
            if received > most:
                raise refusal(most, FILES if takes_files else NO_FILES)
            return message

        await self.app(scope, counted, send)


FILES = "analyse it with the command line, or send a shorter period"
NO_FILES = "send files to POST /v1/uploads and name the uploads here"


def refusal(most: int, remedy: str) -> LimitError:
    """What the caller of too large a body is told."""
    detail = f"the body is larger than {most:,} bytes"
    return LimitError("limit.upload_bytes", detail, remedy=remedy, limit=str(most))


class RateLimit:
    """Middleware: so many requests of one caller; the answer says how many are left and when there are more."""

    def __init__(self, app: ASGIApp, rate: str, shown: Shown) -> None:
        self.app = app
        self.shown = shown
        self.rate: RateLimitItem = parse(rate)
        self._seen = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 429."""
        if scope["type"] != "http" or scope["path"] in FREE:
            await self.app(scope, receive, send)
            return
        caller = caller_of(scope)
        is_let_in = self._seen.hit(self.rate, caller)
        reset_at, left = self._seen.get_window_stats(self.rate, caller)
        told = {
            "RateLimit-Limit": str(self.rate.amount),
            "RateLimit-Remaining": str(max(0, left)),
            "RateLimit-Reset": str(max(0, round(reset_at - time.time()))),
        }
        if is_let_in:
            await self.app(scope, receive, _with(send, told))
            return
        refused = busy("too many requests", max(1, int(told["RateLimit-Reset"])), status=429)
        said = self.shown(
            Request(scope), answer(refused.problem, refused.status, headers=refused.headers | told)
        )
        await said(scope, receive, send)


def caller_of(scope: Scope) -> str:
    """Who makes the request, as far as the rate is concerned."""
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _with(send: Send, told: dict[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(told)
        await send(message)

    return sending
