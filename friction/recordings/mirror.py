"""The page as the recorder saw it: nodes by their number, kept up to date by the recorder's mutations.

The nodes are the very dictionaries of the recording (`type`, `id`, `tagName`, `attributes`, `childNodes`,
`textContent`), so that a snapshot costs one dictionary entry a node. They belong to the mirror and change
with it. Numbers hold within one page load. What does not fit (unknown numbers, wrong types) is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeGuard

Node = dict[str, Any]

DOCUMENT, ELEMENT, TEXT = 0, 2, 3

SPOKEN = 4
"""A node and so many levels below it, without the last, are looked at for its text."""
_MUTE = frozenset({"class", "style"})
"""Attributes that say nothing."""
MOST = 2**53
"""Numbers of nodes lie below."""
DEEPEST = 2_000
"""Levels looked at when walking up: more than pages have, and an end where a broken one goes in circles."""


def items(data: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The objects of the list `data[key]`; nothing where it is none."""
    found = data.get(key)
    return (item for item in found if isinstance(item, dict)) if isinstance(found, list) else iter(())


def arrivals(data: Node) -> dict[int, Node]:
    """The adds of a mutation by the number of the node that comes."""
    return {item["node"]["id"]: item for item in items(data, "adds") if _is_node(item.get("node"))}


def is_number(value: Any) -> TypeGuard[int]:
    """A number a recorder gives to nodes."""
    return type(value) is int and -MOST < value < MOST


