"""What a node of a page is: its attributes, the field or the form it stands for, whether it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from friction.recordings.masking import masked, masked_href
from friction.recordings.mirror import Mirror, Node
from friction.recordings.selectors import NAMED, selector, tag_of

AROUND = 200
"""Levels looked at for a form."""
TAGS = frozenset({"a", "button", "input", "select", "textarea", "label", "summary", "option"})
ROLES = frozenset({"button", "link", "tab", "menuitem", "checkbox", "switch"})
FIELDS = frozenset({"input", "select", "textarea"})
BUTTONS = frozenset({"submit", "button", "reset", "image"})
POINTER = re.compile(r"(?:^|;)\s*cursor\s*:\s*pointer")
_CONTROLS = frozenset({"button", "input", "select", "textarea", "option", "fieldset", "optgroup"})
_ANSWERING = frozenset({"role", "onclick", "contenteditable", "tabindex", "style"})
_CALLED = (*reversed(NAMED), "id", "aria-label", "placeholder")


def attributes_of(node: Node) -> dict[str, Any]:
    """The attributes as they stand; empty where the recording has none."""
    found = node.get("attributes")
    return found if isinstance(found, dict) else {}


def attribute(node: Node, name: str) -> str | None:
    """One attribute as text; null when absent. Boolean attributes are empty text."""
    found = node.get("attributes")
    value = found.get(name) if isinstance(found, dict) else None
    if value is None or isinstance(value, str):
        return value
    return None if value is False else "" if value is True else str(value)


def is_editable(node: Node) -> bool:
    """An element whose content a person types: `contenteditable`, unless it is switched off."""
    if "contenteditable" not in attributes_of(node):
        return False
    value = attribute(node, "contenteditable")
    return value is not None and value.lower() != "false"


def field_type(node: Node) -> str | None:
    """`text`, `email`, … of an input, `select`, `textarea`, `contenteditable`; null for no field."""
    tag = tag_of(node)
    if tag == "input":
        kind = (attribute(node, "type") or "text").lower()
        return None if kind in BUTTONS | {"hidden"} else kind
    return tag if tag in FIELDS else "contenteditable" if is_editable(node) else None


def field_name(node: Node) -> str | None:
    """How a field is called: by name, test id, id, label or placeholder; null where it has none of these."""
    there = attributes_of(node)
    for key in _CALLED:
        if key in there and (found := masked(attribute(node, key) or "")):
            return found
    return None


def form_of(mirror: Mirror, node: Node, above: Iterable[Node] | None = None) -> Node | None:
    """The form an element belongs to: around it, or named by its attribute `form`; `above`: what is around it."""
    if "form" in attributes_of(node) and (named := attribute(node, "form")):
        return by_id(mirror, named)
    around = mirror.ancestors(node["id"], AROUND) if above is None else above
    return next((one for one in around if tag_of(one) == "form"), None)


def form_name(mirror: Mirror, form: Node) -> str:
    """How a form is called: by id, name or the path it is sent to; else its selector."""
    for key in ("id", "name"):
        if found := masked(attribute(form, key) or ""):
            return found
    action = attribute(form, "action")
    return (
        masked_href(action).partition("?")[0] or selector(mirror, form) if action else selector(mirror, form)
    )


def by_id(mirror: Mirror, name: str) -> Node | None:
    """The element with this attribute `id`."""
    return next((node for node in mirror.nodes.values() if attributes_of(node).get("id") == name), None)


def is_submit(node: Node) -> bool:
    """A control that sends its form: a button without another type, or an input of type submit or image."""
    kind = (attribute(node, "type") or "").lower()
    tag = tag_of(node)
    return (tag == "button" and kind in {"", "submit"}) or (tag == "input" and kind in {"submit", "image"})


def classes_of(node: Node) -> list[str]:
    """All classes in their order."""
    return (attribute(node, "class") or "").split()[:40]


def answers(node: Node) -> bool:
    """Interactive by tag, role, handler, focus order or cursor."""
    if tag_of(node) in TAGS:
        return True
    there = attributes_of(node)
    if there.keys().isdisjoint(_ANSWERING):
        return False
    if (attribute(node, "role") or "").lower() in ROLES:
        return True
    if attribute(node, "onclick") is not None or is_editable(node):
        return True
    order = attribute(node, "tabindex")
    return (order is not None and not order.startswith("-")) or bool(
        POINTER.search(attribute(node, "style") or "")
    )


def is_off(node: Node) -> bool:
    """Disabled, by attribute or for assistive technology."""
    there = attributes_of(node)
    is_switched_off = "disabled" in there and attribute(node, "disabled") is not None
    return (is_switched_off and tag_of(node) in _CONTROLS) or (
        "aria-disabled" in there and attribute(node, "aria-disabled") == "true"
    )
