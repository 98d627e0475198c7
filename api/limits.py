"""How much a request may send, counted while it arrives: neither memory nor disk ever holds more.

FastAPI has a limit of its own, but answers with plain text; this one answers with a problem document.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from friction.errors import LimitError


class BodyLimit:
    """Middleware: reading more than `max_bytes`, or from a body announced as larger, raises `LimitError`."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        received = int(announced) if announced.isdecimal() and int(announced) > self.max_bytes else 0

        async def counted() -> Message:
            nonlocal received
            if received <= self.max_bytes:
                message = await receive()
                received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise self.refusal()
            return message

        await self.app(scope, counted, send)

    def refusal(self) -> LimitError:
        """What the caller is told."""
        return LimitError(
            "limit.upload_bytes",
            f"the body is larger than {self.max_bytes:,} bytes",
            remedy="analyse it with the command line, or send a smaller period",
            limit=str(self.max_bytes),
        )
