"""What pydantic finds wrong with a value, in our words: of settings, thresholds, options and requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WHOLE, NUMBER, BOOLEAN = "write a whole number", "write a number", "write true or false"
LIST, TABLE = "write a list, also of a single one", "write names with their values"
TIME, DATE = "write a time like 2026-03-02T09:00:00Z", "write a date like 2026-03-02"
CHOICE = "it is one of: {expected}"
SAID = {
    "missing": "it is missing",
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), BOOLEAN),
    "string_type": "write a text",
    **dict.fromkeys(("list_type", "tuple_type", "frozen_set_type"), LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), TABLE),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing"), TIME),
    **dict.fromkeys(("date_parsing", "date_from_datetime_parsing"), DATE),
    "greater_than": "it has to be more than {gt}",
    "greater_than_equal": "it has to be at least {ge}",
    "less_than": "it has to be less than {lt}",
    "less_than_equal": "it has to be at most {le}",
    "too_short": "there have to be at least {min_length}",
    "too_long": "there may be at most {max_length}",
    "string_too_short": "it is shorter than {min_length} characters",
    "string_too_long": "it is longer than {max_length} characters",
    **dict.fromkeys(("literal_error", "enum"), CHOICE),
}
"""Sentences by the type of the error, filled from its context."""


def misfit(fault: Mapping[str, Any]) -> str:
    """One of the errors of a `ValidationError` as a sentence without a stop; where we have none, its own."""
    if known := SAID.get(fault["type"]):
        return known.format(**fault.get("ctx", {}))
    own = str(fault["msg"]).removeprefix("Value error, ")
    return own[:1].lower() + own[1:]
