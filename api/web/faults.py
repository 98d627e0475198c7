"""Errors as pages, for readers; programs under `/v1` get the problem document, in the language that they ask for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI, Request, Response

from ..spoken import said, spoken
from .frame import page
from .taste import speaking

API = ("/v1", "/healthz", "/readyz", "/metrics", "/docs", "/static")
MEMBERS = ("code", "detail", "remedy", "file", "line", "column")
FOR_PROGRAMS = ("/v1/", "`next`", "Authorization:")
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
        return shown(request, answer)

    return handled


_OF_THE_BODY = ("content-length", "content-type")


def shown(request: Request, answer: Response) -> Response:
    """The answer that holds a problem, as whoever asked takes it: a page for readers, else the document."""
    if not is_read(request):
        return spoken(request, answer)
    read = told(request, json.loads(bytes(answer.body)), answer.status_code)
    read.headers.update({name: value for name, value in answer.headers.items() if name not in _OF_THE_BODY})
    return read


def for_readers(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem without a remedy that only programs can follow."""
    useless = any(piece in str(problem.get("remedy")) for piece in FOR_PROGRAMS)
    return {**problem, "remedy": None} if useless else problem


def told(request: Request, problem: dict[str, Any], status: int) -> Response:
    """The problem in the reader's language, with where and what to do."""
    members = {**dict.fromkeys(MEMBERS), **said(for_readers(problem), speaking(request))}
    values = {"problem": members, "code": status}
    template = "part-fault.jinja" if request.headers.get("hx-request") else "fault.jinja"
    return page(request, template, status=status, **values)
