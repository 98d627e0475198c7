"""What PostHog says about an element: the chain from the target up to the page, read once per distinct chain.

Two forms are known. The *chain* is one text, target first: elements are parted by `;`, each is
`tag.class.class:key="value"key="value"…`; quotes inside a value are escaped with a backslash, so neither `;` nor `:`
nor `"` may be searched for blindly. The *list* is older: JSON objects, target first, as the browser sent them
(`tag_name`, `$el_text`, `classes`, `attr__…`) or as the API answers them (`text`, `attr_class`, `attributes`).

What a visitor typed is never part of the result: no value of a field, no text of an editable element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
import polars as pl

from friction.recordings.describe import (
    ANCESTORS,
    NEAR,
    ROLES,
    TAGS,
    field_type,
    is_editable,
    is_off,
    shown_attributes,
)
from friction.recordings.masking import masked, masked_href
from friction.recordings.mirror import ELEMENT
from friction.recordings.selectors import LEVELS, NAMED, is_stable, stable_classes
from friction.schema import EVENT

NAMES: tuple[str, ...] = (
    *("target", "el_tag", "el_id", "el_role", "el_type", "el_name", "el_text", "el_aria_label", "el_href"),
    *("el_classes", "el_attrs", "el_ancestors", "el_interactive", "el_disabled", "form", "field", "field_type"),
)
"""Columns of the event table that a chain fills."""
MOST_ELEMENTS = 40
MOST_CHARACTERS = 40_000
_KEPT = 16_384
"""Chains remembered between the pieces in which an engine hands over a file."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|;|[^";]+', re.DOTALL)
_HEAD = re.compile(r'(.*?)(?::(?=attr__|[^=";:]+=")|\Z)', re.DOTALL)
_PAIR = re.compile(r'([^="]+)="((?:[^"\\]|\\.)*)(?:"|\Z)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_STRANGE = re.compile(r"[^\w-]")
_POINTER = re.compile(r"(?:^|;)\s*cursor\s*:\s*pointer")
_OWN_KEYS = {"text": "text", "$el_text": "text", "nth-of-type": "nth", "nth_of_type": "nth"}
_PAGE = frozenset({"html", "body"})
_CAPTIONS = frozenset({"submit", "button", "reset"})


@dataclass(frozen=True)
class Part:
    """One element of a chain: tag in lower case, attributes by name, its text, its place among its kind (0: unknown)."""

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


def described(chains: pl.Series, names: Sequence[str], prefix: str = "") -> pl.Series:
    """A struct of the columns `names` (of `NAMES`), after `prefix`, for every chain; null where there is none."""
    distinct = chains.unique().drop_nulls()
    rows = [facts(chain) for chain in distinct]
    columns = {prefix + name: pl.Series([row.get(name) for row in rows], dtype=EVENT[name]) for name in names}
    known = pl.DataFrame({"chain": distinct, **columns})
    found = pl.DataFrame({"chain": chains.rename("chain")}).join(
        known, on="chain", how="left", maintain_order="left"
    )
    return found.drop("chain").to_struct(chains.name)


def struct_type(names: Sequence[str], prefix: str = "") -> pl.Struct:
    """The type of what `described` gives."""
    return pl.Struct({prefix + name: EVENT[name] for name in names})


@lru_cache(_KEPT)
def facts(chain: str) -> dict[str, Any]:
    """The columns of `NAMES` that are known of the first element; empty for a chain that says nothing."""
    parts = parsed(chain)
    if not parts:
        return {}
    target, above = parts[0], parts[1:]
    node, name = target.node, selector(parts)
    kind, form = field_type(node), _form(parts)
    found = {f"el_{key}": value for key, value in outline(target, is_typed=_in_editor(above)).items()}
    answers = any(_answers(part) for part in parts[: NEAR + 1] if part.tag not in _PAGE)
    is_disabled = any(is_off(part.node) for part in parts[: NEAR + 1])
    outlines = [outline(part, is_typed=_in_editor(parts[at:])) for at, part in enumerate(parts[1:], start=1)]
    return found | {
        "target": name,
        "el_name": masked(target.attributes.get("name", "")),
        "el_attrs": _json(found["el_attrs"]),
        "el_ancestors": _json([{k: v for k, v in one.items() if v} for one in outlines[:ANCESTORS]]),
        "el_interactive": answers or None,
        "el_disabled": is_disabled,
        "form": form,
        "field": _field(target, name) if kind else None,
        "field_type": kind,
    }


def parsed(chain: str) -> list[Part]:
    """The elements, target first, of either form. What cannot be read is left out."""
    chain = chain[:MOST_CHARACTERS] if not chain.startswith("[") else chain
    return _listed(chain) if chain.startswith("[") else [_part(text) for text in islice(_cut(chain), MOST_ELEMENTS)]


def selector(parts: Sequence[Part]) -> str:
    """The stable name of the first element: at most five levels, from the nearest stable id on."""
    levels: list[str] = []
    for part in parts[:LEVELS]:
        if levels and part.tag in _PAGE:
            break
        name, is_anchor = _level(part)
        levels.append(name)
        if is_anchor:
            break
    return " > ".join(reversed(levels))


def outline(part: Part, *, is_typed: bool = False) -> dict[str, Any]:
    """What may be told about one element; its text unless it is a visitor's."""
    node, given = part.node, part.attributes
    return {
        "tag": part.tag,
        "id": masked(given.get("id", "")),
        "classes": part.classes,
        "role": given.get("role"),
        "type": given.get("type"),
        "text": None if is_typed or is_editable(node) else _text(part),
        "aria_label": masked(given.get("aria-label", "")),
        "href": masked_href(given.get("href", "")) or None,
        "attrs": shown_attributes(node),
    }


def _cut(chain: str) -> Iterator[str]:
    """The texts of the single elements; an open quote reaches to the end."""
    piece: list[str] = []
    for token in (*_TOKEN.findall(chain), ";"):
        if token != ";":
            piece.append(token)
        elif text := "".join(piece).strip():
            yield text
            piece = []


@lru_cache(_KEPT)
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
    return [_object(one) for one in found[:MOST_ELEMENTS] if isinstance(one, dict)] if isinstance(found, list) else []


def _object(one: dict[str, Any]) -> Part:
    classes = one.get("attr_class") or one.get("classes") or ""
    nested = one.get("attributes")
    given = {key: _plain(value) for key, value in {**one, **(nested if isinstance(nested, dict) else {})}.items()}
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


def _level(part: Part) -> tuple[str, bool]:
    """The name of one level, and whether a stable id ends the way up.

    A place above one proves that a sibling has the same tag; the first place proves nothing and is left out.
    """
    own = part.attributes.get("id", "")
    if is_stable(own):
        return f"{part.tag}#{_STRANGE.sub(lambda found: chr(92) + found.group(), own)}", True
    given = ((key, part.attributes.get(key, "")) for key in NAMED)
    named = next((f'[{key}="{value}"]' for key, value in given if is_stable(value)), "")
    place = f":nth-of-type({part.nth})" if part.nth > 1 and not named else ""
    return part.tag + stable_classes(part.attributes.get("class", "")) + place + named, False


def _text(part: Part) -> str | None:
    """The words of an element: of a button-like input its caption, of any other field none."""
    if part.tag == "input":
        is_caption = part.attributes.get("type", "").lower() in _CAPTIONS
        return masked(part.attributes.get("value", "") or part.text) if is_caption else None
    return None if part.tag in {"select", "textarea"} else masked(part.text)


def _in_editor(parts: Sequence[Part]) -> bool:
    return any(is_editable(part.node) for part in parts)


def _answers(part: Part) -> bool:
    """Interactive by tag, role, handler, focus order or cursor."""
    given = part.attributes
    if part.tag in TAGS or given.get("role", "").lower() in ROLES or "onclick" in given:
        return True
    order = given.get("tabindex", "-")
    return not order.startswith("-") or is_editable(part.node) or bool(_POINTER.search(given.get("style", "")))


def _form(parts: Sequence[Part]) -> str | None:
    """How the form around (or being) the first element is called: by id, name or path, else its selector."""
    at = next((at for at, part in enumerate(parts) if part.tag == "form"), None)
    if at is None:
        return None
    given = parts[at].attributes
    named = masked(given.get("id", "")) or masked(given.get("name", ""))
    return named or masked_href(given.get("action", "")).partition("?")[0] or selector(parts[at:])


def _field(part: Part, name: str) -> str:
    """How a field is called: by name, id, test id, label or placeholder, else its selector."""
    keys = (*reversed(NAMED), "id", "aria-label", "placeholder")
    return next((found for key in keys if (found := masked(part.attributes.get(key, "")))), name)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
