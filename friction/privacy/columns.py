"""The policy: what becomes of each column of the event table before anything is written.

A column is kept for what it is: a time, an identity, an address, an element, a measure. Texts in it are masked by that
role; measures and words of fixed lists stay. What a file holds besides is not kept, unless the user allows it by name
(`[privacy] keep`), and is then masked like a text. Typed values never come so far: sources make them lengths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Literal

from friction.privacy import identities
from friction.privacy.addresses import mask_address
from friction.privacy.texts import LIMIT, mask_text, mask_value
from friction.values import dataclass

VERSION = "1"
"""Of the policy; a report says under which it was made. A change of what is kept or masked is another version."""

Role = Literal["identity", "number", "address", "selector", "text", "properties", "agent"]
ELEMENT_LIMIT = 100

ROLES: dict[str, Role] = {
    **dict.fromkeys("visitor_id user_id email_hash".split(), "identity"),
    **dict.fromkeys("tab_id pageview_id event_id request_id error_hash".split(), "number"),
    **dict.fromkeys("url page referrer el_href req_url landing_url exit_url".split(), "address"),
    **dict.fromkeys(
        "name title nav_kind el_tag el_id el_role el_type el_name el_text el_aria_label modifiers form field"
        " field_type http_method req_kind error error_message error_kind error_source country lang channel medium"
        " campaign variant release currency goal".split(),
        "text",
    ),
    "target": "selector",
    **dict.fromkeys("device browser os".split(), "agent"),
    **dict.fromkeys("el_attrs el_ancestors el_control props dims".split(), "properties"),
}
"""Column of text → what it is. `session_id` depends on its visitor (`friction.privacy.identities`); every other column
is a measure or a word of a fixed list."""

_ELEMENT = ("el_text", "el_aria_label")
_LINKS = frozenset({"href", "src", "action", "formaction", "poster", "cite", "url", "page", "referrer"})
_TYPED = frozenset({"value", "defaultvalue", "data-value"})


@dataclass(frozen=True)
class Policy:
    """What the user decides."""

    key: str = ""
    """With which visitors are hashed; empty: the hash is the same everywhere, and an id can be found by trying."""

    def rule(self, column: str) -> Callable[[str], str] | None:
        """What becomes of one text of the column; null when it stays as it is."""
        role = ROLES.get(column)
        if role == "identity":
            return lambda raw: identities.visitor(raw, self.key)
        if role == "number":
            return lambda raw: identities.session(raw, self.key, ())
        if column in _ELEMENT:
            return lambda text: mask_text(text, ELEMENT_LIMIT)
        return None if role is None else RULES[role]


ORDINARY = Policy()
"""Without a key of the project."""


_NAME = r"[a-z]{1,15}(?:-(?:[a-z]{1,15}|\d{1,6})){0,3}"
_STEP = rf"(?:h[1-6]|[a-z]{{1,15}}|[#.]{_NAME})(?:[#.]{_NAME}){{0,8}}(?::nth-(?:child|of-type)\(\d{{1,3}}\))?"
_PLAIN = re.compile(rf"(?!.*(?:glpat|xox|[\w-]{{20}})){_STEP}(?: > {_STEP})*+")
"""Selectors of tags, short names and places, which no rule for texts changes: what looks like the beginning of a key,
or long enough to be one, is left to these rules."""


def mask_selector(text: str) -> str:
    """The name of an element: attributes in it are no properties of a person."""
    if len(text) <= LIMIT and _PLAIN.fullmatch(text):
        return text
    return mask_text(text, pairs=False)


def mask_agent(text: str) -> str:
    """A device, browser or system; what a browser sends about itself says too much and is no name of one."""
    return mask_text(text.partition("/")[0] if text.startswith("Mozilla/") else text)


def mask_properties(text: str) -> str:
    """Properties as JSON, every text in them by its name; what is no JSON is not kept."""
    try:
        found = json.loads(text)
    except ValueError:
        return "{}"
    kept = _masked("", found)
    return (
        text if kept == found else json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    )


def _masked(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            mask_text(key, ELEMENT_LIMIT): _masked(key, item)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [_masked(name, item) for item in value]
    if isinstance(value, str):
        return _of_name(name.lower(), value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        kept = mask_value(name, str(value))
        return value if kept == str(value) else kept
    return value


def _of_name(name: str, value: str) -> str:
    if name in _LINKS:
        return mask_address(value)
    if name in _TYPED:
        return f"len={len(value)}"
    return mask_value(name, value)


RULES: dict[Role, Callable[[str], str]] = {
    "address": mask_address,
    "selector": mask_selector,
    "text": mask_text,
    "agent": mask_agent,
    "properties": mask_properties,
}
