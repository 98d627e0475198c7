"""What PostHog says about a clicked element, decided once per distinct chain of elements.

What a visitor typed is never part of it: no value of a field, no text of an editable element.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
import polars as pl

from friction.recordings.describe import ANCESTORS, NEAR
from friction.recordings.masking import masked, masked_href
from friction.recordings.nodes import ROLES, TAGS, field_type, is_editable, is_off
from friction.recordings.selectors import LEVELS, NAMED, is_stable, stable_classes
from friction.recordings.spoken import shown_attributes
from friction.schema import EVENT
from friction.sources.posthog_chain import KEPT, Part, parsed

NAMES: tuple[str, ...] = (
    *("target", "el_tag", "el_id", "el_role", "el_type", "el_name", "el_text", "el_aria_label", "el_href"),
    *("el_classes", "el_attrs", "el_ancestors", "el_interactive", "el_disabled"),
    *("form", "field", "field_type"),
)
"""Columns of the event table that a chain fills."""
_STRANGE = re.compile(r"[^\w-]")
_POINTER = re.compile(r"(?:^|;)\s*cursor\s*:\s*pointer")
_PAGE = frozenset({"html", "body"})
_CAPTIONS = frozenset({"submit", "button", "reset"})


def described(chains: pl.Series, names: Sequence[str], prefix: str = "") -> pl.Series:
    """A struct of the columns `names` (of `NAMES`), after `prefix`, for every chain; null for none."""
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


@lru_cache(KEPT // 2)
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
    return (
        not order.startswith("-") or is_editable(part.node) or bool(_POINTER.search(given.get("style", "")))
    )


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
