"""What the event table says about one element, decided at the moment of the event.

Text that a person typed is never part of it: not the `value` of a field, not what stands in an editable
element, and where the page shows it again (a new entry in a list), a star stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import orjson

from friction.recordings.masking import ATTRIBUTE_LIMIT, masked, masked_href
from friction.recordings.mirror import ELEMENT, SPOKEN, TEXT, Mirror, Node
from friction.recordings.selectors import NAMED, selector, tag_of

AROUND = 200
"""Levels looked at for a form."""
ANCESTORS = 8
NEAR = 5
TEXT_DEPTH = SPOKEN - 1
TEXT_NODES = 60
TEXT_ENOUGH = 400
"""Signs after which no further text is looked for."""
EDITOR_DEPTH = 30
CUT_TEXT = 20
"""A text this long that is part of what was typed is taken for it, cut."""

TAGS = frozenset({"a", "button", "input", "select", "textarea", "label", "summary", "option"})
ROLES = frozenset({"button", "link", "tab", "menuitem", "checkbox", "switch"})
FIELDS = frozenset({"input", "select", "textarea"})
BUTTONS = frozenset({"submit", "button", "reset", "image"})
_CONTROLS = frozenset({"button", "input", "select", "textarea", "option", "fieldset", "optgroup"})
_ANSWERING = frozenset({"role", "onclick", "contenteditable", "tabindex", "style"})
_SILENT = frozenset({"script", "style", "noscript", "template", "textarea", "select", "datalist", "title"})
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "poster", "xlink:href", "srcset", "cite", "data", "ping"}
)
_WORDLESS = frozenset(
    {"class", "style", "type", "role", "tabindex", "d", "viewBox", "width", "height", "rows", "cols"}
)
_CALLED = (*reversed(NAMED), "id", "aria-label", "placeholder")
_POINTER = re.compile(r"(?:^|;)\s*cursor\s*:\s*pointer")


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
    if "style" in shown and _POINTER.search(shown["style"]):
        shown["cursor"] = "pointer"
    return shown


@lru_cache(4_096)
def _shown(name: str, value: str) -> str:
    if name in _WORDLESS:
        return value[:ATTRIBUTE_LIMIT]
    return masked_href(value) if name in _ADDRESSES else masked(value, ATTRIBUTE_LIMIT) or ""


def _answers(node: Node) -> bool:
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
        _POINTER.search(attribute(node, "style") or "")
    )


def is_off(node: Node) -> bool:
    """Disabled, by attribute or for assistive technology."""
    there = attributes_of(node)
    is_switched_off = "disabled" in there and attribute(node, "disabled") is not None
    return (is_switched_off and tag_of(node) in _CONTROLS) or (
        "aria-disabled" in there and attribute(node, "aria-disabled") == "true"
    )


class Element:
    """One element at one moment: facts are worked out when asked for, so ask before the page changes."""

    def __init__(self, mirror: Mirror, node: Node, typed: Collection[str] = ()) -> None:
        """`typed`: what the visitor typed so far, blanks collapsed."""
        self.mirror, self.node, self.typed = mirror, node, typed
        self._above = list(mirror.ancestors(node["id"], AROUND))
        around = (node, *self._above[:EDITOR_DEPTH])
        self._is_typed = any(map(is_editable, around))

    def brief(self) -> dict[str, Any]:
        """What names the element: enough for a press, a scroll or a focus."""
        kind, form = field_type(self.node), form_of(self.mirror, self.node, self._above)
        target = selector(self.mirror, self.node, self._above)
        return {
            "target": target,
            "node_id": self.node["id"],
            "el_tag": tag_of(self.node),
            "form": form_name(self.mirror, form) if form is not None else None,
            "field": field_name(self.node) or target if kind else None,
            "field_type": kind,
        }

    def plain(self, brief: dict[str, Any] | None = None) -> dict[str, Any]:
        """All of an element's own columns and what `brief` gives, or gave since the page changed."""
        node = self.node
        text = None if self._is_typed else self._text(node)
        href = attribute(node, "href")
        return {
            **(self.brief() if brief is None else brief),
            "el_id": masked(attribute(node, "id") or ""),
            "el_role": attribute(node, "role"),
            "el_type": attribute(node, "type"),
            "el_name": masked(attribute(node, "name") or ""),
            "el_text": text,
            "el_aria_label": masked(without(attribute(node, "aria-label") or "", self.typed)),
            "el_href": None if href is None else masked_href(href),
            "el_classes": classes_of(node),
            "el_interactive": self._is_interactive(),
            "el_disabled": self._is_disabled(),
        }

    def deep(self) -> dict[str, Any]:
        """`el_attrs`, `el_ancestors`, `el_control` as JSON."""
        above = b",".join([self._said(node) for node in self._above[:ANCESTORS]])
        control = self._control()
        return {
            "el_attrs": _json(shown_attributes(self.node, self.typed)),
            "el_ancestors": f"[{above.decode()}]",
            "el_control": self._said(control).decode() if control is not None else None,
        }

    def _said(self, node: Node) -> bytes:
        """`_outline` as JSON; most ancestors of an element are also those of the one before."""
        known = self.mirror.outlines.get(node["id"])
        if known is not None and known[0] is node and not self._is_typed:
            return known[1]
        said = orjson.dumps(self._outline(node))
        if not self._is_typed:
            self.mirror.outlines[node["id"]] = (node, said)
        return said

    def _outline(self, node: Node) -> dict[str, Any]:
        """Without what is null. Most ancestors have few attributes or none, and only what is there is looked at."""
        there = attributes_of(node)
        outline: dict[str, Any] = {"node_id": node["id"], "tag": tag_of(node)}
        if "id" in there:
            outline["id"] = masked(attribute(node, "id") or "")
        if "class" in there:
            outline["classes"] = classes_of(node) or None
        for name in ("role", "type"):
            if name in there:
                outline[name] = attribute(node, name)
        outline["text"] = None if is_editable(node) or self._is_typed else self._text(node)
        if "aria-label" in there:
            outline["aria_label"] = masked(without(attribute(node, "aria-label") or "", self.typed))
        if "href" in there:
            outline["href"] = masked_href(attribute(node, "href") or "") or None
        outline["attrs"] = shown_attributes(node, self.typed)
        return {name: value for name, value in outline.items() if value is not None}

    def _text(self, node: Node) -> str | None:
        """`text_of`; most ancestors of an element are also those of the one before."""
        known = self.mirror.texts.get(node["id"])
        if known is None or known[0] is not node:
            known = self.mirror.texts[node["id"]] = (node, text_of(node, self.typed))
        return known[1]

    def _is_interactive(self) -> bool:
        return _answers(self.node) or any(
            _answers(node) for node in self._above[:NEAR] if tag_of(node) not in {"html", "body"}
        )

    def _is_disabled(self) -> bool:
        return any(is_off(node) for node in (self.node, *self._above[:NEAR]))

    def _control(self) -> Node | None:
        """The control that a label names, or the first one inside it."""
        if tag_of(self.node) != "label":
            return None
        if named := attribute(self.node, "for"):
            return by_id(self.mirror, named)
        inside = list(self.node["childNodes"])
        for _ in range(TEXT_NODES):
            if not inside:
                return None
            node = inside.pop(0)
            if node.get("type") == ELEMENT and tag_of(node) in FIELDS | {"button"}:
                return node  # type: ignore[no-any-return]
            inside = list(node.get("childNodes") or ()) + inside
        return None


def classes_of(node: Node) -> list[str]:
    """All classes in their order."""
    return (attribute(node, "class") or "").split()[:40]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
