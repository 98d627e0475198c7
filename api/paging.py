"""Long lists in pages: a cursor says where the last page ended, so that new rows neither repeat nor hide others."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Query

from .errors import Refused

Limit = Annotated[int, Query(ge=1, le=500, description="rows of a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=400)]


def encoded(*key: str | float) -> str:
    """The sort key of the last row of a page, as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decoded(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The sort key in a cursor; null without one. Raises `Refused` for what is no cursor of this list."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        remedy = "take `next` of the page before as it is"
        raise Refused(422, "request.invalid", "the cursor is none of this list", remedy=remedy)
    return key


def moment(text: str) -> dt.datetime:
    """The time in a cursor's key."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        remedy = "take `next` of the page before as it is"
        raise Refused(422, "request.invalid", "the cursor is none of this list", remedy=remedy) from None


def after(created: sa.Column[Any], row_id: sa.Column[Any], key: Sequence[Any]) -> sa.ColumnElement[bool]:
    """The rows behind the one with this key, the newest first."""
    when = moment(key[0])
    return sa.or_(created < when, sa.and_(created == when, row_id < key[1]))
