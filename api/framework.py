"""What the framework finds wrong with a value of a request, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JSON_BODY = "write a JSON object, and send it with the header Content-Type: application/json"
SAID = {
    "missing": "it is missing",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "finite_number": "write a number",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "string_type": "write a text",
    "list_type": "write a list, also of a single one",
    "dict_type": "write a JSON object",
    "model_type": "write a JSON object",
    "model_attributes_type": "write a JSON object",
    "datetime_type": "write a time like 2026-03-02T09:00:00Z",
    "datetime_parsing": "write a time like 2026-03-02T09:00:00Z",
    "datetime_from_date_parsing": "write a time like 2026-03-02T09:00:00Z",
    "date_parsing": "write a date like 2026-03-02",
    "date_from_datetime_parsing": "write a date like 2026-03-02",
    "greater_than": "it has to be more than {gt}",
    "greater_than_equal": "it has to be at least {ge}",
    "less_than": "it has to be less than {lt}",
    "less_than_equal": "it has to be at most {le}",
    "too_short": "there have to be at least {min_length}",
    "too_long": "there may be at most {max_length}",
    "string_too_short": "it is shorter than {min_length} characters",
    "string_too_long": "it is longer than {max_length} characters",
    "literal_error": "it is one of: {expected}",
    "enum": "it is one of: {expected}",
}
"""Sentences by the type of the error, filled from its context."""


def where(wrong: Mapping[str, Any]) -> str:
    """The place in the request, `query.limit`; of a body that is no JSON just `body`."""
    places = wrong["loc"][:1] if wrong["type"] == "json_invalid" else wrong["loc"]
    return ".".join(str(part) for part in places)


def said(wrong: Mapping[str, Any]) -> str:
    """What is wrong, as a sentence without a stop; the framework's own where we have none."""
    if wrong["type"] == "json_invalid":
        return (
            f"it is no JSON from character {int(wrong['loc'][-1]) + 1} on"
            if wrong["loc"]
            else "it is no JSON"
        )
    if tuple(wrong["loc"]) == ("body",):
        return JSON_BODY
    known = SAID.get(wrong["type"])
    if known is None:
        return str(wrong["msg"]).removeprefix("Value error, ")
    return known.format(**wrong.get("ctx", {}))
