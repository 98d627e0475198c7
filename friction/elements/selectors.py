"""A target as text, read back into elements: CSS selectors and XPaths name tags, ids, classes and attributes.

The last compound is the element, the compounds before it are ancestors (a sibling, before `+` or `~`, is
none). A short human label ("Buy now") is no selector, and a word alone is one only when nobody would call a
button so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from friction.elements.node import Node, described, marks_among
from friction.elements.words import words

TAGS = words(
    "a abbr address area article aside audio b blockquote body br button canvas caption cite code col"
    " colgroup dd details dfn dialog div dl dt em embed fieldset figcaption figure footer form g h1 h2 h3"
    " h4 h5 h6 header hr html i iframe img input label legend li link main map mark menu meter nav object"
    " ol optgroup option output p param path picture pre progress q rect s script section select slot"
    " small source span strong sub summary sup svg table tbody td template textarea tfoot th thead time"
    " title tr track u ul use var video wbr circle line polygon polyline image center font"
)
"""Elements of HTML and SVG that one finds on pages; other names are one with a hyphen (custom elements)."""

LONE = words(
    "a button input select textarea div span img li ul ol p h1 h2 h3 h4 h5 h6 td th tr table svg path"
    " form body html canvas video audio iframe nav section"
)
"""Tags that are believed as a whole target; `menu`, `search`, `map` … alone are rather given names."""

_PIECE = r"(?:\[(?:\"[^\"]*\"|'[^']*'|[^\]\"'])*\]|\((?:[^()]|\([^()]*\))*\)|\\.|[^\s>+~\[\]()\\])++"
_COMPOUND = re.compile(rf"({_PIECE})(\s*[>+~]\s*|\s+|$)")
_WORD = r"(?:\\.|[\w-]|[^\x00-\x7f])+"
_TOKEN = re.compile(
    rf"\#(?P<id>{_WORD})|\.(?P<class>{_WORD})"
    r"|\[\s*(?P<attribute>[\w:.@-]+)\s*(?:[~|^$*]?=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\]]*?)\s*[isIS]?\s*)?\]"
    r"|::?(?P<state>[\w-]+)(?:\((?:[^()]|\([^()]*\))*\))?"
    r"|(?P<tag>\*|[A-Za-z][\w-]*)"
)
_STEP = re.compile(r"([\w:*-]+)((?:\[[^\]]*\])*)")
_TEST = re.compile(r"@([\w:-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ESCAPE = re.compile(r"\\(.)")
MAX_LENGTH = 1000
"""Characters; a longer selector is no one's, and is taken for a text."""


def nodes_of(target: str) -> tuple[Node, ...]:
    """The element and its ancestors, parent first; empty when the text is no selector."""
    target = target.strip()
    if len(target) > MAX_LENGTH:
        return ()
    if target[:1] in {"/", "("}:
        return _xpath(target)
    pieces = _COMPOUND.findall(target)
    if sum(len(piece) + len(joint) for piece, joint in pieces) != len(target) or _is_lone_word(target):
        return ()
    nodes: list[Node] = []
    for at, (piece, joint) in enumerate(pieces):
        node = _compound(piece)
        if node is None:
            return ()
        if joint.strip() not in {"+", "~"} or at == len(pieces) - 1:
            nodes.append(node)
    return tuple(nodes[::-1])


def _is_lone_word(target: str) -> bool:
    return target.isalnum() and target not in LONE


@lru_cache(maxsize=65_536)
def _compound(text: str) -> Node | None:
    """One compound (`button#buy.big[type=submit]`), or null when it is none, or its tag is no tag."""
    found: dict[str, str] = {}
    classes, attrs, at = [], {}, 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token["tag"] and at):
            return None
        kind = token.lastgroup or ""
        value = _ESCAPE.sub(r"\1", token[kind]) if "\\" in text else token[kind]
        if token["attribute"]:
            attrs[token["attribute"].lower()] = (token["value"] or "").strip().strip("\"'")
        elif kind == "class":
            classes.append(value)
        else:
            found[kind] = value
        at = token.end()
    return _node(found, classes, attrs)


def _node(found: dict[str, str], classes: list[str], attrs: dict[str, str]) -> Node | None:
    tag = found.get("tag", "").lower()
    if tag and tag != "*" and tag not in TAGS and "-" not in tag:
        return None
    if found.get("state") == "disabled":
        attrs["disabled"] = ""
    if attrs:
        told = {"tag": tag.strip("*"), "id": found.get("id"), "attrs": attrs}
        return described({**told, "classes": [*classes, *attrs.get("class", "").split()]})
    marks = marks_among(tag, (*classes, found.get("id", "")))
    return Node(tag.strip("*"), found.get("id", ""), tuple(classes), marks=marks)


def _xpath(target: str) -> tuple[Node, ...]:
    nodes = []
    for step in _STEP.finditer(target):
        tag = step[1].lower().rpartition(":")[2]
        if tag not in TAGS and tag != "*" and "-" not in tag:
            return ()
        attrs = {test[1].lower(): test[2][1:-1] for test in _TEST.finditer(step[2])}
        nodes.append(_node({"tag": tag}, [], attrs))
    return tuple(node for node in reversed(nodes) if node is not None)
