"""What the framework finds wrong with a value of a request, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friction.misfits import SAID, TABLE, misfit

JSON_BODY = "write a JSON object, and send it with the header Content-Type: application/json"


def where(wrong: Mapping[str, Any]) -> str:
    """The place in the request, `query.limit`; of a body that is no JSON just `body`."""
    places = wrong["loc"][:1] if wrong["type"] == "json_invalid" else wrong["loc"]
    return ".".join(str(part) for part in places)


def said(wrong: Mapping[str, Any]) -> str:
    """What is wrong, as a sentence without a stop."""
    if wrong["type"] == "json_invalid":
        return (
            f"it is no JSON from character {int(wrong['loc'][-1]) + 1} on"
            if wrong["loc"]
            else "it is no JSON"
        )
    if tuple(wrong["loc"]) == ("body",):
        return JSON_BODY
    return "write a JSON object" if SAID.get(wrong["type"]) == TABLE else misfit(wrong)
