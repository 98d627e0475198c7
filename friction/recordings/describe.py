"""What the event table says about one element, decided at the moment of the event."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from friction.recordings.masking import masked, masked_href
from friction.recordings.mirror import ELEMENT, Mirror, Node
from friction.recordings.nodes import (
    AROUND,
    FIELDS,
    answers,
    attribute,
    attributes_of,
    by_id,
    classes_of,
    field_name,
    field_type,
    form_name,
    form_of,
    is_editable,
    is_off,
)
from friction.recordings.selectors import selector, tag_of
from friction.recordings.spoken import shown_attributes, text_of, without

ANCESTORS = 8
NEAR = 5
EDITOR_DEPTH = 30
INSIDE = 60
"""Nodes of a label among which its control is looked for."""


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
        return answers(self.node) or any(
            answers(node) for node in self._above[:NEAR] if tag_of(node) not in {"html", "body"}
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
        for _ in range(INSIDE):
            if not inside:
                return None
            node = inside.pop(0)
            if node.get("type") == ELEMENT and tag_of(node) in FIELDS | {"button"}:
                return node  # type: ignore[no-any-return]
            inside = list(node.get("childNodes") or ()) + inside
        return None


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
