"""Errors as pages, for readers; programs under `/v1` get the problem document, in the language that they ask for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI, Request, Response

from friction.i18n import Language
from friction.i18n.language import DEFAULT
from friction.i18n.problems import say

from .frame import page
from .taste import asked, speaking

API = ("/v1", "/healthz", "/readyz", "/metrics", "/docs", "/static")
SAID = ("detail", "remedy")
"""Members that are sentences."""
MEMBERS = ("code", "detail", "remedy", "file", "line", "column")
FOR_PROGRAMS = ("/v1/", "`next`")
"""What stands in remedies that help nobody who reads a page."""
Handler = Callable[[Request, Exception], Awaitable[Response]]


def is_read(request: Request) -> bool:
    """Whether a person waits for this answer."""
    if any(request.url.path == path or request.url.path.startswith(f"{path}/") for path in API):
        return False
    return "text/html" in request.headers.get("accept", "")


def install(app: FastAPI) -> None:
    """Let every handler of errors that is known by now answer readers with a page."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _as_page(cast(Handler, handler)))


def _as_page(handler: Handler) -> Handler:
    async def handled(request: Request, error: Exception) -> Response:
        answer = await handler(request, error)
        if "json" not in answer.headers.get("content-type", ""):
            return answer
        if not is_read(request):
            return spoken(request, answer)
        shown = told(request, json.loads(bytes(answer.body)), answer.status_code)
        shown.headers.update(
            {name: value for name, value in answer.headers.items() if name not in _OF_THE_BODY}
        )
        return shown

    return handled


_OF_THE_BODY = ("content-length", "content-type")


def spoken(request: Request, answer: Response) -> Response:
    """The problem document in the language of `Accept-Language`; code, title and members are the same in all."""
    speak = asked(request)
    answer.headers.update({"Content-Language": speak.code, "Vary": "Accept-Language"})
    if speak.code != DEFAULT:
        answer.body = json.dumps(_in(speak, json.loads(bytes(answer.body))), ensure_ascii=False).encode()
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def _in(speak: Language, problem: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: say(str(problem[name]), speak) for name in SAID if problem.get(name)}
    if "errors" in problem:
        said["errors"] = [_in(speak, each) for each in problem["errors"]]
    return {**problem, **said}


def for_readers(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem without a remedy that only programs can follow."""
    useless = any(piece in str(problem.get("remedy")) for piece in FOR_PROGRAMS)
    return {**problem, "remedy": None} if useless else problem


def told(request: Request, problem: dict[str, Any], status: int) -> Response:
    """The problem in the reader's language, with where and what to do."""
    speak = speaking(request)
    problem = for_readers(problem)
    said = {name: say(str(problem[name]), speak) for name in SAID if problem.get(name)}
    values = {"problem": {**dict.fromkeys(MEMBERS), **problem, **said}, "code": status}
    template = "part-fault.jinja" if request.headers.get("hx-request") else "fault.jinja"
    return page(request, template, status=status, **values)
