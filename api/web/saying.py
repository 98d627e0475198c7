"""From the fields of a form to a change of a point, as the API takes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import ValidationError

from ..clock import now
from ..errors import Refused
from ..routes.points import PointChange

WORSE = 50
"""Percent that a point must be met more often to be told of again, unless somebody says another figure."""
UNTIL = {"day": dt.timedelta(days=1), "week": dt.timedelta(days=7), "month": dt.timedelta(days=30)}


def change_of(
    *,
    muted: str,
    until: str,
    reason: str | None,
    owner: str | None,
    note: str | None,
    link: str | None,
    worse: int | None = None,
) -> PointChange:
    """The change; a field that was not sent stays as it is, an empty one takes away. `worse` is in percent of what is
    met now, for `until` it is so. Raises `Refused`.
    """
    said: dict[str, Any] = {}
    if muted == "yes":
        if until == "ever" and not (reason or "").strip():
            raise Refused(
                422,
                "point.no_reason",
                "for ever needs a reason",
                remedy="say in a few words why nobody needs to know",
            )
        ends = now() + UNTIL[until] if until in UNTIL else None
        said = {"muted": True, "muted_until": ends, "mute_reason": (reason or "").strip() or None}
        if until == "worse":
            said["mute_beyond"] = 1 + (worse or WORSE) / 100
    elif muted == "no":
        said = {"muted": False, "muted_until": None, "mute_reason": None}
    for name, value in (("owner", owner), ("note", note), ("link", link)):
        if value is not None:
            said[name] = value.strip() or None
    try:
        return PointChange.model_validate(said)
    except ValidationError:
        remedy = "write a link as https://…"
        raise Refused(422, "request.invalid", "the link is no address", remedy=remedy) from None
