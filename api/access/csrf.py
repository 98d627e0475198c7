"""Requests that a page elsewhere makes a browser send are refused.

Two lines: a change must come from our own pages as far as the browser says where it comes from (`Sec-Fetch-Site`,
`Origin`), also where no login is asked; and with a login it must hold the token of that login, which no other site can
read. A script sends it as `X-CSRF-Token`; a form has it as `_csrf`, its first field, so that a large upload need not be
read to find it.
"""

from __future__ import annotations

import hmac
import re
from hashlib import blake2b
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Message, Receive

from ..errors import Refused
from ..folder import DataFolder
from ..secret import derived

HEADER, FIELD = "x-csrf-token", "_csrf"
PEEK_BYTES = 4096
"""So much of a body is looked at for the token."""
_ENCODED = re.compile(rb"\A_csrf=([0-9a-f]{64})(?:&|\Z)")
_PART = re.compile(
    rb'\A(?:\r\n)?--[^\r\n]{1,200}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n([0-9a-f]{64})\r\n',
    re.I,
)


def token(folder: DataFolder, login_id: str) -> str:
    """What belongs to this login: 64 hex digits."""
    return blake2b(login_id.encode(), key=derived(folder, "csrf"), digest_size=32).hexdigest()


def refuse_strangers(request: Request) -> None:
    """Raise `Refused` for a change that another site's page asks for; programs say nothing of where they come from."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise stranger()
    if origin is not None and urlsplit(origin).netloc.lower() not in _ours(request):
        raise stranger()


def _ours(request: Request) -> set[str]:
    public = request.app.state.service.public_url
    return {request.headers.get("host", "").lower(), urlsplit(public).netloc.lower() if public else ""} - {""}


async def asked(request: Request, expected: str) -> Receive:
    """The body as it can be read from here on; raises `Refused` when the request does not hold the token."""
    told, receive = request.headers.get(HEADER, ""), request.receive
    if not told:
        told, receive = await _in_form(request)
    if not hmac.compare_digest(told.encode(), expected.encode()):
        raise stranger()
    return receive


async def _in_form(request: Request) -> tuple[str, Receive]:
    """The form's first field if it is the token, and the body from its beginning."""
    seen: list[Message] = []
    head = b""
    while len(head) < PEEK_BYTES:
        message = await request.receive()
        seen.append(message)
        head += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False):
            break

    async def again() -> Message:
        return seen.pop(0) if seen else await request.receive()

    kind = request.headers.get("content-type", "").lower()
    found = (_PART if kind.startswith("multipart/form-data") else _ENCODED).match(head)
    return found[1].decode() if found else "", again


def stranger() -> Refused:
    """The request comes from elsewhere."""
    remedy = "load the page again and send it from there"
    return Refused(
        403, "access.other_site", "the request does not come from a page of this service", remedy=remedy
    )
