"""The cookies of the pages: never readable by a script, sent to this host only, and only from its own pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ..store.logins import LONGEST

LOGIN, PENDING = "friction_login", "friction_pending"
SAFE_PREFIX = "__Host-"
"""A browser takes such a cookie from an encrypted answer of this very host only."""


def is_encrypted(request: Request) -> bool:
    """Whether the browser speaks https to us, or to the proxy in front of us."""
    public: str = request.app.state.service.public_url or ""
    return request.url.scheme == "https" or public.startswith("https:")


def login(request: Request) -> str | None:
    """What the login cookie holds; null without one."""
    return _read(request, LOGIN)


def pending(request: Request) -> str | None:
    """What a login at a provider has begun with."""
    return _read(request, PENDING)


def keep(response: Response, request: Request, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie."""
    secure = is_encrypted(request)
    response.set_cookie(
        SAFE_PREFIX + name if secure else name,
        value,
        max_age=seconds or int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, request: Request, name: str) -> None:
    """Take a cookie away."""
    secure = is_encrypted(request)
    name = SAFE_PREFIX + name if secure else name
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _read(request: Request, name: str) -> str | None:
    return request.cookies.get(SAFE_PREFIX + name if is_encrypted(request) else name)
