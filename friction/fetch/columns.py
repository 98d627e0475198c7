"""Which types of a database a table of events can hold; all others are taken as the text the database makes of them."""

from __future__ import annotations

from typing import Any


def unreadable(schema: Any) -> list[str]:
    """Names of the columns that have to be made text: numbers of any size, intervals, arrays, addresses, raw bytes …"""
    return [field.name for field in schema if not _is_plain(field.type)]


def _is_plain(kind: Any) -> bool:
    import pyarrow.types as of

    return bool(
        of.is_integer(kind)
        or of.is_floating(kind)
        or of.is_boolean(kind)
        or of.is_string(kind)
        or of.is_large_string(kind)
        or of.is_date(kind)
        or of.is_timestamp(kind)
        or of.is_decimal(kind)
        or of.is_null(kind)
    )
