"""Every error leaves as one problem document (RFC 9457), whoever raised it: friction or the framework.

Members are those of `friction.errors.Problem`, plus `status`; a request that does not fit its description
also has `errors[]`, each with `where` and `detail`. What the caller sent is never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match

from friction.errors import FrictionError, Problem, nearest

from . import framework as words
from . import parameters, wording

MEDIA_TYPE = "application/problem+json"

CODES = {400: "request.malformed", 404: "request.not_found", 405: "request.method_not_allowed"}
"""Codes of what the framework itself refuses; any other status gets `request.refused`."""
DETAILS = {404: "there is nothing at this address", 405: "this address does not answer that method"}
"""What is said of them; of others the words of the standard."""


class Refused(FrictionError):
    """A request that cannot be met as things are; `headers` go with the answer."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(code, detail, **members)
        self.status = status
        self.headers = dict(headers or {})


def missing(what: str) -> Refused:
    """The answer for what is not there, and for what belongs to somebody else: they are the same."""
    return Refused(
        404, "request.not_found", f"there is no such {what}", remedy=f"GET /v1/{what}s lists what there is"
    )


def busy(detail: str, after_s: int, *, status: int = 503) -> Refused:
    """Not now; when to try again."""
    remedy = f"try again in {after_s} seconds"
    return Refused(status, "limit.busy", detail, headers={"Retry-After": str(after_s)}, remedy=remedy)


class ProblemDocument(BaseModel):
    """What every refusal and failure is answered with (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["urn:friction:error:input.no_time"])
    title: str
    status: int = Field(ge=400, le=599)
    code: str = Field(description="stable; what programs look at")
    detail: str = Field(description="what is wrong, for people")
    remedy: str | None = Field(default=None, description="what to do about it")
    file: str | None = Field(default=None, description="which of the files that were sent")
    line: int | None = Field(default=None, description="line of that file, from 1")
    column: str | None = None
    limit: str | None = Field(default=None, description="the limit that was reached")
    errors: list[dict[str, str]] | None = Field(default=None, description="each parameter that is wrong")


_DOCUMENT = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be met", **_DOCUMENT},
    "5XX": {"description": "The service cannot meet the request", **_DOCUMENT},
}
"""Of every route."""


def answer(
    problem: Problem,
    status: int,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> JSONResponse:
    """The problem as a response."""
    body: dict[str, Any] = {**wording.over_http(problem).as_dict(), "status": status}
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


async def ours(_: Request, error: Exception) -> JSONResponse:
    """A `FrictionError`: it knows its own status."""
    known = cast(FrictionError, error)
    return answer(known.problem, known.status, headers=getattr(known, "headers", None))


async def database_away(_: Request, __: Exception) -> JSONResponse:
    """The store does not answer; nothing was accepted that could be lost."""
    return await ours(_, busy("the database of the service does not answer", 5))


async def framework(request: Request, error: Exception) -> JSONResponse:
    """No such route, wrong method, a torn body: what Starlette and FastAPI refuse by themselves."""
    refused = cast(HTTPException, error)
    if isinstance(refused.__cause__, FrictionError):  # raised beneath the framework, while it read the body
        return await ours(request, refused.__cause__)
    if refused.status_code == 405:
        refused.headers = {"Allow": ", ".join(sorted(allowed(request)))}
    code = CODES.get(refused.status_code, "request.refused")
    standard = HTTPStatus(refused.status_code)
    detail = DETAILS.get(refused.status_code, standard.description or standard.phrase)
    remedy = "see /v1/openapi.json for what can be asked and how"
    return answer(Problem(code, detail, remedy), refused.status_code, headers=refused.headers)


def allowed(request: Request) -> set[str]:
    """Every method that this path answers; the framework names those of one route only."""
    methods: set[str] = set()
    for route in request.app.state.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= set(getattr(route, "methods", None) or ())
    return methods


async def invalid(request: Request, error: Exception) -> JSONResponse:
    """A parameter that is unknown or has an impossible value."""
    errors = [
        {"where": words.where(each), "detail": _said(request, each)}
        for each in cast(RequestValidationError, error).errors()
    ]
    problem = Problem(
        "request.invalid",
        "the request does not fit its description",
        remedy="see /v1/openapi.json for the parameters and their values",
    )
    return answer(problem, 422, errors=errors)


def _said(request: Request, wrong: Mapping[str, Any]) -> str:
    """What is wrong with one parameter; for one that is unknown also the nearest that is known."""
    if wrong["type"] != "extra_forbidden":
        return words.said(wrong)
    place, *names = wrong["loc"]
    what = "parameter" if place == "query" else "member"
    known = parameters.in_query(request) if place == "query" else parameters.in_body(request, names[:-1])
    return (
        f"there is no such {what}; {nearest(str(names[-1]), known)}" if known else f"there is no such {what}"
    )


async def gone(_: Request, __: Exception) -> Response:
    """Whoever asked has left in the middle of asking: nobody reads the answer, and it is no fault of ours."""
    return Response(status_code=400)


async def unexpected(_: Request, __: Exception) -> JSONResponse:
    """Our own fault. The log has the details, the answer has none."""
    remedy = "send it once more; the log of the service says what happened"
    return answer(Problem("internal.unexpected", "friction could not finish this request", remedy), 500)


def install(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Give every error of this application, which has these routes, its document."""
    app.state.routes = routes
    app.add_exception_handler(FrictionError, ours)
    app.add_exception_handler(OperationalError, database_away)
    app.add_exception_handler(TimeoutError, database_away)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, unexpected)
