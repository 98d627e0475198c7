"""The event table as JSON Schema, for programs that write events in our own words."""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.schema import EVENT

_NEVER_NULL = ("ts", "session_id", "kind")


def json_schema() -> dict[str, Any]:
    """Columns in their order; every one but time, session and kind may be null."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Event",
        "description": "One row of the event table, sorted by session_id, ts, seq.",
        "type": "object",
        "properties": {name: _column(name, dtype) for name, dtype in EVENT.items()},
        "required": list(_NEVER_NULL),
        "additionalProperties": False,
    }


def _column(name: str, dtype: pl.DataType) -> dict[str, Any]:
    described = {**_value(dtype), "description": f"Stored as {dtype}."}
    if name in _NEVER_NULL:
        return described
    if "enum" in described:
        described["enum"] = [*described["enum"], None]
    return {**described, "type": [described["type"], "null"]}


def _value(dtype: pl.DataType) -> dict[str, Any]:
    if isinstance(dtype, pl.Enum):
        return {"type": "string", "enum": dtype.categories.to_list()}
    if isinstance(dtype, pl.List):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(dtype, pl.Datetime):
        return {"type": "string", "format": "date-time"}
    if isinstance(dtype, pl.Boolean):
        return {"type": "boolean"}
    return {"type": "integer" if dtype.is_integer() else "number" if dtype.is_numeric() else "string"}
