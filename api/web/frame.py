"""One page put together: who reads it in which language and theme, where it stands, what a browser may load for it.

    return page(request, "list.jinja", at="reports", tab="points", report_id=…, **values)

Templates have `text plural of word speak lang`, `asset(name)`, `hidden` (first thing in every form), `here` (this
address, for links that come back) and what they are given.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from friction import __version__
from friction.i18n import Language
from friction.render.html.page import TEMPLATES as REPORT
from friction.render.html.page import templates as report_templates

from ..access.caller import caller
from . import navigation
from .assets import asset
from .taste import THEME, speaking

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Vary": "Cookie, Accept-Language",
    # A browser that may not say where it comes from says so of its forms, too, and they would be refused.
    "Referrer-Policy": "same-origin",
}


@cache
def templates() -> Environment:
    """The templates of the pages, and behind them those of the written report."""
    from jinja2 import FileSystemLoader

    environment = report_templates().overlay(loader=FileSystemLoader([TEMPLATES, REPORT]))
    environment.globals = {**environment.globals, "asset": asset}
    environment.filters = {**environment.filters, "quote": lambda text: quote(str(text), safe="")}
    return environment


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The whole page as an answer."""
    return HTMLResponse(
        rendered(request, template, **values),
        status,
        headers=HEADERS,
    )


def rendered(request: Request, template: str, **values: Any) -> str:
    """The template's text; also for parts of pages that htmx puts in."""
    speak = speaking(request)
    return templates().get_template(template).render(**surroundings(request, speak) | values)


def surroundings(request: Request, speak: Language) -> dict[str, Any]:
    """What every template has."""
    query = f"?{request.url.query}" if request.url.query else ""
    return {
        "speak": speak,
        "lang": speak.code,
        "theme": request.cookies.get(THEME),
        "here": request.url.path + query,
        "hidden": hidden(request),
        "csrf": token(request),
        "who": who(request),
        "may_write": caller(request).may("write"),
        "may_admin": caller(request).may("admin"),
        "version": __version__,
        "listed": speak.listed,
        "product": navigation.PRODUCT,
        "tabs": navigation.TABS,
        "at": "",
        "tab": "",
        "inside": False,
        "acting": True,
        "base": "",
        "shared_until": None,
        "completing": None,
        **speak.functions,
    }


def token(request: Request) -> str:
    """What a change sends back when somebody is logged in (`api.access.csrf`); empty where nobody is."""
    return caller(request).csrf


def who(request: Request) -> str:
    """Who is logged in with this browser; empty where nobody is asked."""
    known = caller(request)
    return (known.key.person or known.key.name) if known.login and known.key else ""


def hidden(request: Request) -> Markup:
    """The first thing in every form: only our own pages can send it. Empty where nobody can be impersonated."""
    known = token(request)
    return (
        Markup('<input type="hidden" name="_csrf" value="{}">').format(escape(known)) if known else Markup()
    )
