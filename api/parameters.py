"""What may stand in a request, as the description of its route says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError


async def known_alone(request: Request) -> None:
    """Refuse a parameter that the route does not have: a filter with a slip of the pen would let everything through."""
    operation = _operation(request)
    unknown = set(request.query_params) - set(_named(operation))
    if operation and unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name), "msg": ""} for name in sorted(unknown)]
        )


def in_query(request: Request) -> list[str]:
    """Names of what may stand in the query of this route."""
    return _named(_operation(request))


def in_body(request: Request, within: Sequence[str | int]) -> list[str]:
    """Names of what may stand in this object of its JSON body, found by the names that lead there; none where the
    description says nothing of it.
    """
    content = _operation(request).get("requestBody", {}).get("content", {})
    schema = _resolved(request, content.get("application/json", {}).get("schema", {}))
    for step in within:
        inner = (
            schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
        )
        schema = _resolved(request, inner)
    return list(schema.get("properties", ()))


def _operation(request: Request) -> dict[str, Any]:
    """The route's own part of the description; empty for one that is not described."""
    path = getattr(request.scope["route"], "path_format", "")
    found: dict[str, Any] = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    return found


def _named(operation: Mapping[str, Any]) -> list[str]:
    return [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]


def _resolved(request: Request, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference stands for; of what may be null the other."""
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(request, choice)
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = request.app.openapi()["components"]["schemas"][
        schema["$ref"].rsplit("/", 1)[-1]
    ]
    return found
