"""The elements of a PostHog event, target first, read from either form in which they are stored.

The *chain* is one text: elements are parted by `;`, each is `tag.class.class:key="value"key="value"…`;
quotes inside a value are escaped with a backslash, so neither `;` nor `:` nor `"` may be searched for
blindly. The *list* is older: JSON objects as the browser sent them (`tag_name`, `$el_text`, `classes`,
`attr__…`) or as the API answers them (`text`, `attr_class`, `attributes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson

from friction.recordings.mirror import ELEMENT
from friction.values import dataclass

MOST_ELEMENTS = 40
MOST_CHARACTERS = 40_000
KEPT = 16_384
"""Chains and elements remembered between the pieces in which an engine hands over a file."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|;|[^";]+', re.DOTALL)
_HEAD = re.compile(r'(.*?)(?::(?=attr__|[^=";:]+=")|\Z)', re.DOTALL)
_PAIR = re.compile(r'([^="]+)="((?:[^"\\]|\\.)*)(?:"|\Z)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OWN_KEYS = {"text": "text", "$el_text": "text", "nth-of-type": "nth", "nth_of_type": "nth"}


@dataclass(frozen=True)
class Part:
    """One element: tag in lower case, attributes by name, text, place among its kind (0: unknown)."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    nth: int = 0

    @property
    def node(self) -> dict[str, Any]:
        """The same as a node of a recording, for the rules that speak of those."""
        return {"type": ELEMENT, "tagName": self.tag, "attributes": dict(self.attributes)}

    @property
    def classes(self) -> list[str]:
        """All classes in their order."""
        return self.attributes.get("class", "").split()[:40]


def parsed(chain: str) -> list[Part]:
    """The elements, target first, of either form. What cannot be read is left out."""
    chain = chain[:MOST_CHARACTERS] if not chain.startswith("[") else chain
    return (
        _listed(chain)
        if chain.startswith("[")
        else [_part(text) for text in islice(_cut(chain), MOST_ELEMENTS)]
    )


def _cut(chain: str) -> Iterator[str]:
    """The texts of the single elements; an open quote reaches to the end."""
    piece: list[str] = []
    for token in (*_TOKEN.findall(chain), ";"):
        if token != ";":
            piece.append(token)
        elif text := "".join(piece).strip():
            yield text
            piece = []


@lru_cache(KEPT)
def _part(text: str) -> Part:
    head = _HEAD.match(text)
    end = head.end() if head else 0
    tag, _, classes = (head[1] if head else "").partition(".")
    given = {key: _ESCAPE.sub(r"\1", value) for key, value in _PAIR.findall(text, end)}
    return _assembled(tag, classes.replace(".", " "), given)


def _listed(text: str) -> list[Part]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return (
        [_object(one) for one in found[:MOST_ELEMENTS] if isinstance(one, dict)]
        if isinstance(found, list)
        else []
    )


def _object(one: dict[str, Any]) -> Part:
    classes = one.get("attr_class") or one.get("classes") or ""
    nested = one.get("attributes")
    given = {
        key: _plain(value) for key, value in {**one, **(nested if isinstance(nested, dict) else {})}.items()
    }
    return _assembled(_plain(one.get("tag_name")), _plain(classes), given)


def _plain(value: Any) -> str:
    """A value of a list entry as text; lists are those of classes."""
    if isinstance(value, list):
        return " ".join(word for word in value if isinstance(word, str))
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _assembled(tag: str, classes: str, given: Mapping[str, str]) -> Part:
    """A part from its pairs. The attribute as the page had it beats what PostHog took out of it."""
    own = {_OWN_KEYS[key]: value for key, value in given.items() if key in _OWN_KEYS and value}
    attributes = {name: given[key] for name, key in (("href", "href"), ("id", "attr_id")) if given.get(key)}
    if classes:
        attributes["class"] = classes
    attributes |= {key[6:].lower(): value for key, value in given.items() if key.startswith("attr__")}
    nth = own.get("nth", "")
    place = int(nth) if nth.isascii() and nth.isdigit() and len(nth) < 7 else 0
    return Part(tag.strip().lower() or "unknown", attributes, own.get("text", ""), place)