class Mirror:
    """One document with its frames and shadow trees."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.parents: dict[int, int | None] = {}
        self.added: set[int] = set()
        """Numbers given since the last snapshot."""
        self.texts: dict[int, tuple[Node, str | None]] = {}
        """Of nodes whose text was put together: that text, until something changes less than `SPOKEN` levels below."""
        self.outlines: dict[int, tuple[Node, bytes]] = {}
        """Likewise what was said of a node as one above another, as JSON; until its own attributes change, too."""

    def reset(self, root: Any) -> None:
        """Forget everything and take over this snapshot."""
        self.nodes, self.parents = {}, {}
        self.unsay()
        self._index(root, None)
        self.added = set()

    def take(self, other: Mirror) -> None:
        """Become that mirror."""
        self.nodes, self.parents, self.added = other.nodes, other.parents, other.added
        self.unsay()

    def unsay(self) -> None:
        """What was said of nodes holds no longer."""
        self.texts, self.outlines = {}, {}

    def resembles(self, other: Mirror) -> float:
        """The share of nodes, 0–1, that both have under the same number with the same tag and class."""
        same = sum(_look(node) == _look(other.nodes.get(number)) for number, node in self.nodes.items())
        return same / max(len(self.nodes), len(other.nodes), 1)

    def survives_in(self, other: Mirror) -> bool:
        """True when nodes that came by mutations (ten at least) are nearly all in that mirror too."""
        alike = sum(_look(self.nodes[number]) == _look(other.nodes.get(number)) for number in self.added)
        return len(self.added) >= 10 and alike >= 0.9 * len(self.added)

    def apply(self, data: dict[str, Any]) -> bool:
        """Apply one mutation; true when more than inline styles changed."""
        gone = [self._detach(item.get("id")) for item in items(data, "removes")]
        grown = self._add(data)
        for number in gone:
            if number is not None and self.parents.get(number) is None:
                self._forget(number)
        renamed = [self._change(item) for item in items(data, "attributes")]
        written = [self._write(item) for item in items(data, "texts")]
        return bool(gone or grown) or any(renamed) or any(written)

    def parent(self, number: int) -> int | None:
        """The number of the parent, or null at the top and for unknown numbers."""
        return self.parents.get(number)

    def ancestors(self, number: int, most: int) -> Iterator[Node]:
        """The elements above a node, nearest first; frames and shadow roots are crossed."""
        up = self.parents.get(number)
        for _ in range(DEEPEST):
            node = self.nodes.get(up) if up is not None and most > 0 else None
            if node is None:
                return
            if node.get("type") == ELEMENT:
                most -= 1
                yield node
            up = self.parents.get(node["id"])

    def element(self, number: Any) -> Node | None:
        """The element of this number, for a text node its element; null when there is none."""
        node = self.nodes.get(number) if type(number) is int else None
        if node is not None and node.get("type") == TEXT:
            node = self.nodes.get(self.parents.get(node["id"]) or -1)
        return node if node is not None and node.get("type") == ELEMENT else None

    def siblings(self, node: Node) -> list[Node]:
        """The children of a node's parent, the node among them."""
        above = self.nodes.get(self.parents.get(node["id"]) or -1)
        return [node] if above is None else above["childNodes"]

    def _index(self, root: Any, parent: int | None, added: set[int] | None = None) -> None:
        """Take over a subtree; its numbers go into `added`. What most nodes pass is asked here, once for each."""
        if not _is_node(root):
            return
        nodes: dict[int, Node] = {}
        parents: dict[int, int | None] = {root["id"]: parent}
        stack, seen = [root], 0
        while stack:
            node = stack.pop()
            seen += 1
            number = node["id"]
            nodes[number] = node
            if node.get("type") == ELEMENT and not (
                type(node.get("attributes")) is dict and type(node.get("tagName")) is str
            ):
                _repair(node)
            children = node.get("childNodes")
            if not children or type(children) is not list:
                node["childNodes"] = []
                continue
            for child in children:
                if (
                    type(child) is not dict
                    or type(known := child.get("id")) is not int
                    or not -MOST < known < MOST
                ):
                    node["childNodes"] = children = [child for child in children if _is_node(child)]
                    parents.update((child["id"], number) for child in children)
                    break
                parents[known] = number
            stack += children
        self.nodes.update(nodes)
        self.parents.update(parents if seen == len(nodes) else _parents(root, parent))
        if added is not None:
            added.update(nodes)

    def _add(self, data: dict[str, Any]) -> bool:
        waiting: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        ready: list[dict[str, Any]] = []
        for item in items(data, "adds"):
            parent = item.get("parentId")
            if type(parent) is not int or not _is_node(item.get("node")):
                continue
            (ready if parent in self.nodes else waiting[parent]).append(item)
        ready.reverse()
        grown = bool(ready)
        while ready:
            item = ready.pop()
            if self._attach(item) and waiting:
                ready.extend(reversed(waiting.pop(item["node"]["id"], [])))
        return grown

    def _attach(self, item: dict[str, Any]) -> bool:
        node, parent = item["node"], item["parentId"]
        number = node["id"]
        moved = self.nodes.get(number)
        if parent not in self.nodes or (moved is not None and self._is_inside(parent, number)):
            return False
        if moved is not None:
            self._detach(number)
        if moved is not None and not node.get("childNodes"):
            self._replace(moved, node)
        else:
            self._forget(number)
            self._index(node, parent, self.added)
        self.parents[number] = parent
        self._touch(parent)
        _insert(self.nodes[parent]["childNodes"], node, item.get("nextId"))
        return True

    def _replace(self, old: Node, new: Node) -> None:
        """A node that only moved comes without its children and keeps them."""
        new["childNodes"] = old["childNodes"]
        _repair(new)
        self.nodes[new["id"]] = new

    def _is_inside(self, number: int, of: int) -> bool:
        up: int | None = number
        for _ in range(DEEPEST):
            if up is None or up == of:
                return up is not None
            up = self.parents.get(up)
        return True

    def _detach(self, number: Any) -> int | None:
        node = self.nodes.get(number) if type(number) is int else None
        if node is None:
            return None
        above = self.nodes.get(self.parents.get(node["id"]) or -1)
        if above is not None:
            self._touch(above["id"])
            children = above["childNodes"]
            at = next((at for at, child in enumerate(children) if child is node), None)
            if at is not None:
                del children[at]
        self.parents[node["id"]] = None
        return int(node["id"])

    def _forget(self, number: int) -> None:
        stack = [number]
        while stack:
            node = self.nodes.pop(stack.pop(), None)
            if node is not None:
                self.parents.pop(node["id"], None)
                self.added.discard(node["id"])
                stack.extend(child["id"] for child in node["childNodes"])

    def _change(self, item: dict[str, Any]) -> bool:
        number, changes = item.get("id"), item.get("attributes")
        node = self.nodes.get(number) if type(number) is int else None
        if node is None or not isinstance(changes, dict) or not isinstance(node.get("attributes"), dict):
            return False
        self.outlines.pop(node["id"], None)
        if not changes.keys() <= _MUTE:
            self._touch(node["id"])
        for name, value in changes.items():
            if value is None:
                node["attributes"].pop(name, None)
            elif not isinstance(value, dict):
                node["attributes"][name] = value
        return bool(changes) and changes.keys() != {"style"}

    def _write(self, item: dict[str, Any]) -> bool:
        node = self.nodes.get(item.get("id", -1)) if type(item.get("id")) is int else None
        if node is not None:
            self._touch(node["id"])
            node["textContent"] = item.get("value")
        return node is not None

    def _touch(self, number: int) -> None:
        """Something changes here, so what was said of it and of those right above it may no longer be so."""
        up: int | None = number
        for _ in range(SPOKEN if self.texts or self.outlines else 0):
            if up is None:
                return
            self.texts.pop(up, None)
            self.outlines.pop(up, None)
            up = self.parents.get(up)


def _parents(root: Node, parent: int | None) -> dict[int, int | None]:
    """By number; where one was given twice, the parent of the node that `_index` keeps."""
    parents: dict[int, int | None] = {}
    stack = [(root, parent)]
    while stack:
        node, above = stack.pop()
        parents[node["id"]] = above
        stack += [(child, node["id"]) for child in node["childNodes"]]
    return parents


def _look(node: Node | None) -> tuple[Any, Any] | None:
    attributes = node.get("attributes") if node is not None else None
    seen = attributes.get("class") if isinstance(attributes, dict) else None
    return None if node is None else (node.get("tagName"), seen)


def _is_node(value: Any) -> bool:
    return isinstance(value, dict) and is_number(value.get("id"))


def _repair(node: Node) -> None:
    """An element has a tag and attributes, whatever the recording says."""
    if node.get("type") != ELEMENT:
        return
    if not isinstance(node.get("attributes"), dict):
        node["attributes"] = {}
    if not isinstance(node.get("tagName"), str):
        node["tagName"] = "unknown"


def _insert(children: list[Node], node: Node, before: Any) -> None:
    """Put `node` before the sibling of that number; at the end where it is unknown."""
    if before is not None:
        for at, child in enumerate(children):
            if child["id"] == before:
                children.insert(at, node)
                return
    children.append(node)
