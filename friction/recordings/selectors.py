"""A stable name of an element: at most five levels of `tag#id.class:nth-of-type(n)[name="x"]`.

It starts at the nearest ancestor with a stable id, within five levels. What a build, a framework or a state
makes up is left out: such names would tear one friction point into many. A position is given only where a
sibling would have the same name, so most elements keep theirs when a list around them grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from friction.recordings.mirror import ELEMENT, Mirror, Node

LEVELS = 5
CLASSES = 2
TEST_IDS = ("data-testid", "data-test-id", "data-test", "data-qa", "data-cy")
NAMED = (*TEST_IDS, "name")

_FRAMEWORK = re.compile(
    r"(?:css|sc|ng|jsx|svelte|emotion|radix|headlessui|react-select|ext-gen|gwt-uid)-"
    r"|(?:v|jss|mui)-\w*\d|r-[a-z0-9]{5,8}$|r-[a-z]*\d\w*$|_ng|(?:ember|jss|emotion)\d"
)
_STATE = re.compile(
    r"(?:is|has|was)-|(?:in|out|on|off)$|(?:.*[-_])?(?:active|hover|focus|focused|focus-visible|focus-within|open|"
    r"opened|closed|show|shown|hidden|hide|visible|selected|checked|disabled|enabled|loading|loaded|current|expanded|"
    r"collapsed|collapsing|pressed|touched|untouched|dirty|pristine|valid|invalid|entering|entered|leaving|animating)$"
)
_LONG_NUMBER = re.compile(r"\d{3}")
_STRANGE = re.compile(r"[:@\"'\\\n\r]")
_PART = re.compile(r"[A-Za-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z_][\w-]*|-[A-Za-z_][\w-]*")
_ESCAPED = re.compile(r"[^\w-]")


def selector(mirror: Mirror, node: Node, above: Sequence[Node] | None = None) -> str:
    """The name of an element as it stands now; `above`: the elements around it, nearest first, where they are known."""
    around = mirror.ancestors(node["id"], LEVELS - 1) if above is None else above[: LEVELS - 1]
    levels = []
    for part in _upwards(node, around):
        name, is_anchor = _level(mirror, part)
        levels.append(name)
        if is_anchor:
            break
    return " > ".join(reversed(levels))


@lru_cache(8_192)
def is_stable(word: str) -> bool:
    """False for what was generated: long numbers, hashes, and the prefixes of known frameworks."""
    if not word or len(word) > 60 or _LONG_NUMBER.search(word) or _FRAMEWORK.match(word):
        return False
    if _STRANGE.search(word):
        return False
    return not any(_is_hash(part) for part in _PART.findall(word.replace("_", "-")))


@lru_cache(8_192)
def stable_classes(value: str) -> str:
    """The first classes of an attribute `class` that neither a build nor a state made up, as `.one.two`."""
    kept = [
        word
        for word in value.split()
        if _PLAIN.fullmatch(word) and is_stable(word) and not _STATE.match(word)
    ]
    return "".join(f".{word}" for word in kept[:CLASSES])


def _upwards(node: Node, around: Iterable[Node]) -> Iterator[Node]:
    yield node
    for above in around:
        if above.get("tagName") in {"html", "body"}:
            return
        yield above


def _level(mirror: Mirror, node: Node) -> tuple[str, bool]:
    """The name of one level, and whether a stable id ends the way up."""
    tag, attributes = tag_of(node), node.get("attributes") or {}
    own = attributes.get("id")
    if isinstance(own, str) and is_stable(own):
        return f"{tag}#{_escaped(own)}", True
    name, named = _class_part(node), _named(attributes)
    around = (other for other in mirror.siblings(node) if other is not node)
    has_twin = any(_is_like(other, tag, name, named) for other in around)
    return name + (_position(mirror, node, tag) if has_twin else "") + named, False


def tag_of(node: Node) -> str:
    """The tag in lower case; `unknown` where the recording has none."""
    tag = node.get("tagName")
    return tag.lower() if isinstance(tag, str) and tag else "unknown"


def _class_part(node: Node) -> str:
    value = (node.get("attributes") or {}).get("class")
    return tag_of(node) + (stable_classes(value) if isinstance(value, str) else "")


def _named(attributes: dict[str, Any]) -> str:
    for key in NAMED:
        value = attributes.get(key)
        if isinstance(value, str) and is_stable(value):
            return f'[{key}="{value}"]'
    return ""


def _is_like(other: Node, tag: str, name: str, named: str) -> bool:
    if other.get("type") != ELEMENT or tag_of(other) != tag:
        return False
    return _class_part(other) == name and _named(other.get("attributes") or {}) == named


def _position(mirror: Mirror, node: Node, tag: str) -> str:
    same = [other for other in mirror.siblings(node) if other.get("type") == ELEMENT and tag_of(other) == tag]
    at = next((at for at, other in enumerate(same, start=1) if other is node), 1)
    return f":nth-of-type({at})"


def _is_hash(part: str) -> bool:
    """Letters and digits in turns, hexadecimal with a digit, or digits first: not a person's word."""
    if len(part) < 5 or part.isalpha():
        return False
    turns = sum(a.isdigit() != b.isdigit() for a, b in pairwise(part))
    return turns > 1 or part[0].isdigit() or re.fullmatch(r"[0-9a-fA-F]{6,}", part) is not None


def _escaped(name: str) -> str:
    return _ESCAPED.sub(lambda found: "\\" + found.group(), name)
