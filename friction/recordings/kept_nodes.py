"""Nodes of a recorded page as they may be kept: its build, its looks, and its words masked.

Kept are the tree, what it looks like (`LOOKS`, classes and ids), and texts after both rules that texts of elements
go through in every analysis (`friction.recordings.masking`, `friction.privacy.texts`). Not kept are addresses, scripts
and their handlers, pictures, comments, hidden data, and whatever was typed or chosen: of it only the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from friction.privacy.texts import mask_text
from friction.recordings.kept_looks import DOT, GONE, LONGEST_VALUE, WORDS, attribute
from friction.recordings.kept_styles import masked_css
from friction.recordings.masking import masked
from friction.recordings.mirror import DEEPEST, is_number

Node = dict[str, Any]
Inside = Literal["text", "typed", "style", "nothing"]
"""What the words below a node are: the site's, a visitor's, a style sheet, or none to keep."""

LONGEST_TEXT = 2_000
SHORTEST_TYPED, MOST_TYPED = 4, 500
"""Shorter words that were typed are too many others' words as well."""

_NOTHING = frozenset("script noscript template object embed applet".split())
_STYLES = frozenset({"style", "link"})
_LABELLED = frozenset({"submit", "button", "reset"})
"""Inputs whose value is a label."""
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9:._-]{0,60}")


class Tree:
    """The nodes of one tab by their number: what of later changes may be kept depends on where they lie.

    `typed` are words that were typed somewhere in the recording: a page that repeats them shows dots as well.
    """

    def __init__(self, typed: Iterable[str] = ()) -> None:
        self._parents: dict[int, int | None] = {}
        self._marks: dict[int, Inside] = {}
        self._tags: dict[int, tuple[str, str]] = {}
        longest = sorted({each.strip() for each in typed} - {""}, key=lambda each: (-len(each), each))
        told = [re.escape(each) for each in longest if len(each) >= SHORTEST_TYPED][:MOST_TYPED]
        self._typed = re.compile("|".join(told), re.IGNORECASE) if told else None
        self._words: dict[str, str] = {}

    def reset(self) -> None:
        """A new page: numbers begin anew."""
        self._parents.clear()
        self._marks.clear()
        self._tags.clear()

    def inside(self, number: Any) -> Inside:
        """What the words of the node of this number are, by what it lies in; the site's where it is unknown."""
        up = number if is_number(number) else None
        for _ in range(DEEPEST):
            if up is None:
                break
            if up in self._marks:
                return self._marks[up]
            up = self._parents.get(up)
        return "text"

    def keep(self, root: Any, parent: Any = None) -> Node | None:
        """The node with all below it as it may be kept; null when it is none. `parent`: where it comes to lie."""
        kept: list[Node] = []
        above = parent if is_number(parent) else None
        waiting: list[tuple[Any, int | None, Inside, list[Node]]] = [(root, above, self.inside(above), kept)]
        while waiting:
            node, above, within, siblings = waiting.pop()
            if not isinstance(node, dict) or not is_number(node.get("id")):
                continue
            self._parents[node["id"]] = above
            one, below = self._one(node, within)
            siblings.append(one)
            if "childNodes" in one and isinstance(children := node.get("childNodes"), list):
                waiting.extend((child, one["id"], below, one["childNodes"]) for child in reversed(children))
        return kept[0] if kept else None

    def text(self, number: Any, text: Any) -> str:
        """A text node's new text."""
        return self._said(text, self.inside(number))

    def attributes(self, number: Any, changes: Any) -> dict[str, Any]:
        """Changed attributes; a null says that one is gone."""
        if not is_number(number) or not isinstance(changes, dict):
            return {}
        if _is_editable(changes):
            self._marks[number] = "typed"
        return self._attributes(changes, *self._tags.get(number, ("", "")))

    def _one(self, node: Node, within: Inside) -> tuple[Node, Inside]:
        kind = node.get("type")
        kept: Node = {"id": node["id"], "type": kind if kind in {0, 1, 2, 3, 4, 5} else 5}
        if is_number(node.get("rootId")):
            kept["rootId"] = node["rootId"]
        if kind == 2:
            return kept, self._element(node, kept, within)
        if kind == 0:
            kept["childNodes"] = []
        elif kind == 1:
            kept |= {"name": "html", "publicId": "", "systemId": ""}
        else:
            kept["textContent"] = self._said(node.get("textContent"), within) if kind in {3, 4} else ""
        return kept, within

    def _element(self, node: Node, kept: Node, within: Inside) -> Inside:
        said, raw = node.get("tagName"), node.get("attributes")
        tag = said.lower() if isinstance(said, str) and _TAG.fullmatch(said) else "div"
        raw = raw if isinstance(raw, dict) else {}
        self._tags[node["id"]] = (tag, str(raw.get("type", "")).lower())
        is_dropped = tag in _NOTHING
        kept |= {"tagName": "noscript" if is_dropped else tag if tag == "div" else said, "childNodes": []}
        kept["attributes"] = {} if is_dropped else self._attributes(raw, *self._tags[node["id"]])
        flags = ("isSVG", "isShadowHost", "isShadow", "isCustom")
        kept |= {name: True for name in flags if node.get(name) is True}
        mark = _mark(tag, raw, within)
        if mark != within:
            self._marks[node["id"]] = mark
        return mark

    def _said(self, text: Any, inside: Inside) -> str:
        if not isinstance(text, str) or inside == "nothing":
            return ""
        if inside == "style":
            return masked_css(text)
        if inside == "typed":
            return "".join(sign if sign.isspace() else DOT for sign in text)
        return self._site(text)

    def _site(self, text: str) -> str:
        """The site's words, without what the visitor typed elsewhere."""
        known = self._words.get(text)
        if known is None:
            bare = self._typed.sub(lambda found: DOT * len(found[0]), text) if self._typed else text
            known = self._words[text] = words(bare)
        return known

    def _attributes(self, raw: Mapping[str, Any], tag: str, type_: str) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, value in raw.items():
            low = name.lower()
            if (low in WORDS or (low == "value" and type_ in _LABELLED)) and isinstance(value, str):
                kept[name] = self._site(value[:LONGEST_VALUE])
            elif (found := attribute(low, value, tag, type_)) is not GONE:
                kept[name] = found
        return kept


def _mark(tag: str, raw: Mapping[str, Any], within: Inside) -> Inside:
    """What the words below an element are."""
    if tag in _NOTHING or within == "nothing":
        return "nothing"
    if tag in _STYLES:
        return "style"
    return "typed" if tag == "textarea" or _is_editable(raw) else within


def _is_editable(raw: Mapping[str, Any]) -> bool:
    said = raw.get("contenteditable")
    return said is not None and said is not False and str(said).lower() != "false"


def words(text: str) -> str:
    """The site's words without those of a visitor; a blank at either end stays, since it parts neighbours."""
    bare = text.strip()
    if not bare:
        return text[:LONGEST_TEXT]
    said = mask_text(masked(bare, LONGEST_TEXT) or "", LONGEST_TEXT)
    return (" " if text[0].isspace() else "") + said + (" " if text[-1].isspace() else "")
