"""Now, and new names."""

from __future__ import annotations

import datetime as dt
import secrets


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


def new_id(kind: str) -> str:
    """A name nobody can guess, like `job_3f9c…`; 100 random bits."""
    return f"{kind}_{secrets.token_hex(13)[:25]}"
