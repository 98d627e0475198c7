"""What a reader likes: language and theme, each in a cookie of its own that says nothing else."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse

from friction.i18n import LANGUAGES, Language, chosen, language

from ..spoken import wishes

router = APIRouter(include_in_schema=False)

LANG, THEME = "lang", "theme"
YEAR_S = 365 * 24 * 3600
Back = Annotated[str, Query(max_length=2000)]


def speaking(request: Request) -> Language:
    """The language of the cookie, else the first that the browser asks for and that is spoken here."""
    return language(chosen(request.cookies.get(LANG), *wishes(request)))


@router.get("/lang/{code}")
def speak(code: Literal["en", "fr"], request: Request, to: Back = "/") -> RedirectResponse:
    """Read on in this language."""
    assert code in LANGUAGES
    return kept(request, to, LANG, code)


@router.post("/theme")
def theme(
    request: Request,
    theme: Annotated[Literal["light", "dark"], Form()],
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> RedirectResponse:
    """Read on in this theme; the one that is chosen already gives the choice back to the system."""
    return kept(request, to, THEME, "" if request.cookies.get(THEME) == theme else theme)


def kept(request: Request, to: str, name: str, value: str) -> RedirectResponse:
    """Back to the page, with the cookie."""
    answer = RedirectResponse(local(to), 303)
    safe = request.url.scheme == "https"
    if value:
        answer.set_cookie(name, value, max_age=YEAR_S, samesite="lax", secure=safe, httponly=True)
    else:
        answer.delete_cookie(name)
    return answer


def local(to: str) -> str:
    """The address if it is one of ours; else the start page, so that no link of ours leads elsewhere."""
    parts = urlsplit(to)
    is_ours = to.startswith("/") and not to.startswith("//") and not (parts.scheme or parts.netloc)
    return to if is_ours and "\\" not in to and to.isprintable() else "/"
