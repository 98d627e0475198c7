"""What a node of a page says: its text and its attributes, without what a person typed.

Not the `value` of a field, not what stands in an editable element, and where the page shows it again (a new entry in a
list), a star stands in its place.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from friction.recordings.masking import ATTRIBUTE_LIMIT, masked, masked_href
from friction.recordings.mirror import SPOKEN, TEXT, Node
from friction.recordings.nodes import POINTER, attribute, attributes_of, field_type, is_editable
from friction.recordings.selectors import tag_of

TEXT_DEPTH = SPOKEN - 1
TEXT_NODES = 60
TEXT_ENOUGH = 400
"""Signs after which no further text is looked for."""
CUT_TEXT = 20
"""A text this long that is part of what was typed is taken for it, cut."""
_SILENT = frozenset({"script", "style", "noscript", "template", "textarea", "select", "datalist", "title"})
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "poster", "xlink:href", "srcset", "cite", "data", "ping"}
)
_WORDLESS = frozenset(
    {"class", "style", "type", "role", "tabindex", "d", "viewBox", "width", "height", "rows", "cols"}
)


def text_of(node: Node, typed: Collection[str] = (), depth: int = TEXT_DEPTH) -> str | None:
    """The text inside an element down to `depth` levels, masked and cut; null when empty or typed."""
    tag = tag_of(node)
    if tag == "input" and (attribute(node, "type") or "").lower() in {"submit", "button", "reset"}:
        return masked(attribute(node, "value") or "")
    if tag in _SILENT or is_editable(node):
        return None
    return masked(without(" ".join(_texts(node, depth)), typed))


def without(text: str, typed: Collection[str]) -> str:
    """`text` with a star for each of these passages, wherever blanks stand."""
    text = " ".join(text.split())
    for passage in typed:
        if passage in text:
            text = text.replace(passage, "*")
        elif len(text) >= CUT_TEXT and text in passage:
            return "*"
    return text


def _texts(node: Node, depth: int) -> list[str]:
    """Texts in the order of the page: of so many nodes, down to `depth` levels, until they are long enough."""
    if node.get("type") == TEXT:
        own = node.get("textContent")
        return [own] if isinstance(own, str) else []
    found: list[str] = []
    # Of each level the children still to come: below a node of text is nothing, so it takes no level of its own.
    waiting = [iter(node.get("childNodes") or ())] if depth > 0 else []
    left, size = TEXT_NODES - 1, 0
    while waiting:
        is_last = len(waiting) == depth
        for part in waiting[-1]:
            left -= 1
            if part.get("type") == TEXT:
                value = part.get("textContent")
                if isinstance(value, str):
                    found.append(value)
                    size += len(value)
                    if size >= TEXT_ENOUGH:
                        return found
            elif not is_last and (below := part.get("childNodes")) and _speaks(part):
                waiting.append(iter(below))
                break
            if left <= 0:
                return found
        else:
            waiting.pop()
        if left <= 0:
            return found
    return found


def _speaks(node: Node) -> bool:
    """What stands in it is the page's."""
    tag, attributes = node.get("tagName"), node.get("attributes")
    if isinstance(tag, str) and (tag in _SILENT or tag.lower() in _SILENT):
        return False
    return not (isinstance(attributes, dict) and "contenteditable" in attributes and is_editable(node))


def shown_attributes(node: Node, typed: Collection[str] = ()) -> dict[str, str]:
    """All attributes by name, sorted; no typed values, no values in addresses, texts masked and cut."""
    shown: dict[str, str] = {}
    there = attributes_of(node)
    for name in sorted(there) if len(there) > 1 else there:
        value = attribute(node, name)
        if value is None or name.startswith(("rr_", "_cssText")):
            continue
        if name != "value" or (field_type(node) is None and attribute(node, "type") != "hidden"):
            value = value[: 4 * ATTRIBUTE_LIMIT]
            shown[name] = _shown(name, without(value, typed) if typed and name not in _WORDLESS else value)
    if "style" in shown and POINTER.search(shown["style"]):
        shown["cursor"] = "pointer"
    return shown


@lru_cache(4_096)
def _shown(name: str, value: str) -> str:
    if name in _WORDLESS:
        return value[:ATTRIBUTE_LIMIT]
    return masked_href(value) if name in _ADDRESSES else masked(value, ATTRIBUTE_LIMIT) or ""
